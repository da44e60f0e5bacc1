// SPDX-License-Identifier: Apache-2.0
// A tab's storage, and what runs leave in it.

import { Kept } from "../../backup_reset_panel/static/backup_reset_panel/bulk/kept.js";
import { planned, result } from "./rows.js";

export const ANN = { user: "ann", region: "RegionOne" };
export const LOST = { class: "unknown", level: "warning", said: "Left.", repairs: [], request_id: "" };

// As window.sessionStorage. room: how many characters it takes.
export class Storage {
  constructor(room = Infinity) {
    this.items = new Map();
    this.room = room;
  }

  get length() {
    return this.items.size;
  }

  get text() {
    return [...this.items].flat().join("\n");
  }

  key(index) {
    return [...this.items.keys()][index];
  }

  getItem(key) {
    return this.items.has(key) ? this.items.get(key) : null;
  }

  setItem(key, value) {
    const others = [...this.items].filter(([name]) => name !== key).flat().join("").length;
    if (others + key.length + value.length > this.room) {
      throw new Error("QuotaExceededError");
    }
    this.items.set(key, value);
  }

  removeItem(key) {
    this.items.delete(key);
  }
}

export function ranTwo(storage, person = ANN, name = "all") {
  const kept = new Kept(storage, person);
  const rows = [planned({ id: "one" }), planned({ id: "two" }), planned({ id: "out", token: "", left_out: "May be live" })];
  kept.begin(name, { query: {} }, rows);
  kept.sending(name, rows.slice(0, 1));
  rows[0].result = result({ id: "one", watch: "watch-1" });
  kept.took(name, rows.slice(0, 1));
  return { kept, rows };
}

export function classes(found) {
  return Object.fromEntries(found.rows.map((row) => [row.id, row.result?.class]));
}
