// SPDX-License-Identifier: Apache-2.0
// Has the backup looked at on its store once its dialog is open, and puts what that brings in the dialog's place.
// A comfort: without it, the link in the dialog does the same. Before Available is sent from Creating, the server looks anyway.

import { get, leftForLogIn, parsed } from "../request.js";

const FORM = "#backup_reset_dialog form";
const LINE = "#backup-reset-store";

async function check(form) {
  const line = form.querySelector(LINE);
  if (!line) {
    return;
  }
  const [busy, failed] = line.querySelectorAll("span.hidden");
  const link = line.querySelector("a");
  const closing = new AbortController();
  let isTouched = Boolean(form.dataset.touched); // a choice that was sent, and not taken, was made as well
  window.jQuery(form).closest(".modal").one("hide.bs.modal", () => closing.abort());
  form.addEventListener("change", () => { isTouched = true; });
  busy.classList.remove("hidden");
  link.classList.add("hidden");
  try {
    const response = await get(line.dataset.url, closing.signal);
    if (leftForLogIn(response)) {
      return;
    }
    const fresh = response.ok && parsed(await response.text()).querySelector(FORM);
    if (!fresh || !fresh.querySelector("[name=stored]")) {
      throw new Error("no answer from the store");
    }
    put(form, line, fresh, isTouched);
  } catch {
    busy.classList.add("hidden");
    failed.classList.remove("hidden");
    link.classList.remove("hidden");
  }
}

// The dialog as it is with the store's word. Under a choice that somebody has made, only that word.
function put(form, line, fresh, isTouched) {
  if (!document.body.contains(form)) {
    return;
  }
  if (isTouched) {
    const told = fresh.querySelector("#backup-reset-stored") || fresh.querySelector("#backup-reset-verdict");
    line.textContent = told.textContent.trim();
    line.after(...fresh.querySelectorAll("#backup-reset-read"));
    return;
  }
  const hadFocus = form.contains(document.activeElement);
  form.replaceWith(fresh);
  if (hadFocus) {
    fresh.querySelector("#backup-reset-verdict").focus({ preventScroll: true });
  }
}

function startAll() {
  for (const form of document.querySelectorAll(`${FORM}:not([data-checked])`)) {
    form.dataset.checked = "yes";
    check(form);
  }
}

// This runs once a page; Horizon says when it has put another dialog in.
window.jQuery(document).on("new_modal", startAll);
startAll();
