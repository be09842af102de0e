// Keys as in a spreadsheet. A cell walked onto is replaced by typing; F2 or a second click edits its text, then left, right, Home and
// End move in the text. Letters being composed (Chinese input) are left to the input method.
import { walk } from "./grid_sheet.js";

const MOVES = {
  ArrowUp: (sheet, input) => sheet.from(input, -1, 0),
  ArrowDown: (sheet, input) => sheet.from(input, 1, 0),
  ArrowLeft: (sheet, input) => sheet.from(input, 0, -1),
  ArrowRight: (sheet, input) => sheet.from(input, 0, 1),
  Home: (sheet, input, whole) => sheet.edge(input, false, whole),
  End: (sheet, input, whole) => sheet.edge(input, true, whole),
};
const IN_TEXT = new Set(["ArrowLeft", "ArrowRight", "Home", "End"]);

export function listenToKeys(sheet, findings, undone) {
  let editing = false, typed = false;

  const enter = (input) => { sheet.before = input.value; editing = typed = false; };
  const commit = (input) => { if (input.value !== sheet.before) sheet.remember([[input, sheet.before]]); enter(input); };
  const edit = (input) => { editing = true; input.setSelectionRange(input.value.length, input.value.length); };

  const special = {
    F2: edit,
    Escape: (input) => { sheet.write(input, sheet.before); enter(input); input.select(); },
    Delete: (input) => { commit(input); sheet.set([[input, ""]]); enter(input); },
    Enter: (input, event) => { commit(input); walk(sheet.from(input, event.shiftKey ? -1 : 1, 0) ?? input); },
    F8: (input, event) => findings.jump(event.shiftKey ? -1 : 1),
  };

  const chosen = (input, event) => {
    if (event.isComposing || event.keyCode === 229 || event.altKey) return null;
    const control = event.ctrlKey || event.metaKey;
    if (control && event.key.toLowerCase() === "z" && !typed) return () => { undone(sheet.undo()); enter(document.activeElement); };
    if (MOVES[event.key] && !event.shiftKey && (!control || ["Home", "End"].includes(event.key)) && !(editing && IN_TEXT.has(event.key)))
      return () => { commit(input); walk(MOVES[event.key](sheet, input, control) ?? input); };
    if (control || (event.key === "Delete" && (editing || typed))) return null;
    return special[event.key] ? () => special[event.key](input, event) : null;
  };

  const onCell = (listen) => (event) => event.target.matches?.("input[data-column]") && listen(event.target, event);
  sheet.table.addEventListener("focusin", onCell((input) => { enter(input); input.select(); }));
  sheet.table.addEventListener("focusout", onCell(commit));
  sheet.table.addEventListener("input", onCell((input) => { typed = true; sheet.onChange(input); }));
  sheet.table.addEventListener("mousedown", onCell((input) => { if (document.activeElement === input) editing = true; }));
  sheet.table.addEventListener("mouseup", onCell((input, event) => { if (!editing) { event.preventDefault(); input.select(); } }));
  sheet.table.addEventListener("keydown", onCell((input, event) => {
    const act = chosen(input, event);
    if (!act) return;
    event.preventDefault();
    act();
  }));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F8" || event.target.matches?.("input[data-column]")) return;
    event.preventDefault();
    findings.jump(event.shiftKey ? -1 : 1);
  });
}
