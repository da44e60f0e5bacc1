// SPDX-License-Identifier: Apache-2.0
// What a run leaves behind for Back and reload: its rows and results, in the storage of the tab, by person, region and plan.
// No token is kept: from what is kept nothing can be sent. Pure: the storage is given, and it asks nobody.

const PREFIX = "backup-reset-panel:run:";
const LONGEST = 24 * 60 * 60 * 1000;

export class Kept {
  // storage: as window.sessionStorage, or null where the browser has none for us. person: user and region. now: milliseconds.
  constructor(storage, person, now = Date.now) {
    this.storage = storage;
    this.person = person;
    this.now = now;
    this.chunks = 0;
    this.isWhole = true; // whether all that was to be kept could be
  }

  // Forgets what others have left in this tab, and what is old.
  purge() {
    for (const key of this.keys()) {
      const [user, , , part] = piecesOf(key);
      const plan = part === "plan" ? this.read(key) : null;
      if (user !== this.person.user) {
        this.storage.removeItem(key);
      } else if (part === "plan" && !(this.now() - plan?.at < LONGEST)) {
        this.forget(piecesOf(key).slice(0, 3));
      }
    }
  }

  // Everything, of everybody: for when somebody signs out.
  forgetAll() {
    this.forget([]);
  }

  // What is to be planned under that name, as long as there is no run. Whether it is kept.
  plan(name, source) {
    return this.write(name, "plan", { at: this.now(), source, rows: [], isBegun: false });
  }

  // A run begins, or goes on: its plan takes the place of whatever was kept under that name.
  begin(name, source, rows) {
    this.forget([this.person.user, this.person.region, name]);
    this.chunks = 0;
    const plan = { at: this.now(), source, rows: rows.map(withoutTokens), isBegun: true };
    this.isWhole = this.write(name, "plan", plan);
  }

  // Some rows are about to be sent: if the page is left now, nobody knows of them.
  sending(name, rows) {
    this.chunks++;
    this.chunk(name, rows.map((row) => row.id), []);
  }

  // What came of those: rows without a result were not sent.
  took(name, rows) {
    this.chunk(name, [], rows);
  }

  // Results that another look has changed.
  looked(name, rows) {
    this.isWhole = this.write(name, "looks", resultsOf(rows)) && this.isWhole;
  }

  // What is kept under that name: when, its source, its rows with their results, whether it was begun; null if nothing is.
  // lost: the result of rows of which no answer was there when the page was left.
  load(name, lost) {
    const plan = this.read(this.key(name, "plan"));
    if (!plan || !Array.isArray(plan.rows)) {
      return null;
    }
    const results = new Map();
    for (let number = 1, chunk; (chunk = this.read(this.key(name, `chunk${number}`))); number++) {
      chunk.sent.forEach((id) => results.set(id, { ...lost }));
      Object.entries(chunk.results).forEach(([id, result]) => results.set(id, result));
    }
    Object.entries(this.read(this.key(name, "looks")) || {}).forEach(([id, result]) => results.set(id, result));
    const rows = plan.rows.map((row) => (results.has(row.id) ? { ...row, result: results.get(row.id) } : row));
    return { ...plan, rows };
  }

  // --- the storage -------------------------------------------------------------------------------------------------

  chunk(name, sent, rows) {
    const isKept = this.write(name, `chunk${this.chunks}`, { sent, results: resultsOf(rows) });
    this.isWhole = isKept && this.isWhole;
  }

  key(name, part) {
    return keyOf([this.person.user, this.person.region, name, part]);
  }

  keys() {
    const storage = this.storage || { length: 0 };
    const keys = Array.from({ length: storage.length }, (nothing, index) => storage.key(index));
    return keys.filter((key) => key.startsWith(PREFIX));
  }

  // first: the first pieces of the keys to forget.
  forget(first) {
    const isMeant = (key) => first.every((piece, index) => piecesOf(key)[index] === piece);
    this.keys().filter(isMeant).forEach((key) => this.storage.removeItem(key));
  }

  // Whether that worked. Where the storage is full, other runs make room.
  write(name, part, value) {
    const key = this.key(name, part);
    const text = JSON.stringify(value);
    return this.put(key, text) || (this.forgetOthers(name) && this.put(key, text));
  }

  forgetOthers(name) {
    const others = this.keys().filter((key) => piecesOf(key)[2] !== name);
    others.forEach((key) => this.storage.removeItem(key));
    return others.length > 0;
  }

  put(key, text) {
    try {
      this.storage.setItem(key, text);
      return true;
    } catch {
      return false;
    }
  }

  read(key) {
    try {
      return JSON.parse(this.storage.getItem(key));
    } catch {
      return null;
    }
  }
}

function keyOf(pieces) {
  return PREFIX + pieces.map(encodeURIComponent).join("|");
}

function piecesOf(key) {
  return key.slice(PREFIX.length).split("|").map(decodeURIComponent);
}

function withoutTokens(row) {
  const { token, result, ...rest } = row;
  return { ...rest, isPlanned: Boolean(row.isPlanned || token), ...(result ? { result: withoutWatch(result) } : {}) };
}

function withoutWatch(result) {
  const { watch, ...rest } = result;
  return { ...rest, isOpen: Boolean(watch) };
}

function resultsOf(rows) {
  return Object.fromEntries(rows.filter((row) => row.result).map((row) => [row.id, withoutWatch(row.result)]));
}
