// SPDX-License-Identifier: Apache-2.0
// Has a backup's contents read on its store, step by step, and puts what was found into the dialog: in its place, or, under a
// choice that somebody has made already, beside it. It ends with the dialog.

import { leftForLogIn, parsed, post } from "../request.js";
import { Steps } from "./steps.js";

const FORM = "#backup_reset_dialog form";
const PART = "#backup-reset-read";

class Reading {
  constructor(part) {
    this.part = part;
    this.form = part.closest("form");
    this.closing = new AbortController();
    this.steps = new Steps((fields) => this.ask(fields), (milliseconds) => this.pause(milliseconds));
    this.depth = "";
    window.jQuery(part).closest(".modal").one("hide.bs.modal", () => this.stop());
  }

  // A dialog that is gone wants nothing more.
  get isHere() {
    return document.body.contains(this.part);
  }

  stop() {
    this.steps.stop();
    this.closing.abort();
  }

  pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = window.setTimeout(resolve, milliseconds);
      this.closing.signal.addEventListener("abort", () => { window.clearTimeout(timer); resolve(); }, { once: true });
    });
  }

  async ask(fields) {
    this.isAnswered = false;
    if (!this.isHere) {
      this.steps.stop();
      throw new Error("the dialog is gone");
    }
    const response = await post(this.part.dataset.url, this.withCsrf(fields), this.closing.signal);
    if (leftForLogIn(response)) {
      this.steps.stop();
    }
    const answer = await response.json();
    if (typeof answer.told !== "string") {
      throw new TypeError("no answer of ours");
    }
    return answer;
  }

  withCsrf(fields) {
    return { ...fields, csrfmiddlewaretoken: this.form.elements.csrfmiddlewaretoken.value };
  }

  async run(depth) {
    this.depth = depth || this.depth;
    this.closing = new AbortController();
    this.buttons(true);
    this.tell(this.part.dataset.textBegins, true);
    this.part.querySelector(".progress").classList.remove("hidden");
    this.button("stop").focus();
    const ending = await this.steps.run(this.depth, (answer, isNews) => this.show(answer, isNews));
    if (this.isHere) {
      await this.end(ending);
    }
  }

  show(answer, isNews) {
    if (!this.isHere) {
      return;
    }
    this.isAnswered = true;
    this.tell(answer.busy ? this.part.dataset.textBusy : answer.told, isNews);
    if (answer.percent !== null && answer.percent !== undefined) {
      const bar = this.part.querySelector(".progress-bar");
      bar.style.width = `${answer.percent}%`;
      bar.setAttribute("aria-valuenow", answer.percent);
      bar.setAttribute("aria-valuetext", answer.told);
    }
  }

  async end(ending) {
    // The button that has it is about to be hidden.
    const hadFocus = this.part.contains(document.activeElement);
    const { result } = this.steps;
    const words = { stopped: this.part.dataset.textStopped, broken: this.isAnswered ? "" : this.part.dataset.textLost };
    if (words[ending] && !result) {
      this.tell(words[ending], true);
    }
    this.buttons(false);
    this.button("again").classList.toggle("hidden", ending === "over" || !this.steps.place);
    if (hadFocus) {
      this.part.querySelector("[data-read]:not(.hidden)").focus();
    }
    if (result) {
      put(this.form, result);
      await this.retell(result);
    }
  }

  // The dialog with what was found in its words, unless a choice was made: then it stays beside it.
  async retell(result) {
    const fresh = this.form.dataset.touched ? null : await this.dialogWith(result);
    if (!fresh?.querySelector("#backup-reset-verdict") || !this.isHere || this.form.dataset.touched) {
      return;
    }
    const hadFocus = this.form.contains(document.activeElement);
    fresh.dataset.checked = "yes";
    this.form.replaceWith(fresh);
    if (hadFocus) {
      fresh.querySelector("#backup-reset-verdict").focus({ preventScroll: true });
    }
  }

  // The form of the dialog as the server makes it now, or null.
  async dialogWith(result) {
    try {
      const response = await post(this.form.action, this.withCsrf({ again: "yes", stored: "yes", read: result }));
      return !leftForLogIn(response) && response.ok ? parsed(await response.text()).querySelector(FORM) : null;
    } catch {
      return null;
    }
  }

  button(name) {
    return this.part.querySelector(`[data-read=${name}]`);
  }

  buttons(isRunning) {
    for (const name of ["all", "sample", "again"]) {
      this.button(name).classList.toggle("hidden", isRunning || name === "again");
    }
    this.button("stop").classList.toggle("hidden", !isRunning);
  }

  tell(text, isNews) {
    this.part.querySelector("[data-part=told]").textContent = text;
    if (isNews) {
      this.part.querySelector("[data-part=said]").textContent = text;
    }
  }
}

// What was found goes with the form.
function put(form, result) {
  const field = form.querySelector("[name=read]") || Object.assign(document.createElement("input"), { type: "hidden" });
  field.name = "read";
  field.value = result;
  form.append(field);
}

const readings = new WeakMap();

function clicked(button) {
  const part = button.closest(PART);
  const name = button.dataset.read;
  const known = readings.get(part);
  if (name === "stop") {
    known.stop();
    return;
  }
  const reading = name === "again" ? known : new Reading(part);
  readings.set(part, reading);
  reading.run(name === "again" ? "" : name);
}

// This runs once a page; dialogs come and go.
document.addEventListener("click", (event) => {
  const button = event.target.closest(`${PART} [data-read]`);
  if (button) {
    clicked(button);
  }
});
document.addEventListener("change", (event) => {
  const form = event.target.closest(FORM);
  if (form) {
    form.dataset.touched = "yes";
  }
});
