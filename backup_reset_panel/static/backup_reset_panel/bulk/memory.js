// SPDX-License-Identifier: Apache-2.0
// What the page of a bulk run remembers in its tab, and what it shows of that after Back and reload.

import { tabStorage } from "../signout.js";
import { arrival } from "./arrival.js";
import { Kept } from "./kept.js";

export class Memory {
  constructor(form, view) {
    this.view = view;
    const { userId, region, bulkUrl, language } = form.dataset;
    this.language = language;
    this.kept = new Kept(tabStorage(), { user: userId, region });
    const lost = { class: "unknown", level: "warning", said: view.text("Left"), repairs: [], request_id: "" };
    const came = { isReturn: isReturn(), newName };
    const source = JSON.parse(form.elements.source.value);
    const found = arrival(source, this.kept, lost, came);
    Object.assign(this, found);
    if (found.isRenamed) {
      // The page came as the answer to a form, which Back and reload would send again.
      window.history.replaceState(null, "", `${bulkUrl}?run=${found.name}`);
    }
    if (found.isRenamed || !source.ids) {
      comeBackAfterLogIn(view.part("log-in"));
    }
    this.offerEarlier();
  }

  // Whether all of the run is kept.
  get isWhole() {
    return this.kept.isWhole;
  }

  // To leave the page is asked about from now on.
  hold() {
    window.addEventListener("beforeunload", warn);
  }

  // No more, if all of the run is kept or saved.
  release(isSaved) {
    if (isSaved || this.isWhole) {
      window.removeEventListener("beforeunload", warn);
    }
  }

  begin(rows) {
    this.kept.begin(this.name, this.source, rows);
    this.view.show("earlier", false);
    this.tell();
  }

  sending(rows) {
    this.kept.sending(this.name, rows);
  }

  took(rows) {
    this.kept.took(this.name, rows);
    this.tell();
  }

  looked(rows) {
    this.kept.looked(this.name, rows);
    this.tell();
  }

  // A moment as the page's language writes it, not the browser's.
  moment(at) {
    return new Date(at).toLocaleString(this.language || undefined);
  }

  // Shows a run that was kept.
  show(run, found) {
    const { view } = this;
    const isByKey = document.activeElement === view.part("earlier");
    view.fresh();
    view.begun();
    ["progress", "stop", "earlier"].forEach((id) => view.show(id, false));
    view.show("again", true);
    view.part("csv").disabled = false;
    view.rows(run.rows);
    view.summary(run, true);
    this.say("Kept", { at: this.moment(found.at) });
    if (isByKey) {
      view.part("again").focus();
    }
  }

  offerEarlier() {
    if (this.earlier) {
      this.view.part("earlier").textContent = this.view.text("Earlier", { at: this.moment(this.earlier.at) });
      this.view.show("earlier", true);
    }
  }

  // That not all is kept, if so.
  tell() {
    if (!this.isWhole) {
      this.say("NotKept");
    }
  }

  say(name, values) {
    const note = this.view.part("kept");
    const text = this.view.text(name, values);
    if (note.textContent !== text) {
      note.textContent = text;
    }
    this.view.show("kept", true);
  }
}

function warn(event) {
  event.preventDefault();
}

function isReturn() {
  const [how] = performance.getEntriesByType("navigation");
  return ["reload", "back_forward"].includes(how?.type);
}

// Not crypto.randomUUID, which pages that came by plain HTTP do not have.
function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function comeBackAfterLogIn(link) {
  const address = new URL(link.href);
  address.searchParams.set("next", window.location.pathname + window.location.search);
  link.href = address.href;
}
