// SPDX-License-Identifier: Apache-2.0
// Texts with numbers, in the form that the server chose for each.

import assert from "node:assert";
import { test } from "node:test";

import { Words } from "../../backup_reset_panel/static/backup_reset_panel/bulk/words.js";

// As in Polish: one, a few by the last digits, many.
function polish(number) {
  if (number === 1) {
    return 0;
  }
  const isFew = number % 10 >= 2 && number % 10 <= 4 && (number % 100 < 12 || number % 100 > 14);
  return isFew ? 1 : 2;
}

const which = Array.from({ length: 200 }, (_, number) => polish(number)).join("");
const forms = ["{count} kopia", "{count} kopie", "{count} kopii"];
const locks = { forms: ["{count} wolumin"], which: "0".repeat(200) };
const words = new Words({
  plurals: JSON.stringify({ HostRows: { forms, which }, HostLocks: locks }),
  textHost: "na {host} ({what})",
  textHostUp: "up {host} ({what})",
  textHostUnknown: "wszędzie ({what})",
});

test("every number takes the form of its language", () => {
  for (const number of [0, 1, 2, 5, 12, 22, 99, 100, 101, 112, 199, 200, 212, 222, 1001, 4322]) {
    assert.equal(words.counted("HostRows", number), forms[polish(number)].replace("{count}", number));
  }
});

test("a host is told with what it holds", () => {
  assert.equal(words.ofHost({ name: "node-1", isUp: false, rows: 2, locks: 0 }), "na node-1 (2 kopie)");
  assert.equal(words.ofHost({ name: "node-1", isUp: true, rows: 5, locks: 3 }), "up node-1 (5 kopii, 3 wolumin)");
});

test("hosts that are not known have a sentence of their own", () => {
  assert.equal(words.ofHost({ name: "", isUp: false, rows: 1, locks: 0 }), "wszędzie (1 kopia)");
});

test("what is filled in is not filled in again", () => {
  assert.equal(words.ofHost({ name: "{what}", isUp: false, rows: 1, locks: 0 }), "na {what} (1 kopia)");
});
