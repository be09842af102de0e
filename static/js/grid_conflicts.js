// Two windows have changed one cell: both texts are shown below it, and the person chooses.
export const said = (sheet, line) => {
  const next = line.nextElementSibling;
  if (next?.classList.contains("line-said")) return next.querySelector("ul");
  const row = document.createElement("tr"), head = document.createElement("td"), cell = document.createElement("td");
  row.className = "line-said";
  head.className = "line-said-head";
  cell.colSpan = line.cells.length - 1;
  cell.append(document.createElement("ul"));
  cell.firstChild.id = `said-${line.dataset.key}`;
  row.append(head, cell);
  line.after(row);
  return cell.firstChild;
};

// A row of sentences that holds none goes away.
export const tidy = (list) => { if (!list.children.length) list.closest("tr").remove(); };

const button = (text, act) => {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "button button-plain", textContent: text });
  made.addEventListener("click", act);
  return made;
};

export const choices = (sheet, keeper, say) => (conflict) => {
  const { key, column, theirs } = conflict, id = `${key}:${column}`, input = sheet.inputs.get(id), list = said(sheet, sheet.line(key));
  const settle = (text) => {
    keeper.conflicts.delete(id);
    keeper.base.set(id, theirs);
    keeper.drop(id);
    entry.remove();
    tidy(list);
    input.removeAttribute("aria-invalid");
    sheet.write(input, text);
    input.focus();
    keeper.flush();
  };
  const entry = document.createElement("li");
  const sentence = document.createElement("span");
  sentence.textContent = say("theirs", { ...conflict, text: theirs || say("nothingThere") });
  entry.dataset.conflict = id;
  entry.append(document.getElementById("said-conflict").content.cloneNode(true), sentence, button(say("take"), () => settle(theirs)),
    button(say("keep", { text: input.value || say("nothingThere") }), () => settle(input.value)));
  list.querySelector(`[data-conflict="${CSS.escape(id)}"]`)?.remove();
  list.prepend(entry);
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", list.id);
};
