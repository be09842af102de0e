// Draws each <figure class="chart" data-chart="URL" data-loading="…" data-error="…">, from the top down, so that a page on paper has all.
// The bundle comes with the first, from data-plotly. Colours and faces of a figure may be names of tokens: "var(--value)".
(() => {
  const bundle = document.currentScript.dataset.plotly;
  const drawn = new Map();
  const config = {
    displaylogo: false, showSendToCloud: false, responsive: true, displayModeBar: "hover",
    modeBarButtons: [["toImage"]], toImageButtonOptions: { format: "png", scale: 2 },
    locale: document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en",
  };

  let loading;
  const load = () => loading ??= window.Plotly ? Promise.resolve() : new Promise((done, failed) => {
    document.head.append(Object.assign(document.createElement("script"), { src: bundle, onload: done, onerror: failed }));
  });

  // Charts are designed for the page's normal text; at another text size they grow with it.
  const times = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 15, grows = new Set(["size", "l", "r", "t", "b"]);

  // The browser itself resolves the names, so light-dark(), fallbacks and tokens made of tokens work too.
  function resolve(part, probe, key) {
    if (typeof part === "number") return grows.has(key) ? part * times() : part;
    if (typeof part === "string") {
      if (!part.startsWith("var(--")) return part;
      if (key === "family") return getComputedStyle(probe).fontFamily;
      probe.style.color = part;
      return getComputedStyle(probe).color;
    }
    if (Array.isArray(part)) return part.map((one) => resolve(one, probe));
    if (part === null || typeof part !== "object") return part;
    return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, resolve(one, probe, key)]));
  }

  const address = (event) => {
    const url = [].concat(event.points[0].customdata)[0];
    return typeof url === "string" && /^\/(?![/\\])/.test(url) ? url : null;
  };

  async function draw(plot, figure) {
    const { data, layout } = resolve(figure, plot);
    plot.style.height = `${plot.dataset.height * times()}px`;
    await Plotly.react(plot, data, { ...layout, height: undefined, autosize: true }, config);
  }

  function place(holder) {
    const plot = Object.assign(document.createElement("div"), { className: "chart-plot" });
    plot.dataset.loading = holder.dataset.loading ?? "";
    holder.prepend(plot);
    return plot;
  }

  async function start(plot) {
    const holder = plot.parentNode, room = holder.clientHeight;
    try {
      const [answer] = await Promise.all([fetch(holder.dataset.chart, { credentials: "same-origin" }), load()]);
      if (!answer.ok) throw new Error(`${answer.status} ${holder.dataset.chart}`);
      const figure = await answer.json();
      plot.dataset.height = holder.dataset.height ?? figure.layout.height ?? (room ? room / times() : 352);
      holder.style.minHeight = 0;
      await draw(plot, figure);
      drawn.set(plot, figure);
      plot.on("plotly_click", (event) => address(event) && window.location.assign(address(event)));
      plot.on("plotly_hover", (event) => plot.classList.toggle("chart-link", Boolean(address(event))));
    } catch {
      const text = Object.assign(document.createElement("p"), { className: "chart-error", textContent: holder.dataset.error });
      text.setAttribute("role", "alert");
      plot.replaceWith(text);
    }
  }

  async function watch() {
    for (const plot of [...document.querySelectorAll("figure.chart[data-chart]:empty")].map(place)) await start(plot);
  }
  const redraw = () => drawn.forEach((figure, plot) => (plot.isConnected ? draw(plot, figure) : drawn.delete(plot)));

  for (const query of ["(prefers-color-scheme: dark)", "print"]) matchMedia(query).addEventListener("change", redraw);
  new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme", "data-text"] });
  document.addEventListener("htmx:load", watch);
  watch();
})();
