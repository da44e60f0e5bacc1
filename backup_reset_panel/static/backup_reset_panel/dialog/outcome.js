// SPDX-License-Identifier: Apache-2.0
// Watches on a reset whose outcome is still open, and brings the row behind the dialog up to date.
// A comfort: without it, "Check again" and a reload of the page do the same.

import { get, leftForLogIn, parsed, post } from "../request.js";
import { focusAction } from "./dialog.js";

const FORM = "#backup_reset_dialog form[data-outcome]";
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15000;
const LONGEST_WATCH = 30 * 60 * 1000; // each look keeps the session alive: an idle dialog must not do so for ever

async function watch(first) {
  const until = Date.now() + LONGEST_WATCH;
  let form = first;
  let wait = FIRST_PAUSE;
  while (form) {
    await pause(wait);
    if (document.hidden) {
      await shown();
      wait = FIRST_PAUSE;
    }
    if (!document.body.contains(form) || Date.now() > until) {
      return;
    }
    try {
      form = await look(form);
      wait = Math.min(wait * 1.5, LONGEST_PAUSE);
    } catch {
      note(form, true);
      wait = LONGEST_PAUSE;
    }
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => { window.setTimeout(resolve, milliseconds); });
}

// Until somebody sees the page.
function shown() {
  return new Promise((resolve) => { document.addEventListener("visibilitychange", resolve, { once: true }); });
}

// Says, or no longer says, that the last look failed.
function note(form, isShown) {
  form.querySelector("#backup-reset-unanswered").classList.toggle("hidden", !isShown);
}

// Asks once and shows the answer. The form to watch on, or null when there is nothing more to see. Fails where the answer is no
// outcome, but a problem or a proxy's own page: then it is worth another look.
async function look(form) {
  const response = await post(form.action, new FormData(form));
  if (leftForLogIn(response)) {
    return null;
  }
  if (response.headers.has("X-Horizon-Location")) {
    note(form, true); // sent elsewhere, since the token is too old: it will not get younger
    return null;
  }
  if (!response.ok) {
    throw new Error(response.status);
  }
  const text = await response.text();
  if (!document.body.contains(form)) {
    return null;
  }
  const fresh = parsed(text).querySelector(FORM);
  if (!fresh) {
    throw new Error("no outcome");
  }
  return put(form, fresh);
}

// Shows what is new, and leaves the form and the focus alone where nothing is.
function put(form, fresh) {
  if (fresh.elements.token && fresh.textContent === form.textContent) {
    form.elements.token.value = fresh.elements.token.value;
    note(form, false);
    return form;
  }
  const isHere = document.activeElement.contains(form) || form.contains(document.activeElement);
  form.replaceWith(fresh);
  if (isHere) {
    fresh.querySelector("[data-news]").focus({ preventScroll: true });
  }
  return start(fresh);
}

async function refreshRow(backup) {
  const row = document.querySelector(`tr[data-update-url][data-object-id="${CSS.escape(backup)}"]`);
  if (!row) {
    return;
  }
  const response = await get(row.dataset.updateUrl);
  const fresh = response.ok && parsed(`<table>${await response.text()}</table>`).querySelector("tr");
  if (fresh && document.body.contains(row)) {
    const hadFocus = row.contains(document.activeElement);
    row.replaceWith(fresh);
    if (hadFocus) {
      focusAction(backup);
    }
  }
}

// The form if there is more to see, null otherwise.
function start(form) {
  form.dataset.watched = "yes";
  if (form.elements.token) {
    return form;
  }
  refreshRow(form.dataset.backup);
  return null;
}

function startAll() {
  for (const form of document.querySelectorAll(`${FORM}:not([data-watched])`)) {
    watch(start(form));
  }
}

// This runs once a page; Horizon says when it has put another dialog in.
window.jQuery(document).on("new_modal", startAll);
startAll();
