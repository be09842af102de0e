// Keeps what is typed: at once on this computer, a moment later on the server. What the server has not confirmed stays here, by person,
// task and cell, and is sent again: after a while, when the connection is back, when the page is opened anew.
import { idOf } from "./grid_sheet.js";

const PAUSE = 800, LONGEST_WAIT = 60000;
const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]").value;

export class Keeper {
  constructor(root, sheet, say) {
    Object.assign(this, { root, sheet, say, version: Number(root.dataset.version), wait: 0, sending: null });
    this.prefix = `qhenv-grid:${root.dataset.user}:${root.dataset.task}:`;
    this.base = new Map([...sheet.inputs].map(([id, input]) => [id, input.defaultValue])); // what the server has
    this.pending = new Map(); // id → {text, was}
    this.conflicts = new Map(); // id → what somebody else wrote there
    this.onConflict = this.onSaved = this.onSignedOut = () => {};
    addEventListener("online", () => this.flush());
    addEventListener("focus", () => this.pending.size && this.flush());
    addEventListener("pagehide", () => this.pending.size && this.flush());
    addEventListener("beforeunload", (event) => { if (this.pending.size) { event.preventDefault(); event.returnValue = ""; } });
  }

  // What was typed here and never confirmed; returns how many cells.
  bringBack() {
    for (const [id, input] of this.sheet.inputs) {
      const kept = JSON.parse(this.storage((store) => store.getItem(this.prefix + id)) ?? "null");
      if (kept && kept.text === this.base.get(id)) this.drop(id);
      else if (kept) { this.pending.set(id, kept); input.value = kept.text; }
    }
    if (this.pending.size) this.flush();
    return this.pending.size;
  }

  changed(input) {
    const id = idOf(input), text = input.value.trim();
    const was = this.pending.get(id)?.was ?? this.base.get(id);
    if (this.conflicts.has(id)) return this.keep(id, { text, was });
    if (text === was && !this.sending) this.drop(id);
    else this.keep(id, { text, was });
    this.show(this.pending.size ? "typing" : "saved");
    if (this.pending.size) this.later(PAUSE);
  }

  keep(id, change) {
    this.pending.set(id, change);
    this.kept = this.storage((store) => { store.setItem(this.prefix + id, JSON.stringify(change)); return true; });
  }

  drop(id) {
    const mine = this.pending.get(id), place = this.prefix + id;
    this.pending.delete(id);
    this.storage((store) => { // another window may keep its own text there
      if (!mine || JSON.parse(store.getItem(place) ?? "{}").text === mine.text) store.removeItem(place);
    });
  }

  storage(use) { try { return use(localStorage); } catch { return null; } } // it may be forbidden or full

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), pause);
  }

  // Send all that is pending; resolves when it is confirmed or cannot be.
  async flush() {
    clearTimeout(this.timer);
    if (this.sending) { await this.sending; return this.flush(); }
    const sent = [...this.pending].filter(([id]) => !this.conflicts.has(id));
    if (!sent.length) return undefined;
    this.show("saving");
    this.sending = this.post(this.root.dataset.cells, { version: this.version, changes: sent.map(([id, { text, was }]) => {
      const [key, column] = id.split(":");
      return { key, column, text, was };
    }) }).finally(() => { this.sending = null; });
    return this.answered(await this.sending, sent);
  }

  // A status and, where there is one, the JSON body; status 0 where nobody answers.
  async post(address, body) {
    try {
      const text = JSON.stringify({ ...body, user: Number(this.root.dataset.user) });
      const headers = { "Content-Type": "application/json", "X-CSRFToken": token() };
      const keepalive = text.length < 20000; // a browser takes only little with it when the page goes away
      const answer = await fetch(address, { method: "POST", headers, body: text, credentials: "same-origin", keepalive });
      const isJson = answer.headers.get("Content-Type")?.includes("json");
      return { status: answer.status, ...(isJson ? await answer.json() : {}) };
    } catch { return { status: 0 }; }
  }

  answered(answer, sent) {
    if (answer.version === undefined) return this.refused(answer);
    const conflicts = new Map((answer.conflicts ?? []).map((one) => [`${one.key}:${one.column}`, one]));
    for (const [id, { text }] of sent) {
      if (conflicts.has(id)) { this.conflicts.set(id, conflicts.get(id)); continue; }
      this.base.set(id, text);
      if (this.pending.get(id)?.text === text) this.drop(id);
      else if (this.pending.has(id)) this.keep(id, { ...this.pending.get(id), was: text });
    }
    Object.assign(this, { version: answer.version, wait: 0 });
    if (answer.cells) this.follow(answer.cells);
    if (conflicts.size) this.onConflict([...conflicts.values()], answer.detail);
    this.show(this.pending.size ? "typing" : "saved", { time: answer.at });
    if (this.pending.size > this.conflicts.size) this.later(PAUSE);
    return this.onSaved();
  }

  // Another window has saved: show its cells, except where something is being typed here.
  follow(cells) {
    for (const [id, input] of this.sheet.inputs) {
      const [key, column] = id.split(":"), text = cells[key]?.[column] ?? "";
      if (this.pending.has(id)) continue;
      if (input.value.trim() === this.base.get(id)) input.value = text;
      this.base.set(id, text);
    }
  }

  refused(answer) {
    const signedOut = answer.status === 401 || (answer.status === 403 && !answer.detail);
    const waits = !answer.status || answer.status >= 500;
    this.show(this.kept === null ? "forbidden" : "offline", {}, answer.status >= 500 ? this.say("failed") : answer.detail);
    if (signedOut) this.onSignedOut();
    if (waits) this.later((this.wait = Math.min(Math.max(this.wait * 2, 2000), LONGEST_WAIT)));
  }

  show(state, values = {}, detail = "") {
    const place = document.getElementById("grid-state");
    place.dataset.state = state;
    place.textContent = [this.say(state, values), detail].filter(Boolean).join(" · ");
    this.root.querySelector("[data-do=again]").hidden = !["offline", "forbidden"].includes(state);
  }
}
