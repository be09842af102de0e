// The table as a sheet: its lines and inputs, moving among them, setting texts, undoing.
const COLUMNS = ["value", "source", "note"];
export const idOf = (input) => input.name; // "indicator/area:column"

export class Sheet {
  constructor(table) {
    this.table = table;
    this.lines = [...table.querySelectorAll("tr.line")];
    this.inputs = new Map([...table.querySelectorAll("input")].map((input) => [idOf(input), input]));
    this.past = []; // what undo puts back: lists of [input, text before]
    this.before = ""; // what stood in the focused cell when it was last remembered
    this.onChange = () => {};
  }

  input(line, column) { return line?.querySelector(`input[data-column="${column}"]`); }
  byKey(key, column) { return this.inputs.get(`${key}:${column}`); }
  line(key) { return this.lines.find((line) => line.dataset.key === key); }
  shown() { return this.lines.filter((line) => !line.hidden); }
  filled() { return [...this.inputs.values()].filter((input) => input.dataset.column === "value" && input.value.trim()).length; }

  // The input `down` lines and `across` columns away; lines that are not due are stepped over. Nothing beyond the edges.
  from(input, down, across) {
    const lines = this.shown(), column = COLUMNS[COLUMNS.indexOf(input.dataset.column) + across];
    let place = lines.indexOf(input.closest("tr"));
    if (!column) return null;
    do place += down; while (down && lines[place] && !this.input(lines[place], column));
    return this.input(lines[place], column) ?? null;
  }

  edge(input, last, whole) {
    const lines = this.shown().filter((line) => this.input(line, "value"));
    const line = whole ? lines[last ? lines.length - 1 : 0] : input.closest("tr");
    return this.input(line, COLUMNS[last ? COLUMNS.length - 1 : 0]);
  }

  // Set texts in one stroke, which undo takes back in one stroke. `changes`: [input, text].
  set(changes) {
    const real = changes.filter(([input, text]) => input.value !== text);
    this.remember(real.map(([input]) => [input, input.value]));
    for (const [input, text] of real) this.write(input, text);
    return real.length;
  }

  remember(before) { if (before.length) this.past.push(before); }

  write(input, text) {
    input.value = text;
    if (input === document.activeElement) this.before = text;
    this.onChange(input);
  }

  undo() {
    const before = this.past.pop() ?? [];
    for (const [input, text] of before) this.write(input, text);
    before[0]?.[0].focus();
    return before.length;
  }
}

// A cell that is walked onto shows all its text marked, so that typing replaces it.
export const walk = (input) => {
  input.focus();
  input.select();
};
