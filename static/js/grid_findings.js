// What the check says, at the cell it is about. The check runs by itself after a pause while it is quick, and always by its button.
import { said, tidy } from "./grid_conflicts.js";

const QUICK = 300, PAUSE = 1200;

export class Findings {
  constructor(root, sheet, keeper, say) {
    Object.assign(this, { root, sheet, keeper, say, found: [], asked: 0, strict: false, quick: true });
    this.counts = { error: 0, warning: 0, note: 0, empty: 0 };
  }

  typed() { clearTimeout(this.timer); }

  soon() {
    clearTimeout(this.timer);
    if (this.quick && this.sheet.filled()) this.timer = setTimeout(() => this.check(false), PAUSE);
  }

  // Asks the server. `asked` by the person: from then on empty cells are findings too; before, they are cells not yet filled in.
  async check(asked) {
    const turn = ++this.asked, busy = document.getElementById("grid-busy");
    if (asked) { busy.hidden = false; await this.keeper.flush(); }
    const answer = await this.keeper.post(this.root.dataset.check, {});
    if (turn !== this.asked) return this.counts;
    busy.hidden = true;
    if (!answer.findings) { if (answer.status === 401) this.keeper.onSignedOut(); return null; }
    this.strict ||= asked;
    this.quick = answer.took < QUICK;
    this.show(answer.findings);
    return this.counts;
  }

  show(found) {
    const empty = found.filter((one) => one.rule === "missing_value").length;
    this.found = found.filter((one) => this.strict || one.rule !== "missing_value");
    for (const entry of this.sheet.table.querySelectorAll("li[data-rule]")) { const list = entry.parentNode; entry.remove(); tidy(list); }
    for (const input of this.sheet.inputs.values()) this.unmark(input);
    for (const one of this.found) this.place(one);
    const open = (severity) => this.found.filter((one) => one.severity === severity && !one.explained).length;
    this.counts = { error: open("error"), warning: open("warning"), note: open("note"), empty };
    for (const place of this.root.querySelectorAll("[data-count]")) {
      place.querySelector("b").textContent = this.counts[place.dataset.count];
      place.classList.toggle("grid-none", !this.counts[place.dataset.count]);
    }
    for (const name of ["next", "only"]) this.root.querySelector(`[data-do=${name}]`).disabled = !this.found.length;
    this.narrow();
  }

  unmark(input) {
    const list = document.getElementById(`said-${input.closest("tr").dataset.key}`);
    if (list) return;
    delete input.parentNode.dataset.severity;
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    input.placeholder = "";
  }

  place(one) {
    const line = this.sheet.line(one.key);
    if (!line) return;
    const list = said(this.sheet, line), entry = document.createElement("li"), words = document.createElement("span");
    entry.dataset.rule = one.rule;
    words.textContent = one.explained ? `${one.sentence} · ${this.say("explained")}` : one.sentence;
    entry.classList.toggle("grid-explained", one.explained);
    entry.append(document.getElementById(`said-${one.severity}`).content.cloneNode(true), words);
    entry.title = one.title;
    list.append(entry);
    const input = this.sheet.byKey(one.key, one.column) ?? this.sheet.byKey(one.key, "value");
    const mark = input.parentNode.dataset;
    if (!["error", "warning"].includes(mark.severity)) mark.severity = one.explained ? "note" : one.severity;
    input.setAttribute("aria-describedby", list.id);
    if (one.severity === "error") input.setAttribute("aria-invalid", "true");
    if (one.severity === "warning") this.sheet.byKey(one.key, "note").placeholder = this.say("explain");
  }

  summary() {
    const { error, warning, note, empty } = this.counts;
    if (error + warning + note === 0) return this.say("nothing");
    return this.say("found", { error, warning, note }) + (empty ? " " + this.say("empty", { count: empty }) : "");
  }

  // To the next cell with a finding, round the end; explained ones are passed over while others are open.
  jump(step) {
    const open = this.found.some((one) => !one.explained && one.severity !== "note");
    const wanted = this.found.filter((one) => !open || (!one.explained && one.severity !== "note"));
    const keys = new Set(wanted.map((one) => one.key));
    const lines = this.sheet.shown().filter((line) => keys.has(line.dataset.key));
    if (!lines.length) return;
    const here = document.activeElement, ways = step > 0 ? lines : lines.reverse();
    const [AFTER, BEFORE] = [Node.DOCUMENT_POSITION_FOLLOWING, Node.DOCUMENT_POSITION_PRECEDING];
    const ahead = (line) => !line.contains(here) && here.compareDocumentPosition(line) & (step > 0 ? AFTER : BEFORE);
    this.sheet.input(ways.find(ahead) ?? ways[0], "value").focus();
  }

  filter(button) {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    this.narrow();
  }

  narrow() {
    const button = this.root.querySelector("[data-do=only]");
    const only = button.getAttribute("aria-pressed") === "true" && this.found.length > 0;
    const quiet = (line) => !line.contains(document.activeElement) && !line.nextElementSibling?.matches(".line-said");
    if (!only) button.setAttribute("aria-pressed", "false");
    for (const line of this.sheet.lines) line.hidden = only && quiet(line);
    for (const head of this.sheet.table.querySelectorAll("tr.group")) {
      let line = head.nextElementSibling, any = false;
      for (; line && !line.matches(".group"); line = line.nextElementSibling) any ||= line.matches(".line") && !line.hidden;
      head.hidden = !any;
    }
  }
}
