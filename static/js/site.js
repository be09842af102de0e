// What a page needs before it is drawn, and little more: the reader's colours and text size, menus that close.
"use strict";
{
  const root = document.documentElement;
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  const other = {
    theme: () => (dark() ? "light" : "dark"),
    text: () => (root.dataset.text === "large" ? "normal" : "large"),
  };

  const remembered = (name) => {
    try { return localStorage.getItem(name); } catch { return null; } // storage may be forbidden
  };

  const choose = (name, value) => {
    root.dataset[name] = value; // charts watch it and redraw
    try { localStorage.setItem(name, value); } catch { /* the choice then lasts for this page */ }
  };

  const closeMenus = (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (event.key === "Escape") menu.querySelector("summary").focus();
      else if (menu.contains(event.target)) continue;
      menu.open = false;
    }
  };

  const speakOurLanguage = (input) => { // the browser's own words for a file are in its language, not in the page's
    const [box, button, name] = ["span", "span", "span"].map((tag) => document.createElement(tag));
    const tell = () => { name.textContent = [...input.files].map((file) => file.name).join(", ") || document.body.dataset.noFile; };
    [box.className, button.className, button.textContent] = ["picker", "picker-button", document.body.dataset.chooseFile];
    button.setAttribute("aria-hidden", "true");
    input.before(box);
    box.append(button, name, input);
    input.addEventListener("change", tell);
    tell();
  };

  for (const name of Object.keys(other)) if (remembered(name)) root.dataset[name] = remembered(name);

  document.addEventListener("DOMContentLoaded", () => {
    const here = document.querySelector(".nav [aria-current]");
    if (here) here.closest("ul").scrollLeft = here.offsetLeft - 16; // on a phone the menu is wider than the screen
    document.querySelectorAll('input[type="file"]').forEach(speakOurLanguage);
    for (const button of document.querySelectorAll("button[data-choice]")) {
      button.hidden = false; // without a script there is nothing to press
      button.addEventListener("click", () => choose(button.dataset.choice, other[button.dataset.choice]()));
    }
  });
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeMenus(event));
}
