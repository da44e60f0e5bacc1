// SPDX-License-Identifier: Apache-2.0
// What every dialog of ours over a page needs: where the focus goes when it opens and when it closes, and the way to the
// log-in page when the session expired while it was open. A comfort: without it the dialogs work all the same.
//
// Each dialog brings this file along; as a module it runs once a page.

const DIALOG = "#backup_reset_dialog";
const $ = window.jQuery;

// Puts the focus on the button that opens the dialog of a backup or left-over; on that of the menu it is in, while that is
// closed.
export function focusAction(backup) {
  const row = `__row_${CSS.escape(backup)}__action_`;
  let action = document.querySelector(`[id$="${row}update_status"], [id$="${row}release"]`);
  if (action && !action.getClientRects().length) {
    action = action.closest(".btn-group").querySelector(".dropdown-toggle");
  }
  action?.focus({ preventScroll: true });
}

// Tells screen readers that it is a dialog, and whose: Horizon's frame says neither. A dialog that has nothing to say first has
// the focus itself, and with it is read out which backup it is about, and the verdict.
function introduce(dialog) {
  const about = ["backup-reset-name", "left-over-name", "backup-reset-verdict"].filter((id) => dialog.querySelector(`#${id}`));
  dialog.setAttribute("role", "dialog");
  dialog.setAttribute("aria-modal", "true");
  dialog.setAttribute("aria-labelledby", "backup-reset-title");
  if (about.length) {
    dialog.setAttribute("aria-describedby", about.join(" "));
  }
}

// Puts the focus on what a dialog has to say first, if it has something to say: a field that was refused, a notice, the
// outcome. Screen readers do not read out a status that was inserted with the dialog; they do read what has the focus.
//
// A box takes it only once our styles are there, which come anew with each dialog: until then Horizon's hide it.
function focusNews(dialog) {
  const news = dialog.querySelector("[aria-invalid=true]") || dialog.querySelector("[data-news]");
  news?.focus();
  if (news && document.activeElement === dialog) {
    const styles = dialog.querySelector("link[rel=stylesheet]");
    styles.addEventListener("load", () => document.activeElement === dialog && news.focus(), { once: true });
  }
}

// Horizon removes the dialog and leaves the focus on the page's body. A moment later, since the dialog that answers a form, or
// Horizon's "Working", may come in its place.
function focusActionAfter(dialog) {
  const { backup } = dialog.querySelector("form").dataset;
  window.setTimeout(() => {
    if (!document.querySelector("#modal_wrapper .modal") && document.activeElement === document.body) {
      focusAction(backup);
    }
  }, 0);
}

// Horizon would leave its "Working" on the page for ever, since it expects a redirect of its own to follow.
function leaveForLogIn(response, request) {
  const logIn = response.getResponseHeader("X-Horizon-Location");
  if (response.status === 401 && logIn && request.url.includes("/backup_reset/")) {
    window.location.href = logIn;
  }
}

$(document).on("show.bs.modal", DIALOG, (event) => introduce(event.currentTarget));
$(document).on("shown.bs.modal", DIALOG, (event) => focusNews(event.currentTarget));
$(document).on("hidden.bs.modal", DIALOG, (event) => focusActionAfter(event.currentTarget));
$(document).on("ajaxError", (event, response, request) => leaveForLogIn(response, request));
// The first dialog may be there before this is; then it has the focus already, and has to be read out anew.
for (const dialog of document.querySelectorAll(`${DIALOG}.modal`)) {
  introduce(dialog);
  if (document.activeElement === dialog) {
    dialog.blur();
    dialog.focus({ preventScroll: true });
  }
  focusNews(dialog);
}
