// SPDX-License-Identifier: Apache-2.0
// A plan or a run as CSV: the change ticket, and what came of it. Pure: rows in, text out.

const COLUMNS = [
  "id", "name", "project_id", "project", "volume_id", "host", "from", "changed_at", "age", "to", "verdict", "why", "also",
  "left_out", "planned_at",
];
const RESULT = ["result", "said", "repairs", "request_id", "result_at"];
const NOTHING = { class: "", said: "", repairs: [], request_id: "" };

// isBegun: whether the run was begun, so that a row without a result was not sent. by: who saves it, user and region.
export function csv(rows, isBegun, by) {
  const head = [...COLUMNS, ...RESULT, "user", "region"];
  const lines = rows.map((row) => {
    const isToCome = isBegun && (row.token || row.isPlanned);
    const result = row.result || { ...NOTHING, class: isToCome ? "not_sent" : "" };
    return [
      ...COLUMNS.map((column) => row[column] ?? ""),
      result.class, result.said, result.repairs.join(" "), result.request_id, result.at ?? "",
      by.user, by.region,
    ];
  });
  return [head, ...lines].map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
}

// What the file is called: a plan and its results have different names, and so have those of another day or region.
export function fileName(isBegun, region, date) {
  const moment = date.toISOString().replace(/\.\d+/, "").replace(/[-:]/g, "");
  const place = region.replace(/[^\w.-]+/g, "_").slice(0, 60);
  return [isBegun ? "backup-results" : "backup-plan", place, moment].filter(Boolean).join("-").concat(".csv");
}

// A =, +, - or @, narrow or wide, makes a formula of a cell that begins with it; and of the part behind a semicolon, where
// a spreadsheet takes that for the end of a cell. core/quoting.py does the same.
export function quoted(value) {
  const safe = spelled(String(value)).replace(/(^|;)(\s*)(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g, "$1$2'");
  return `"${safe.replaceAll('"', '""')}"`;
}

// What moves a terminal's cursor, ends a line or turns the direction of writing is spelled out.
function spelled(text) {
  return text.replace(/[\p{Cc}\p{Cs}\u2028-\u202E\u2066\u2067]/gu, (found) => {
    const code = found.charCodeAt(0);
    const short = { 9: "\\t", 10: "\\n", 13: "\\r" }[code];
    return short ?? (code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`);
  });
}
