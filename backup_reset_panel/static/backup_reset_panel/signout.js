// SPDX-License-Identifier: Apache-2.0
// What the tab keeps of bulk runs goes with its owner: on signing out, and when somebody else comes.

import { Kept } from "./bulk/kept.js";

// The storage of this tab, null where the browser lets us have none.
export function tabStorage() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

// element: that says who is signed in, and where one signs out.
export function forgetOnSignOut(element) {
  const kept = new Kept(tabStorage(), { user: element.dataset.userId, region: "" });
  kept.purge();
  const path = new URL(element.dataset.signOutUrl, window.location.href).pathname;
  const forget = (address) => {
    if (new URL(address, window.location.href).pathname === path) {
      kept.forgetAll();
    }
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link) {
      forget(link.href);
    }
  }, { capture: true });
  document.addEventListener("submit", (event) => forget(event.target.action), { capture: true });
}
