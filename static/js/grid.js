// The browser's grid: a task's form typed like a spreadsheet. This file brings its parts together; each part has a file of its own.
import { Findings } from "./grid_findings.js";
import { listenToKeys } from "./grid_keys.js";
import { listenToPaste } from "./grid_paste.js";
import { Keeper } from "./grid_saving.js";
import { Sheet } from "./grid_sheet.js";
import { choices } from "./grid_conflicts.js";

const root = document.getElementById("grid");
const message = document.getElementById("grid-message");
const texts = document.getElementById("grid-texts").dataset;
const say = (name, values = {}) => texts[name].replace(/\{(\w+)\}/g, (_, place) => values[place] ?? "");
const announce = (...lines) => message.replaceChildren(...lines.filter(Boolean).map((line) =>
  line instanceof Node ? line : Object.assign(document.createElement("p"), { textContent: line })));

const sheet = new Sheet(root.querySelector(".sheet"));
const keeper = new Keeper(root, sheet, say);
const findings = new Findings(root, sheet, keeper, say);
const resolve = choices(sheet, keeper, say);

const fill = () => { root.querySelector("[data-filled]").textContent = sheet.filled(); };
sheet.onChange = (input) => { keeper.changed(input); findings.typed(); fill(); };
keeper.onConflict = (conflicts, sentence) => { conflicts.forEach(resolve); announce(sentence); };
keeper.onSaved = () => { findings.soon(); fill(); };
const login = `${root.dataset.login}?next=${encodeURIComponent(location.pathname)}`;
const link = { href: login, target: "_blank", rel: "noopener", textContent: say("signIn") };
keeper.onSignedOut = () => announce(say("stale"), Object.assign(document.createElement("a"), link));

listenToKeys(sheet, findings, (count) => announce(count && say("undone", { count })));
const quoted = (text) => `“${text}”`;
listenToPaste(sheet, (found) => announce(
  say("pasted", { count: found.pasted }),
  ...["beyond", "locked", "long"].map((why) => found[why].length && say(why, { texts: found[why].map(quoted).join(" ") })),
));

const acts = {
  again: () => keeper.flush(),
  check: async () => { const counts = await findings.check(true); announce(counts ? findings.summary() : say("noCheck")); },
  next: () => findings.jump(1),
  only: (button) => findings.filter(button),
  send: async () => {
    await keeper.flush();
    if (keeper.conflicts.size) announce(say("unresolved"));
    else if (keeper.pending.size) announce(say("unsent"));
    else document.getElementById("grid-send").submit();
  },
};
root.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  if (button) acts[button.dataset.do](button);
});
for (const part of root.querySelectorAll("[data-needs-script]")) part.hidden = false;

const returned = keeper.bringBack();
if (returned) announce(say("returned", { count: returned }));
fill();
findings.soon();
