// SPDX-License-Identifier: Apache-2.0
// Rows and results as the server sends them (bulk/rows.py).

let made = 0;

export function planned(fields = {}) {
  made++;
  return {
    id: `backup-${made}`, name: "nightly", project: "shop", from: "Creating", age: "2 h", target: "error", to: "Error",
    verdict: "incomplete", why: "No proof of completeness", also: "", left_out: "", token: `token-${made}`,
    host: "node-1", is_up: false, wants_word: false, locks: 0, stored: "", ...fields,
  };
}

export function result(fields = {}) {
  return {
    class: "applied", level: "success", said: "Error now.", repairs: [], request_id: "", watch: "", freed: 0, locked: 0, ...fields,
  };
}
