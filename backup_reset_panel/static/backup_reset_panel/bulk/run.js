// SPDX-License-Identifier: Apache-2.0
// The state of a bulk run, in one object: what is planned, what came of it, what comes next. Pure: it asks nobody and draws
// nothing.

// A chunk costs something by itself, however few rows it has: smaller ones would only make a slow cloud slower.
const SMALLEST_CHUNK = 20;
const FIRST_CHUNK = 100;
const SECONDS_A_CHUNK = 3;
const MOST_LOOKED_AT = 200;
const GROUPS = ["available", "error", "remove", "repair"];

// Which result class counts as what in the summary; any other has failed.
const COUNTED = {
  applied: "applied",
  removed: "removed",
  repaired: "repaired",
  reached: "reached",
  accepted: "open",
  removing: "open",
  unknown: "unknown",
};
const DONE = ["applied", "removed", "repaired"];

export class Run {
  // largestChunk: how many rows one request may carry out.
  constructor(largestChunk) {
    this.largestChunk = largestChunk;
    this.rows = []; // in the order in which they are carried out; each with .result once there is one
    this.chunkSize = Math.min(FIRST_CHUNK, largestChunk);
    this.isBegun = false;
  }

  // Grouped by what becomes of them; what is left out comes last.
  setPlan(rows) {
    this.rows = [...rows].sort((one, other) => place(one) - place(other));
  }

  // Rows of an earlier run, as they were kept: without tokens, so nothing of it can be sent.
  restore(rows) {
    this.rows = rows;
    this.isBegun = true;
  }

  // How many rows the plan has of each kind.
  planned() {
    const counts = { available: 0, error: 0, remove: 0, repair: 0, out: 0 };
    this.rows.forEach((row) => counts[row.left_out ? "out" : row.target]++);
    return counts;
  }

  // How many rows were checked on their stores, and how deep: by lists alone, a sample read, all read; of how many none told.
  stored() {
    const counts = { listed: 0, sampled: 0, read: 0, unknown: 0 };
    this.rows.filter((row) => row.stored).forEach((row) => counts[row.stored]++);
    return counts;
  }

  // The hosts of whose processes it would count to know that they are dead: name, whether cinder-backup there is up, how many
  // rows and how many locked volumes. An empty name stands for hosts that are not known.
  hosts() {
    const byName = new Map();
    for (const row of this.rows.filter((each) => each.wants_word)) {
      const host = byName.get(row.host) || { name: row.host, isUp: row.is_up, rows: 0, locks: 0 };
      host.rows++;
      host.locks += row.locks;
      byName.set(row.host, host);
    }
    return [...byName.values()].sort((one, other) => other.rows - one.rows);
  }

  pending() {
    return this.rows.filter((row) => row.token && !row.result);
  }

  nextChunk() {
    return this.pending().slice(0, this.chunkSize);
  }

  // Takes in the answer to a chunk. lost: the result of rows of which no answer came, so that nobody knows.
  take(chunk, answer, seconds, lost) {
    const byId = new Map((answer.results || []).map((result) => [result.id, result]));
    for (const row of chunk) {
      const result = byId.get(row.id);
      if (result && !isStillToDo(result, answer)) {
        row.result = result;
      } else if (!result && answer.isLost) {
        row.result = { ...lost };
      }
    }
    const done = chunk.filter((row) => row.result).length;
    const wished = Math.round((done * SECONDS_A_CHUNK) / Math.max(seconds, 0.1));
    this.chunkSize = Math.min(this.largestChunk, Math.max(SMALLEST_CHUNK, wished));
  }

  // The rows worth another look, those that were looked at least often first.
  open() {
    const open = this.rows.filter((row) => row.result && row.result.watch);
    return open.sort((one, other) => (one.looks || 0) - (other.looks || 0)).slice(0, MOST_LOOKED_AT);
  }

  takeLook(row, result) {
    row.looks = (row.looks || 0) + 1;
    const { repairs, freed, locked } = row.result;
    row.result = result.repairs.length ? result : { ...result, repairs, freed, locked };
  }

  counts() {
    const names = ["total", "done", ...new Set(Object.values(COUNTED)), "failed", "unsent", "freed", "locked"];
    const counts = Object.fromEntries(names.map((name) => [name, 0]));
    for (const row of this.rows.filter((each) => each.token || each.isPlanned)) {
      counts.total++;
      if (!row.result) {
        counts.unsent++;
        continue;
      }
      counts.done++;
      counts[COUNTED[row.result.class] || "failed"]++;
      counts.freed += row.result.freed || 0;
      counts.locked += row.result.locked || 0;
    }
    return counts;
  }

  // Whether all went as planned, and nothing stays locked.
  isWell() {
    const counts = this.counts();
    return DONE.reduce((sum, name) => sum + counts[name], 0) === counts.total && !counts.locked;
  }
}

// Whether there was no time for a row in its chunk, or it was not sent because the run was paused.
function isStillToDo(result, answer) {
  return result.class === "put_off" || (answer.pause && result.class === "not_sent");
}

function place(row) {
  return row.left_out ? GROUPS.length : GROUPS.indexOf(row.target);
}
