// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { test } from "node:test";

import { csv, quoted } from "../../backup_reset_panel/static/backup_reset_panel/bulk/csv.js";
import { planned, result } from "./rows.js";

function cells(line) {
  return line.slice(1, -1).split('","');
}

function lines(text) {
  return text.split("\r\n");
}

test("a plan has a line for its columns, one a row, and ends each with CR LF", () => {
  const text = csv([planned({ id: "one" }), planned({ id: "two" })], false);
  assert.deepEqual(lines(text).map((line) => cells(line)[0]), ["id", "one", "two", ""]);
  assert.equal(cells(lines(text)[0]).length, cells(lines(text)[1]).length);
});

test("a row of a plan has no result", () => {
  const [, line] = lines(csv([planned()], false));
  assert.deepEqual(cells(line).slice(-4), ["", "", "", ""]);
});

test("a row that a begun run has not reached was not sent; one that was left out was never to be", () => {
  const [, pending, leftOut] = lines(csv([planned(), planned({ token: "", left_out: "May be live" })], true));
  assert.equal(cells(pending).at(-4), "not_sent");
  assert.equal(cells(leftOut).at(-4), "");
});

test("a result stands with its repairs and the request id", () => {
  const done = planned({ result: result({ said: "Available", repairs: ["Volume freed.", "Snapshot freed."], request_id: "req-1" }) });
  const [, line] = lines(csv([done], true));
  assert.deepEqual(cells(line).slice(-4), ["applied", "Available", "Volume freed. Snapshot freed.", "req-1"]);
});

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
  ["a\n=1", "\"a\n'=1\""],
  ["\tname", "\"'\tname\""],
  ["\t=1", "\"'\t'=1\""],
  ["a=1", '"a=1"'],
  ["two - three", '"two - three"'],
]) {
  test(`${JSON.stringify(value)} becomes ${JSON.stringify(expected)}`, () => assert.equal(quoted(value), expected));
}
