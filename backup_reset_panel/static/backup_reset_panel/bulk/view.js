// SPDX-License-Identifier: Apache-2.0
// What the page of a bulk run shows. It decides nothing and asks nobody.

import { Words } from "./words.js";

const SHOWN_AT_ONCE = 100;
const PLANNED = ["available", "error", "remove", "repair", "out"];
const SUMMED_UP = ["removed", "repaired", "freed", "locked", "open", "reached", "failed", "unsent", "unknown"];
const STORED = ["listed", "sampled", "read", "unknown"];
const IN_PROGRESS = SUMMED_UP.filter((name) => name !== "unsent");

export class View {
  constructor(form) {
    this.form = form;
    this.words = new Words(form.dataset);
    this.lines = new Map(); // row to its line in the table, once it is drawn
  }

  part(id) {
    return document.getElementById(`bulk-${id}`);
  }

  text(name, values) {
    return this.words.text(name, values);
  }

  show(id, isShown) {
    this.part(id).classList.toggle("hidden", !isShown);
  }

  head(text) {
    this.part("head").firstChild.textContent = text;
  }

  level(name) {
    this.part("head").className = `alert alert-${name}`;
  }

  // "3 reset, 2 volumes freed": what there is none of is not mentioned.
  summedUp(counts, names) {
    return names.filter((name) => counts[name]).map((name) => this.counted(`Count${capital(name)}`, counts[name]));
  }

  counted(name, count) {
    return this.words.counted(name, count);
  }

  plan(run) {
    const counts = run.planned();
    const count = run.rows.length - counts.out;
    const parts = this.summedUp(counts, PLANNED.slice()).join(", ");
    const stored = this.summedUp(run.stored(), STORED).join(", ");
    const head = `${this.counted("PlanHead", run.rows.length)} ${parts}.${stored && ` ${this.text("Stored", { stored })}`}`;
    this.head(run.rows.length ? head : this.text("Nothing"));
    this.part("run").textContent = this.counted("Button", count);
    this.part("run").disabled = !count;
    this.show("run", count > 0);
    this.part("csv").disabled = !run.rows.length;
    this.hosts(run.hosts());
    this.rows(run.rows);
  }

  // A tick box for each host; what was ticked stays so.
  hosts(hosts) {
    const list = this.part("hosts");
    const ticked = new Set(this.dead());
    const focused = document.activeElement.closest("#bulk-hosts input")?.value;
    list.replaceChildren(...hosts.map((host, index) => this.hostBox(host, index, ticked)));
    this.show("word", hosts.length > 0);
    [...list.querySelectorAll("input")].find((box) => box.value === focused)?.focus();
  }

  hostBox(host, index, ticked) {
    const box = document.createElement("div");
    box.className = "themable-checkbox";
    const input = Object.assign(document.createElement("input"), { type: "checkbox", id: `bulk-host-${index}` });
    input.value = host.name;
    input.checked = ticked.has(host.name);
    const label = Object.assign(document.createElement("label"), { htmlFor: input.id });
    const words = document.createElement("span");
    words.textContent = this.words.ofHost(host);
    label.append(words);
    box.append(input, label);
    return box;
  }

  // The hosts that are ticked.
  dead() {
    return [...this.part("hosts").querySelectorAll("input:checked")].map((box) => box.value);
  }

  // Back from a run that was shown to a plan.
  fresh() {
    this.form.classList.remove("backup-reset-begun");
    this.form.querySelectorAll("#bulk-mode input, #bulk-hosts input").forEach((input) => { input.disabled = false; });
    ["progress", "resume", "again", "kept"].forEach((id) => this.show(id, false));
    this.level("info");
    delete this.part("head").dataset.finished;
    this.pause("");
  }

  // --- the table ---------------------------------------------------------------------------------------------------

  rows(rows) {
    this.lines.clear();
    this.part("rows").tBodies[0].replaceChildren();
    this.moreRows(rows);
  }

  moreRows(rows) {
    const drawn = this.lines.size;
    rows.slice(drawn, drawn + SHOWN_AT_ONCE).forEach((row) => this.row(row));
    const hidden = rows.length - this.lines.size;
    this.show("more", hidden > 0);
    this.part("more").textContent = this.counted("More", Math.min(hidden, SHOWN_AT_ONCE));
  }

  row(row) {
    const line = this.part("rows").tBodies[0].insertRow();
    line.dataset.objectId = row.id;
    this.lines.set(row, line);
    const why = row.left_out ? this.text("LeftOut", { why: row.left_out }) : row.why;
    const now = [row.from, row.age].filter(Boolean).join(", ");
    const to = row.to || (row.left_out ? "" : this.text("RepairOnly"));
    for (const value of [row.name, row.project, now, to, why, row.also, ""]) {
      line.insertCell().append(Object.assign(document.createElement("bdi"), { textContent: value }));
    }
    line.cells[0].title = row.id;
    line.cells[4].className = "backup-reset-why";
    line.cells[5].className = "backup-reset-also";
    this.result(row);
  }

  result(row) {
    const line = this.lines.get(row);
    if (!line || !row.result) {
      return;
    }
    const cell = line.cells[6];
    cell.className = `backup-reset-result text-${row.result.level}`;
    cell.dataset.result = row.result.class;
    cell.firstChild.textContent = [row.result.said, ...row.result.repairs].join(" ");
  }

  // --- the run -----------------------------------------------------------------------------------------------------

  begun() {
    const isByKey = [this.part("run"), this.part("resume")].includes(document.activeElement);
    this.form.classList.add("backup-reset-begun");
    this.form.querySelectorAll("#bulk-mode input, #bulk-hosts input").forEach((input) => { input.disabled = true; });
    this.show("run", false);
    this.show("progress", true);
    this.show("stop", true);
    this.show("resume", false);
    this.part("stop").classList.remove("disabled");
    if (isByKey) {
      this.part("stop").focus();
    }
    this.pause("");
    this.level("info");
    delete this.part("head").dataset.finished;
  }

  progress(run, isStopping) {
    const counts = run.counts();
    const bar = this.part("progress").firstChild;
    bar.style.width = `${counts.total ? (100 * counts.done) / counts.total : 0}%`;
    bar.setAttribute("aria-valuemax", counts.total);
    bar.setAttribute("aria-valuenow", counts.done);
    const parts = [this.text("Progress", counts), this.counted("CountApplied", counts.applied)];
    this.head(isStopping ? this.text("Stopping") : [...parts, ...this.summedUp(counts, IN_PROGRESS)].join(" · "));
  }

  // canResume: whether something is left to be sent, and can be sent from this page.
  ended(canResume) {
    const isByKey = document.activeElement === this.part("stop");
    this.show("stop", false);
    this.show("resume", canResume);
    if (isByKey) {
      this.part(canResume ? "resume" : "head").focus();
    }
  }

  summary(run, isLast) {
    const counts = run.counts();
    this.head([this.counted("CountApplied", counts.applied), ...this.summedUp(counts, SUMMED_UP)].join(", "));
    this.level(run.isWell() ? "success" : "warning");
    this.part("head").dataset.finished = isLast ? "yes" : "";
  }

  pause(message) {
    this.part("pause").textContent = message;
    this.show("pause", Boolean(message));
  }
}

function capital(name) {
  return name[0].toUpperCase() + name.slice(1);
}
