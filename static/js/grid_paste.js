// A block from a spreadsheet, laid onto the lines that are shown, from the focused cell on. What does not fit is told, never dropped.
const COLUMNS = ["value", "source", "note"];

// Tab-separated lines as spreadsheets write them: a cell with a break, a tab or a quotation mark stands in quotation marks.
export function parseBlock(text) {
  const lines = [[]];
  const cell = /"((?:[^"]|"")*)"(?=\t|\r?\n|$)|([^\t\r\n]*)/y;
  const whole = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let place = 0; place <= whole.length; ) {
    cell.lastIndex = place;
    const [found, quoted, plain] = cell.exec(whole);
    lines[lines.length - 1].push((quoted === undefined ? plain : quoted.replace(/""/g, '"')).replace(/\s*\n\s*/g, " ").trim());
    place += found.length;
    if (whole[place] === "\n") lines.push([]);
    place += 1;
  }
  return lines;
}

export function listenToPaste(sheet, told) {
  sheet.table.addEventListener("paste", (event) => {
    const input = event.target.closest("input[data-column]");
    const text = event.clipboardData.getData("text/plain");
    if (!input || !/[\t\r\n]/.test(text)) return; // a plain word goes where the caret is
    event.preventDefault();
    told(lay(sheet, input, parseBlock(text)));
    input.select();
  });
}

function lay(sheet, input, block) {
  const lines = sheet.shown(), top = lines.indexOf(input.closest("tr")), left = COLUMNS.indexOf(input.dataset.column);
  const changes = [], found = { beyond: [], locked: [], long: [] };
  block.forEach((texts, down) => texts.forEach((text, across) => {
    const line = lines[top + down], column = COLUMNS[left + across], place = line && column && sheet.input(line, column);
    if (place && text.length <= place.maxLength) changes.push([place, text]);
    else if (place) found.long.push(text);
    else if (text && line && column) locked(text) || found.locked.push(text);
    else if (text) found.beyond.push(text);
  }));
  sheet.set(changes);
  return { ...found, pasted: changes.length };
}

// What a template says in a line that is not due yet says nothing new.
const locked = (text) => /^(未到期|not (yet )?due( yet)?)$/i.test(text);
