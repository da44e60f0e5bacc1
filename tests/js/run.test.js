// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { test } from "node:test";

import { Run } from "../../backup_reset_panel/static/backup_reset_panel/bulk/run.js";
import { planned, result } from "./rows.js";

const LOST = { class: "unknown", level: "warning", said: "No answer.", repairs: [], request_id: "" };

function runOf(rows, largestChunk = 100) {
  const run = new Run(largestChunk);
  run.setPlan(rows);
  return run;
}

function answerTo(rows, fields = {}) {
  return { results: rows.map((row) => result({ id: row.id, ...fields })) };
}

function ids(rows) {
  return rows.map((row) => row.id);
}

test("a plan is grouped by what becomes of each, what is left out comes last, and each group keeps its order", () => {
  const rows = [
    planned({ id: "out", target: "", left_out: "May be live" }),
    planned({ id: "repair", target: "repair" }),
    planned({ id: "remove", target: "remove" }),
    planned({ id: "error" }),
    planned({ id: "second", target: "available" }),
    planned({ id: "first", target: "available" }),
  ];
  const run = runOf(rows);
  assert.deepEqual(ids(run.rows), ["second", "first", "error", "remove", "repair", "out"]);
  assert.deepEqual(run.planned(), { available: 2, error: 1, remove: 1, repair: 1, out: 1 });
  assert.equal(rows[0].id, "out", "the list that was given stays as it was");
});

test("a plan tells how many were checked on their stores, and how deep", () => {
  const depths = ["listed", "read", "listed", "unknown", "", "sampled"];
  const run = runOf(depths.map((stored) => planned({ stored })));
  assert.deepEqual(run.stored(), { listed: 2, sampled: 1, read: 1, unknown: 1 });
});

test("the hosts to be asked about: most rows first, with what is locked by their rows; others are not asked about", () => {
  const run = runOf([
    planned({ host: "few", wants_word: true, is_up: true, locks: 2 }),
    planned({ host: "many", wants_word: true, locks: 1 }),
    planned({ host: "many", wants_word: true, locks: 1 }),
    planned({ host: "", wants_word: true }),
    planned({ host: "none", locks: 1 }),
  ]);
  assert.deepEqual(run.hosts(), [
    { name: "many", isUp: false, rows: 2, locks: 2 },
    { name: "few", isUp: true, rows: 1, locks: 2 },
    { name: "", isUp: false, rows: 1, locks: 0 },
  ]);
});

test("chunk after chunk, each row is handed out once, and what is left out never", () => {
  const rows = [...Array.from({ length: 120 }, () => planned()), planned({ token: "", left_out: "May be live" })];
  const run = runOf(rows);
  const sent = [];
  for (let chunk = run.nextChunk(); chunk.length; chunk = run.nextChunk()) {
    sent.push(...ids(chunk));
    run.take(chunk, answerTo(chunk), 3, LOST);
  }
  assert.deepEqual(sent, ids(rows.slice(0, 120)));
});

test("the first chunk is no larger than the server takes", () => {
  assert.equal(runOf(Array.from({ length: 200 }, () => planned()), 30).nextChunk().length, 30);
  assert.equal(runOf(Array.from({ length: 200 }, () => planned()), 200).nextChunk().length, 100);
});

for (const [seconds, expected] of [[3, 100], [1.5, 200], [0, 200], [6, 50], [60, 20]]) {
  test(`after 100 rows in ${seconds} s the next chunk has ${expected}`, () => {
    const run = runOf(Array.from({ length: 400 }, () => planned()), 200);
    const chunk = run.nextChunk();
    run.take(chunk, answerTo(chunk), seconds, LOST);
    assert.equal(run.nextChunk().length, expected);
  });
}

test("what was not sent because the run was paused is still to be done", () => {
  const [sent, unsent] = [planned(), planned()];
  const run = runOf([sent, unsent]);
  const results = [result({ id: sent.id }), result({ id: unsent.id, class: "not_sent" })];
  run.take([sent, unsent], { results, pause: "No service" }, 1, LOST);
  assert.equal(sent.result.class, "applied");
  assert.deepEqual(ids(run.pending()), [unsent.id]);
});

test("what there was no time for is still to be done, and the next chunk is as large as what was done is quick", () => {
  const rows = Array.from({ length: 150 }, () => planned());
  const run = runOf(rows);
  const results = rows.slice(0, 100).map((row, index) => result({ id: row.id, class: index < 40 ? "applied" : "put_off" }));
  run.take(run.nextChunk(), { results }, 4, LOST);
  assert.equal(run.counts().unsent, 110);
  assert.deepEqual(ids(run.nextChunk()), ids(rows.slice(40, 70)));
});

