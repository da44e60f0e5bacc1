// SPDX-License-Identifier: Apache-2.0
// A bulk run: has the plan worked out and carried out, chunk by chunk, and looks again at what is open. The server keeps
// nothing: to close this page is to stop. What came of it stays in this tab.

import { forgetOnSignOut } from "../signout.js";
import { Memory } from "./memory.js";
import { Run } from "./run.js";
import { saveCsv } from "./save.js";
import { Server } from "./server.js";
import { View } from "./view.js";

const LOOKS = 8;
const PAUSE_BEFORE_LOOKS = 100; // what was left open by earlier chunks has had time
const PAUSE_BETWEEN_LOOKS = 1500;

class Page {
  constructor(form) {
    this.form = form;
    this.view = new View(form);
    this.server = new Server(form, (name) => this.view.text(name));
    this.memory = new Memory(form, this.view);
    this.source = this.memory.source;
    this.turn = 0; // what was begun in an earlier turn is dropped when something else is asked for
    this.isRunning = false;
    this.isStopped = false;
    this.isOver = false; // nothing can be sent from this page any more
    this.run = this.emptyRun();
  }

  emptyRun() {
    return new Run(Number(this.form.dataset.chunk));
  }

  // --- the plan ----------------------------------------------------------------------------------------------------

  async makePlan() {
    const turn = ++this.turn;
    const rows = [];
    this.run = this.emptyRun();
    this.view.fresh();
    this.view.part("run").disabled = true;
    this.view.part("csv").disabled = true;
    this.view.rows([]);
    const mode = this.form.querySelector("input[name=mode]:checked").value;
    const wished = { mode, dead: JSON.stringify(this.view.dead()) };
    for await (const answer of this.server.plan(this.source, wished)) {
      if (turn !== this.turn) {
        return;
      }
      if (answer.stop) {
        this.stop(answer);
        this.view.show("again", !this.isOver);
        return;
      }
      rows.push(...answer.rows);
      this.view.head(this.view.counted("Reading", rows.length));
    }
    this.run.setPlan(rows);
    this.view.plan(this.run);
  }

  // --- the run -----------------------------------------------------------------------------------------------------

  async start() {
    this.turn++;
    this.isRunning = this.run.isBegun = true;
    this.isStopped = false;
    this.memory.begin(this.run.rows);
    this.view.begun();
    this.view.progress(this.run, false);
    this.memory.hold();
    for (let chunk = this.run.nextChunk(); chunk.length && !this.isStopped; chunk = this.run.nextChunk()) {
      await this.carryOut(chunk);
    }
    this.isRunning = false;
    this.memory.release(false);
    this.view.ended(this.run.pending().length > 0 && !this.isOver);
    await this.lookAgain(++this.turn);
  }

  async carryOut(chunk) {
    const begun = Date.now();
    this.memory.sending(chunk);
    const answer = await this.server.apply(chunk, this.view.counted("LostRun", chunk.length));
    const nobodyKnows = { class: "unknown", level: "warning", said: this.view.text("LostRow"), repairs: [], request_id: "" };
    this.run.take(chunk, answer, (Date.now() - begun) / 1000, nobodyKnows);
    this.memory.took(chunk);
    chunk.forEach((row) => this.view.result(row));
    if (answer.pause || answer.stop) {
      this.isStopped = true;
      this.stop(answer);
    }
    this.view.progress(this.run, this.isStopped);
  }

  // Some resets are applied a moment after their chunk was answered: a few more looks before the summary stands.
  async lookAgain(turn) {
    for (let look = 0; look < LOOKS && !this.isOver; look++) {
      const open = this.run.open();
      if (!open.length) {
        break;
      }
      this.view.summary(this.run, false);
      await pause(look ? PAUSE_BETWEEN_LOOKS : PAUSE_BEFORE_LOOKS);
      if (turn !== this.turn) {
        return;
      }
      const answer = await this.server.look(open);
      if (turn !== this.turn) {
        return;
      }
      (answer.results || []).forEach((result, index) => {
        this.run.takeLook(open[index], result);
        this.view.result(open[index]);
      });
      if (answer.stop) {
        this.stop(answer);
        break;
      }
    }
    this.memory.looked(this.run.rows.filter((row) => row.looks));
    this.view.summary(this.run, true);
  }

  stop(answer) {
    this.isOver = this.isOver || Boolean(answer.log_in || answer.is_over);
    this.view.show("log-in", Boolean(answer.log_in));
    this.view.pause(answer.pause ? this.view.text("Paused", { why: answer.pause }) : answer.stop);
  }

  saveCsv() {
    saveCsv(this.form, this.run);
    if (!this.isRunning) {
      this.memory.release(true);
    }
  }

  // A run as this tab kept it: it can be read and saved, and nothing of it can be sent.
  showKept(found) {
    this.turn++;
    this.run = this.emptyRun();
    this.run.restore(found.rows);
    this.memory.show(this.run, found);
  }

  // --- the page ----------------------------------------------------------------------------------------------------

  listen() {
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("change", (event) => {
      if (!this.run.isBegun && event.target.closest("#bulk-mode, #bulk-hosts")) {
        this.makePlan();
      }
    });
    const pressed = {
      run: () => this.start(),
      resume: () => this.start(),
      again: () => this.makePlan(),
      csv: () => this.saveCsv(),
      earlier: () => this.showKept(this.memory.earlier),
      more: () => this.view.moreRows(this.run.rows),
      stop: () => {
        this.isStopped = true;
        this.view.part("stop").classList.add("disabled");
        this.view.progress(this.run, true);
      },
    };
    Object.entries(pressed).forEach(([id, action]) => this.view.part(id).addEventListener("click", action));
    this.view.show("all", true);
  }

  begin() {
    const { shown, isMissing } = this.memory;
    if (shown) {
      this.showKept(shown);
    } else if (isMissing) {
      this.view.show("run", false);
      this.view.head(this.view.text("KeptNowhere"));
    } else {
      this.makePlan();
    }
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => { window.setTimeout(resolve, milliseconds); });
}

const form = document.getElementById("bulk");
if (form) {
  forgetOnSignOut(form);
  const page = new Page(form);
  page.listen();
  page.begin();
}
