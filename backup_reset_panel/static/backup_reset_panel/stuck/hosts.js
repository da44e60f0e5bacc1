// SPDX-License-Identifier: Apache-2.0
// The fold "Hosts" of the Stuck Backups page: asked for when it is opened, and anew each time, so that nobody who leaves it
// closed waits for it or costs Cinder anything.

import { get, leftForLogIn, parsed } from "../request.js";

export class Hosts {
  // page: the element of the whole page, with the fold in it.
  constructor(page) {
    this.fold = page.querySelector("#stuck-hosts");
    this.body = page.querySelector("#stuck-hosts-body");
    this.isAsking = false;
  }

  listen() {
    this.fold.addEventListener("toggle", () => this.fill());
  }

  async fill() {
    if (!this.fold.open || this.isAsking) {
      return;
    }
    this.isAsking = true;
    this.show("waiting", true);
    this.show("lost", false);
    const part = await answer(this.body.dataset.url);
    if (part) {
      this.body.replaceChildren(part);
    }
    this.show("waiting", false);
    this.show("lost", !part);
    this.isAsking = false;
  }

  show(name, isShown) {
    this.fold.querySelector(`#stuck-hosts-${name}`).classList.toggle("hidden", !isShown);
  }
}

// The part of the page, or null.
async function answer(url) {
  try {
    const response = await get(url);
    if (leftForLogIn(response) || !response.ok) {
      return null;
    }
    return parsed(await response.text()).querySelector("#hosts-fold");
  } catch {
    return null;
  }
}
