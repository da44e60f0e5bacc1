// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { test } from "node:test";

import { Steps } from "../../backup_reset_panel/static/backup_reset_panel/dialog/steps.js";

function at(place, fields = {}) {
  return { place, result: "", told: `at ${place}`, percent: 0, busy: false, again: false, ...fields };
}

// answers: for each step in turn an answer, an Error, or a function that gives one of both.
function stepsWith(...answers) {
  const asked = [];
  const pauses = [];
  const steps = new Steps(
    async (fields) => {
      asked.push(fields);
      const next = answers.shift();
      const answer = typeof next === "function" ? next() : next;
      if (answer instanceof Error) {
        throw answer;
      }
      return answer;
    },
    async (milliseconds) => { pauses.push(milliseconds); },
  );
  return { steps, asked, pauses };
}

function nothing() {
  // Nobody looks.
}

test("the first step says how deep, each later one where the last one ended, until there is no place to go on from", async () => {
  const { steps, asked } = stepsWith(at("a"), at("b"), at("", { result: "found" }));
  assert.equal(await steps.run("sample", nothing), "over");
  assert.deepEqual(asked, [{ depth: "sample" }, { place: "a" }, { place: "b" }]);
  assert.equal(steps.result, "found");
});

test("a stop ends it after the step that is under way, and what counts already is kept", async () => {
  const { steps, asked } = stepsWith(at("a"), () => {
    steps.stop();
    return at("b", { result: "damage" });
  });
  assert.equal(await steps.run("all", nothing), "stopped");
  assert.equal(asked.length, 2);
  assert.equal(steps.result, "damage");
});

test("a step that is broken off by a stop is no failure", async () => {
  const { steps } = stepsWith(at("a"), () => {
    steps.stop();
    return new Error("aborted");
  });
  assert.equal(await steps.run("all", nothing), "stopped");
});

test("after a step without an answer it goes on from the same place when asked to", async () => {
  const { steps, asked } = stepsWith(at("a"), new Error("network"), at(""));
  assert.equal(await steps.run("all", nothing), "broken");
  assert.equal(await steps.run("all", nothing), "over");
  assert.deepEqual(asked, [{ depth: "all" }, { place: "a" }, { place: "a" }]);
});

test("what may pass can be tried again from the last place, what may not cannot", async () => {
  const passing = stepsWith(at("a"), at("", { again: true }));
  assert.equal(await passing.steps.run("all", nothing), "broken");
  assert.equal(passing.steps.place, "a");
  const final = stepsWith(at("a"), at(""));
  assert.equal(await final.steps.run("all", nothing), "over");
});

test("while others read it waits, longer each time, and keeps its place", async () => {
  const busy = Array.from({ length: 5 }, () => at("a", { busy: true }));
  const { steps, asked, pauses } = stepsWith(at("a"), ...busy, at(""));
  await steps.run("all", nothing);
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 8000]);
  assert.ok(asked.slice(1).every((fields) => fields.place === "a"));
});

test("each quarter and the end are said aloud, and nothing else", async () => {
  const percents = [0, 10, 24, 25, 30, 80, 99];
  const { steps } = stepsWith(...percents.map((percent) => at("a", { percent })), at("", { percent: 100 }));
  const said = [];
  await steps.run("all", (answer, isNews) => { said.push(isNews && answer.percent); });
  assert.deepEqual(said, [false, false, false, 25, false, 80, false, 100]);
});
