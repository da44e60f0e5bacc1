// SPDX-License-Identifier: Apache-2.0
// Keeps the Stuck Backups page current by one request for all of it: less and less often while nothing changes, never in a
// hidden tab, and not for longer than half an hour without input, since each request keeps the session alive.

import { get, leftForLogIn, parsed } from "../request.js";
import { forgetOnSignOut } from "../signout.js";
import { Hosts } from "./hosts.js";
import { Ids } from "./ids.js";
import { Live } from "./live.js";
import { OnStore } from "./storage.js";

const SHORTEST = 5000;
const LONGEST = 60000;
const IDLE_LIMIT = 30 * 60 * 1000;
// To move the mouse is input too, but does not end a pause: what is on the page would change while it is on its way.
const ENDING_A_PAUSE = ["keydown", "mousedown", "touchstart"];
const OTHER_INPUT = ["mousemove", "wheel"];

class Poll {
  constructor(page) {
    this.live = new Live(page);
    this.onStore = new OnStore(page);
    this.pause = 0; // nothing was asked yet
    this.lastInput = Date.now();
    this.timer = null;
    this.isAsking = false;
  }

  isIdle() {
    return Date.now() - this.lastInput > IDLE_LIMIT;
  }

  schedule() {
    const refresh = () => this.refresh();
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(refresh, this.pause);
  }

  async refresh() {
    window.clearTimeout(this.timer);
    if (this.isIdle()) {
      show("paused", true);
      return;
    }
    // A dialog looks after its own backup; the page behind it has time.
    if (!document.hidden && !this.isAsking && !document.querySelector("#modal_wrapper .modal")) {
      this.isAsking = true;
      const fresh = await answer();
      this.isAsking = false;
      show("stale", !fresh);
      const isChanged = fresh && this.live.put(fresh);
      this.onStore.fill();
      this.pause = isChanged || !this.pause ? SHORTEST : Math.min(this.pause * 1.5, LONGEST);
    }
    this.schedule();
  }

  takeUpAgain() {
    this.lastInput = Date.now();
    this.pause = SHORTEST;
    show("paused", false);
    this.refresh();
  }

  noteInput(endsPause) {
    if (endsPause && this.isIdle()) {
      this.takeUpAgain();
    } else if (!this.isIdle()) {
      this.lastInput = Date.now();
    }
  }

  listen() {
    for (const name of [...ENDING_A_PAUSE, ...OTHER_INPUT]) {
      document.addEventListener(name, () => this.noteInput(ENDING_A_PAUSE.includes(name)), { passive: true });
    }
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) {
        this.takeUpAgain();
      }
    });
    // The row of a dialog that was closed is brought up to date at once. By jQuery, since Bootstrap's events are its own; a
    // moment later, since the dialog is still there now.
    window.jQuery(document).on("hidden.bs.modal", () => { window.setTimeout(() => this.takeUpAgain(), 0); });
  }
}

// The page's live part as it is now, or null.
async function answer() {
  try {
    const response = await get(window.location.href);
    if (leftForLogIn(response) || !response.ok) {
      return null;
    }
    const fresh = parsed(await response.text()).body;
    return fresh.querySelector("#stuck-head") ? fresh : null;
  } catch {
    return null;
  }
}

function show(name, isShown) {
  document.getElementById(`stuck-${name}`).classList.toggle("hidden", !isShown);
}

const page = document.getElementById("stuck-backups");
if (page) {
  const poll = new Poll(page);
  poll.listen();
  // After the page's parts were remembered as the server made them.
  new Ids(page).listen();
  new Hosts(page).listen();
  forgetOnSignOut(page);
  // At once, after Horizon's own scripts have made the tables: counts and locked volumes come with the first answer.
  window.jQuery(() => poll.refresh());
}
