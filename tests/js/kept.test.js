// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { test } from "node:test";

import { Kept } from "../../backup_reset_panel/static/backup_reset_panel/bulk/kept.js";
import { planned, result } from "./rows.js";
import { ANN, LOST, Storage, classes, ranTwo } from "./tab.js";

const DAY = 24 * 60 * 60 * 1000;

test("a run is there again after a reload: its rows in order, with their results", () => {
  const storage = new Storage();
  ranTwo(storage);
  const found = new Kept(storage, ANN).load("all", LOST);
  assert.deepEqual(classes(found), { one: "applied", two: undefined, out: undefined });
  assert.deepEqual(found.rows.map((row) => row.isPlanned), [true, true, false]);
  assert.equal(found.isBegun, true);
});

test("no token is kept, neither of what is to be sent nor of what is to be looked at", () => {
  const storage = new Storage();
  const { kept, rows } = ranTwo(storage);
  kept.looked("all", rows);
  kept.begin("all", { query: {} }, rows);
  assert.doesNotMatch(storage.text, /token-|watch-1|"token"|"watch"/);
});

test("of rows that were under way when the page was left nobody knows; those that were only refused were not sent", () => {
  const storage = new Storage();
  const { kept, rows } = ranTwo(storage);
  kept.sending("all", [rows[1]]);
  assert.equal(classes(new Kept(storage, ANN).load("all", LOST)).two, "unknown");
  kept.took("all", [rows[1]]);
  assert.equal(classes(new Kept(storage, ANN).load("all", LOST)).two, undefined);
});

test("another look's result takes the place of the first", () => {
  const storage = new Storage();
  const { kept, rows } = ranTwo(storage);
  rows[0].result = result({ class: "reached" });
  kept.looked("all", [rows[0]]);
  assert.equal(classes(new Kept(storage, ANN).load("all", LOST)).one, "reached");
});

test("a run that goes on keeps what it had, and a new one takes its place", () => {
  const storage = new Storage();
  const { kept, rows } = ranTwo(storage);
  kept.begin("all", { query: {} }, rows);
  kept.sending("all", [rows[1]]);
  rows[1].result = result();
  kept.took("all", [rows[1]]);
  assert.deepEqual(classes(kept.load("all", LOST)), { one: "applied", two: "applied", out: undefined });
  kept.begin("all", { query: {} }, [planned({ id: "three" })]);
  assert.deepEqual(classes(kept.load("all", LOST)), { three: undefined });
});

test("each sees their own runs, in their own region, of their own plan", () => {
  const storage = new Storage();
  ranTwo(storage);
  assert.equal(new Kept(storage, { ...ANN, user: "bob" }).load("all", LOST), null);
  assert.equal(new Kept(storage, { ...ANN, region: "Two" }).load("all", LOST), null);
  assert.equal(new Kept(storage, ANN).load("tile=error", LOST), null);
});

test("names that look like parts of a key stay apart", () => {
  const storage = new Storage();
  ranTwo(storage, { user: "a|b", region: "c" });
  assert.equal(new Kept(storage, { user: "a", region: "b|c" }).load("all", LOST), null);
});

test("when somebody else comes, what others left goes; one's own and what is not ours stays", () => {
  const storage = new Storage();
  storage.setItem("horizon", "x");
  ranTwo(storage);
  ranTwo(storage, { user: "bob", region: "RegionOne" });
  new Kept(storage, { user: "bob", region: "" }).purge();
  assert.equal(new Kept(storage, ANN).load("all", LOST), null);
  assert.ok([...storage.items.keys()].every((key) => !key.includes("ann|")));
  assert.equal(storage.getItem("horizon"), "x");
  assert.notEqual(new Kept(storage, { user: "bob", region: "RegionOne" }).load("all", LOST), null);
});

test("on signing out all of it goes", () => {
  const storage = new Storage();
  storage.setItem("horizon", "x");
  ranTwo(storage);
  new Kept(storage, { user: "bob", region: "" }).forgetAll();
  assert.deepEqual([...storage.items.keys()], ["horizon"]);
});

test("what is older than a day goes", () => {
  const storage = new Storage();
  ranTwo(storage);
  const later = new Kept(storage, ANN, () => Date.now() + DAY + 1);
  later.purge();
  assert.equal(storage.length, 0);
});

test("a storage that is full, missing or broken stops no run, and is told", () => {
  for (const storage of [new Storage(10), null]) {
    const { kept } = ranTwo(storage);
    assert.equal(kept.isWhole, false);
    assert.equal(kept.load("all", LOST), null);
    kept.purge();
    kept.forgetAll();
  }
  const storage = new Storage();
  ranTwo(storage);
  [...storage.items.keys()].forEach((key) => storage.setItem(key, "{"));
  assert.equal(new Kept(storage, ANN).load("all", LOST), null);
});

test("earlier runs make room for the one that begins", () => {
  const measured = new Storage();
  ranTwo(measured);
  const storage = new Storage(measured.text.length * 1.3);
  ranTwo(storage, ANN, "earlier");
  const { kept } = ranTwo(storage, ANN, "all");
  assert.equal(kept.isWhole, true);
  assert.equal(kept.load("earlier", LOST), null);
});