test("what was not sent for a reason of its own is over", () => {
  const row = planned();
  const run = runOf([row]);
  run.take([row], answerTo([row], { class: "not_sent" }), 1, LOST);
  assert.equal(run.counts().failed, 1);
  assert.deepEqual(run.pending(), []);
});

test("of rows whose answer was lost nobody knows; each has a result of its own", () => {
  const rows = [planned(), planned()];
  const run = runOf(rows);
  run.take(rows, { stop: "No answer", isLost: true }, 30, LOST);
  assert.deepEqual(rows.map((row) => row.result), [LOST, LOST]);
  assert.notEqual(rows[0].result, rows[1].result);
  assert.equal(run.counts().unknown, 2);
});

test("a refusal before anything was sent leaves every row to be done", () => {
  const rows = [planned(), planned()];
  const run = runOf(rows);
  run.take(rows, { stop: "Log in again", log_in: true }, 0.1, LOST);
  assert.equal(run.pending().length, 2);
  assert.equal(run.counts().unsent, 2);
});

test("what is open is looked at again, what was looked at least first, and not more than 200 at once", () => {
  const rows = Array.from({ length: 250 }, () => planned({ result: result({ class: "accepted", watch: "w" }) }));
  const run = runOf(rows);
  const first = run.open();
  assert.equal(first.length, 200);
  first.forEach((row) => run.takeLook(row, result({ class: "accepted", watch: "w" })));
  assert.deepEqual(ids(run.open().slice(0, 50)), ids(rows.slice(200)));
});

test("a look that says nothing of repairs leaves those of the run", () => {
  const freed = { repairs: ["Volume freed."], freed: 1, locked: 0 };
  const row = planned({ result: result({ class: "accepted", watch: "w", ...freed }) });
  const run = runOf([row]);
  run.takeLook(row, result());
  assert.deepEqual(row.result, result({ ...freed }));
  assert.deepEqual(run.open(), []);
});

test("a look that has news of repairs brings them", () => {
  const row = planned({ result: result({ class: "accepted", watch: "w" }) });
  runOf([row]).takeLook(row, result({ repairs: ["Not freed."], locked: 1 }));
  assert.deepEqual([row.result.repairs, row.result.locked], [["Not freed."], 1]);
});

test("each row counts once, in one class; a class without a place of its own has failed", () => {
  const classes = [
    ["applied", "applied"], ["removed", "removed"], ["repaired", "repaired"], ["reached", "reached"], ["accepted", "open"],
    ["removing", "open"], ["unknown", "unknown"], ["refused", "failed"], ["changed", "failed"], ["ignored", "failed"],
  ];
  for (const [name, counted] of classes) {
    const counts = runOf([planned({ result: result({ class: name }) })]).counts();
    const { total, done, ...each } = counts;
    assert.deepEqual([total, done], [1, 1]);
    assert.deepEqual(Object.entries(each).filter(([, count]) => count), [[counted, 1]]);
  }
});

test("counts of a whole run", () => {
  const run = runOf([
    planned({ result: result({ freed: 2 }) }),
    planned({ result: result({ class: "refused", locked: 1 }) }),
    planned(),
    planned({ token: "", left_out: "May be live" }),
  ]);
  const { total, done, applied, failed, unsent, freed, locked } = run.counts();
  assert.deepEqual({ total, done, applied, failed, unsent, freed, locked }, {
    total: 3, done: 2, applied: 1, failed: 1, unsent: 1, freed: 2, locked: 1,
  });
});

for (const [what, rows, expected] of [
  ["all seen done", [{ result: result() }, { result: result({ class: "removed" }) }, { result: result({ class: "repaired" }) }], true],
  ["a volume locked", [{ result: result({ locked: 1 }) }], false],
  ["one open", [{ result: result() }, { result: result({ class: "accepted" }) }], false],
  ["one only reached", [{ result: result({ class: "reached" }) }], false],
  ["one not sent", [{ result: result() }, {}], false],
  ["one left out", [{ result: result() }, { token: "", left_out: "May be live" }], true],
]) {
  test(`with ${what}, ${expected ? "all" : "not all"} is well`, () => {
    assert.equal(runOf(rows.map(planned)).isWell(), expected);
  });
}

test("a run that was kept has its counts, and nothing of it can be sent", () => {
  const run = new Run(100);
  const kept = { token: undefined, isPlanned: true };
  run.restore([planned({ ...kept, result: result() }), planned(kept), planned({ token: undefined, isPlanned: false, left_out: "May be live" })]);
  const { total, done, applied, unsent } = run.counts();
  assert.deepEqual({ total, done, applied, unsent }, { total: 2, done: 1, applied: 1, unsent: 1 });
  assert.equal(run.isBegun, true);
  assert.deepEqual([run.nextChunk(), run.open()], [[], []]);
});
