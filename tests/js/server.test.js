// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Server } from "../../backup_reset_panel/static/backup_reset_panel/bulk/server.js";

const fetched = globalThis.fetch;
const FORM = {
  dataset: { planUrl: "/plan", applyUrl: "/apply", lookUrl: "/look" },
  elements: { csrfmiddlewaretoken: { value: "token" } },
};

// answers: for each request in turn an object to be sent as JSON, a Response, or an Error.
function serverWith(...answers) {
  const asked = [];
  globalThis.fetch = async (url, options) => {
    asked.push({ url, ...Object.fromEntries(options.body) });
    const answer = answers.shift();
    if (answer instanceof Error) {
      throw answer;
    }
    return answer instanceof Response ? answer : Response.json(answer);
  };
  return { server: new Server(FORM, (name) => `text of ${name}`), asked };
}

async function all(chunks) {
  const answers = [];
  for await (const chunk of chunks) {
    answers.push(chunk);
  }
  return answers;
}

afterEach(() => {
  globalThis.fetch = fetched;
});

test("each request carries the CSRF token of the form", async () => {
  const { server, asked } = serverWith({ results: [] }, { results: [] });
  await server.apply([{ token: "one" }], "lost");
  await server.look([{ result: { watch: "two" } }]);
  assert.deepEqual(asked, [
    { url: "/apply", tokens: '["one"]', csrfmiddlewaretoken: "token" },
    { url: "/look", tokens: '["two"]', csrfmiddlewaretoken: "token" },
  ]);
});

for (const [what, answer, expected] of [
  ["a session that is over", new Response(null, { status: 401 }), { stop: "text of Expired", log_in: true }],
  ["a refusal", new Response(null, { status: 403 }), { stop: "text of Refused", is_over: true }],
  ["a proxy's own page", new Response("<html>", { status: 502 }), { stop: "lost", isLost: true }],
  ["JSON that is no answer", Response.json({ detail: "other" }), { stop: "lost", isLost: true }],
  ["a connection that breaks off", new TypeError("network"), { stop: "lost", isLost: true }],
  ["a reason to stop", Response.json({ stop: "why" }), { stop: "why" }],
]) {
  test(`${what} becomes ${JSON.stringify(expected)}`, async () => {
    const { server } = serverWith(answer);
    assert.deepEqual(await server.apply([], "lost"), expected);
  });
}

test("many ids are planned a thousand at a time, and what the server left over comes next", async () => {
  const ids = Array.from({ length: 1500 }, (_, index) => `id-${index}`);
  const { server, asked } = serverWith({ rows: [], ids: ["id-998", "id-999"] }, { rows: [] });
  assert.equal((await all(server.plan({ ids }, { mode: "error" }))).length, 2);
  assert.equal(JSON.parse(asked[0].ids).length, 1000);
  assert.deepEqual(JSON.parse(asked[1].ids), ["id-998", "id-999", ...ids.slice(1000)]);
  assert.equal(asked[1].mode, "error");
});

test("a filter is followed page by page, what a page left over before the next one", async () => {
  const { server, asked } = serverWith({ rows: [], after: "cursor", ids: ["left"] }, { rows: [] }, { rows: [] });
  await all(server.plan({ query: { status: "creating" } }, { mode: "recommended" }));
  assert.deepEqual(asked.map(({ after, ids, status }) => ({ after, ids, status })), [
    { after: "", ids: undefined, status: "creating" },
    { after: undefined, ids: '["left"]', status: undefined },
    { after: "cursor", ids: undefined, status: "creating" },
  ]);
});

test("a plan ends where an answer is lost", async () => {
  const { server } = serverWith(new TypeError("network"));
  assert.deepEqual(await all(server.plan({ query: {} }, {})), [{ stop: "text of LostPlan", isLost: true }]);
});
