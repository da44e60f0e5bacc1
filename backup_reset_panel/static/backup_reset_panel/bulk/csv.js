// SPDX-License-Identifier: Apache-2.0
// A plan or a run as CSV: the change ticket, and what came of it. Pure: rows in, text out.

const COLUMNS = ["id", "name", "project", "from", "age", "to", "verdict", "why", "also", "left_out"];
const NOTHING = { class: "", said: "", repairs: [], request_id: "" };

// isBegun: whether the run was begun, so that a row without a result was not sent.
export function csv(rows, isBegun) {
  const head = [...COLUMNS, "result", "said", "repairs", "request_id"];
  const lines = rows.map((row) => {
    const result = row.result || { ...NOTHING, class: isBegun && row.token ? "not_sent" : "" };
    return [...COLUMNS.map((column) => row[column]), result.class, result.said, result.repairs.join(" "), result.request_id];
  });
  return [head, ...lines].map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
}

// A =, +, - or @, narrow or wide, makes a formula of a cell that begins with it; and of the part behind a semicolon, tab or
// line break, where a spreadsheet takes that for the end of a cell.
export function quoted(value) {
  const safe = String(value).replace(/(^|[;\t\r\n])(\s*)(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g, "$1$2'");
  return `"${(/^[\t\r\n]/.test(safe) ? `'${safe}` : safe).replaceAll('"', '""')}"`;
}
