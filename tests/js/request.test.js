// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { get, leftForLogIn, post } from "../../backup_reset_panel/static/backup_reset_panel/request.js";

const fetched = globalThis.fetch;

function answering(response) {
  const asked = [];
  globalThis.fetch = (url, options) => {
    asked.push({ url, ...options });
    return Promise.resolve(response);
  };
  return asked;
}

afterEach(() => {
  globalThis.fetch = fetched;
  delete globalThis.window;
});

test("both say that a script asks, so that Horizon answers 401 and not with a redirect", async () => {
  const asked = answering(new Response());
  await get("/stuck");
  await post("/apply", {});
  assert.deepEqual(asked.map((each) => each.headers["X-Requested-With"]), ["XMLHttpRequest", "XMLHttpRequest"]);
  assert.deepEqual(asked.map((each) => each.credentials), ["same-origin", "same-origin"]);
});

test("fields are sent as a form", async () => {
  const asked = answering(new Response());
  await post("/apply", { tokens: '["a&b"]', csrfmiddlewaretoken: "token" });
  assert.equal(asked[0].method, "POST");
  assert.equal(String(asked[0].body), "tokens=%5B%22a%26b%22%5D&csrfmiddlewaretoken=token");
});

test("without a session the page leaves for where Horizon says; with one it stays", () => {
  globalThis.window = { location: { href: "/stuck" } };
  assert.equal(leftForLogIn(new Response(null, { status: 403 })), false);
  assert.equal(globalThis.window.location.href, "/stuck");
  assert.equal(leftForLogIn(new Response(null, { status: 401, headers: { "X-Horizon-Location": "/auth/login" } })), true);
  assert.equal(globalThis.window.location.href, "/auth/login");
});
