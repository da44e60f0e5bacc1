// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { test } from "node:test";

import { csv, fileName, quoted } from "../../backup_reset_panel/static/backup_reset_panel/bulk/csv.js";
import { planned, result } from "./rows.js";

const BY = { user: "ann", region: "RegionOne" };

// The cell of a line that stands below the name of its column.
function cell(text, number, name) {
  const [head, ...rest] = lines(text);
  return cells(rest[number])[cells(head).indexOf(name)];
}

function cells(line) {
  return line.slice(1, -1).split('","');
}

function lines(text) {
  return text.split("\r\n");
}

test("a plan has a line for its columns, one a row, and ends each with CR LF", () => {
  const text = csv([planned({ id: "one" }), planned({ id: "two" })], false, BY);
  assert.deepEqual(lines(text).map((line) => cells(line)[0]), ["id", "one", "two", ""]);
  assert.equal(cells(lines(text)[0]).length, cells(lines(text)[1]).length);
});

test("a line has what a change ticket asks for: ids, host, times, user and region", () => {
  const row = planned({
    project_id: "p-1", volume_id: "v-1", host: "node-1", changed_at: "2026-01-02T03:04:05+00:00", planned_at: "2026-01-02T06:00:00+00:00",
    result: result({ at: "2026-01-02T06:01:00+00:00" }),
  });
  const text = csv([row], true, BY);
  const told = ["project_id", "volume_id", "host", "changed_at", "planned_at", "result_at", "user", "region"].map((name) => cell(text, 0, name));
  assert.deepEqual(told, [
    "p-1", "v-1", "node-1", "2026-01-02T03:04:05+00:00", "2026-01-02T06:00:00+00:00", "2026-01-02T06:01:00+00:00", "ann", "RegionOne",
  ]);
});

test("names of users and regions make no formula either", () => {
  const text = csv([planned()], false, { user: "=1+1", region: "@x" });
  assert.deepEqual([cell(text, 0, "user"), cell(text, 0, "region")], ["'=1+1", "'@x"]);
});

test("a row of a plan has no result", () => {
  const text = csv([planned()], false, BY);
  const names = ["result", "said", "repairs", "request_id", "result_at"];
  assert.deepEqual(names.map((name) => cell(text, 0, name)), ["", "", "", "", ""]);
});

test("a row that a begun run has not reached was not sent, also one that was kept; one that was left out was never to be", () => {
  const rows = [planned(), planned({ token: "", isPlanned: true }), planned({ token: "", left_out: "May be live" })];
  const text = csv(rows, true, BY);
  assert.deepEqual(rows.map((row, number) => cell(text, number, "result")), ["not_sent", "not_sent", ""]);
});

test("a result stands with its repairs and the request id", () => {
  const done = planned({ result: result({ said: "Available", repairs: ["Volume freed.", "Snapshot freed."], request_id: "req-1" }) });
  const text = csv([done], true, BY);
  const told = ["result", "said", "repairs", "request_id"].map((name) => cell(text, 0, name));
  assert.deepEqual(told, ["applied", "Available", "Volume freed. Snapshot freed.", "req-1"]);
});

for (const [isBegun, region, expected] of [
  [false, "RegionOne", "backup-plan-RegionOne-20260102T030405Z.csv"],
  [true, "RegionOne", "backup-results-RegionOne-20260102T030405Z.csv"],
  [true, "", "backup-results-20260102T030405Z.csv"],
  [false, "../../a b:c", "backup-plan-.._.._a_b_c-20260102T030405Z.csv"],
]) {
  test(`${isBegun ? "results" : "a plan"} of region ${JSON.stringify(region)} are saved as ${expected}`, () => {
    assert.equal(fileName(isBegun, region, new Date("2026-01-02T03:04:05.678Z")), expected);
  });
}

for (const [value, expected] of [
  ["plain", '"plain"'],
  [7, '"7"'],
  ['a "name"', '"a ""name"""'],
  ["a, b", '"a, b"'],
  ["=1+1", "\"'=1+1\""],
  ["+1", "\"'+1\""],
  ["-1", "\"'-1\""],
  ["@SUM(A1)", "\"'@SUM(A1)\""],
  ["\uFF1D1", "\"'\uFF1D1\""],
  ["  =1", "\"  '=1\""],
  ["a;=1", "\"a;'=1\""],
  ["  =1;  @x", "\"  '=1;  '@x\""],
  ["\u00A0=1", "\"\u00A0'=1\""],
  ["a\n=1", '"a\\n=1"'],
  ["a\r\nforged,row", '"a\\r\\nforged,row"'],
  ["\tname", '"\\tname"'],
  ["\t=1", '"\\t=1"'],
  ["\u001B[2Jgone\u009B", '"\\x1b[2Jgone\\x9b"'],
  ["\u202Egnp.exe", '"\\u202egnp.exe"'],
  ["a\u2028b\uD800", '"a\\u2028b\\ud800"'],
  ["\u{1F600} name", '"\u{1F600} name"'],
  ["a=1", '"a=1"'],
  ["two - three", '"two - three"'],
]) {
  test(`${JSON.stringify(value)} becomes ${JSON.stringify(expected)}`, () => assert.equal(quoted(value), expected));
}
