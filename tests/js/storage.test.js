// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { OnStore } from "../../backup_reset_panel/static/backup_reset_panel/stuck/storage.js";

const fetched = globalThis.fetch;

function cell(id) {
  return { dataset: { onStore: id }, textContent: "…", className: "" };
}

// answers: for each request in turn the rows, or an Error. isHidden: whether the tab is.
function column(cells, answers, { url = "/stored/", isHidden = false } = {}) {
  const asked = [];
  globalThis.document = { hidden: isHidden, body: { contains: (each) => !each.isGone } };
  globalThis.fetch = async (address) => {
    asked.push(address);
    const answer = answers.shift();
    if (answer instanceof Error) {
      throw answer;
    }
    return answer instanceof Response ? answer : Response.json({ rows: answer });
  };
  const page = { dataset: { onStoreUrl: url }, querySelectorAll: () => cells };
  return { onStore: new OnStore(page), asked };
}

function rows(...ids) {
  return Object.fromEntries(ids.map((id) => [id, { text: `of ${id}`, colour: "success", again: id.startsWith("live") }]));
}

afterEach(() => {
  globalThis.fetch = fetched;
  delete globalThis.document;
});

test("four rows a request, one request after the other, until all are filled", async () => {
  const cells = ["a", "b", "c", "d", "e"].map(cell);
  const { onStore, asked } = column(cells, [rows("a", "b", "c", "d"), rows("e")]);
  await onStore.fill();
  assert.deepEqual(asked, ["/stored/?id=a&id=b&id=c&id=d", "/stored/?id=e"]);
  assert.deepEqual(cells.map((each) => each.textContent), ["of a", "of b", "of c", "of d", "of e"]);
  assert.equal(cells[0].className, "text-success");
  assert.equal(cells[0].title, "of a");
});

test("what was told is not asked again, but for what may look otherwise a moment later", async () => {
  const cells = ["a", "live"].map(cell);
  const { onStore, asked } = column(cells, [rows("a", "live"), rows("live"), rows("live")]);
  await onStore.fill();
  await onStore.fill();
  assert.deepEqual(asked, ["/stored/?id=a&id=live", "/stored/?id=live"]);
});

for (const [what, answer] of [
  ["a row that was not answered in time", rows("a", "b", "c")],
  ["a refusal", new Response(null, { status: 403 })],
  ["a connection that breaks off", new TypeError("network")],
]) {
  test(`after ${what} the rest waits for the next time`, async () => {
    const { onStore, asked } = column(["a", "b", "c", "d", "e"].map(cell), [answer, rows("d", "e")]);
    await onStore.fill();
    assert.equal(asked.length, 1);
  });
}

test("rows that have gone meanwhile are not asked about", async () => {
  const cells = ["a", "b", "c", "d", "e"].map(cell);
  cells[4].isGone = true;
  const { onStore, asked } = column(cells, [rows("a", "b", "c", "d"), rows("e")]);
  await onStore.fill();
  assert.equal(asked.length, 1);
});

test("nothing is asked without a store, in a hidden tab, or while it is asking", async () => {
  for (const options of [{ url: "" }, { isHidden: true }]) {
    const { onStore, asked } = column([cell("a")], [rows("a")], options);
    await onStore.fill();
    assert.deepEqual(asked, []);
  }
  const { onStore, asked } = column([cell("a")], [rows("a"), rows("a")]);
  await Promise.all([onStore.fill(), onStore.fill()]);
  assert.equal(asked.length, 1);
});
