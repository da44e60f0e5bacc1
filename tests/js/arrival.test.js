// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { test } from "node:test";

import { arrival } from "../../backup_reset_panel/static/backup_reset_panel/bulk/arrival.js";
import { Kept } from "../../backup_reset_panel/static/backup_reset_panel/bulk/kept.js";
import { planned } from "./rows.js";
import { ANN, LOST, Storage, classes, ranTwo } from "./tab.js";

function came(isReturn) {
  return { isReturn, newName: () => "new-name" };
}

test("by Back or reload the run of a filter is shown; by its link there is a new plan, and the earlier run can be seen", () => {
  const storage = new Storage();
  const { kept } = ranTwo(storage, ANN, "q=a%20b&tile=error");
  const source = { query: { tile: "error", q: "a b" } };
  const back = arrival(source, kept, LOST, came(true));
  assert.deepEqual([classes(back.shown).one, back.earlier], ["applied", null]);
  const anew = arrival(source, kept, LOST, came(false));
  assert.deepEqual([anew.shown, classes(anew.earlier).one], [null, "applied"]);
});

test("ticked rows get a name, by which they are planned again until there is a run, which is shown then", () => {
  const kept = new Kept(new Storage(), ANN);
  const source = { ids: ["one", "two"] };
  const first = arrival(source, kept, LOST, came(false));
  assert.deepEqual([first.name, first.isRenamed], ["new-name", true]);
  const again = arrival({ run: "new-name" }, kept, LOST, came(true));
  assert.deepEqual([again.source, again.shown, again.isMissing], [source, null, false]);
  kept.begin("new-name", source, [planned({ id: "one" })]);
  assert.deepEqual(classes(arrival({ run: "new-name" }, kept, LOST, came(false)).shown), { one: undefined });
});

test("the page keeps its address where nothing is ticked, or nothing can be kept", () => {
  assert.equal(arrival({ ids: [] }, new Kept(new Storage(), ANN), LOST, came(false)).isRenamed, false);
  assert.equal(arrival({ ids: ["one"] }, new Kept(null, ANN), LOST, came(false)).isRenamed, false);
});

test("a run that another tab keeps is missing here", () => {
  const found = arrival({ run: "other" }, new Kept(new Storage(), ANN), LOST, came(true));
  assert.deepEqual([found.isMissing, found.shown, found.source], [true, null, {}]);
});
