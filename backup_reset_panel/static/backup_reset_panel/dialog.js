// SPDX-License-Identifier: Apache-2.0
// What every dialog of ours over a page needs: where the focus goes when it opens and when it closes, and the way to the
// log-in page when the session expired while it was open. A comfort: without it the dialogs work all the same.
(function () {
  "use strict";

  if (window.backupReset) {
    return; // each dialog brings this file along
  }
  var $ = window.jQuery;
  var DIALOG = "#backup_reset_dialog";

  // Puts the focus on the button that opens a backup's dialog; on that of the menu it is in, while that is closed.
  function focusAction(backup) {
    var action = document.querySelector('[id$="__row_' + window.CSS.escape(backup) + '__action_update_status"]');
    if (action && !action.getClientRects().length) {
      action = action.closest(".btn-group").querySelector(".dropdown-toggle");
    }
    if (action) {
      action.focus({ preventScroll: true });
    }
  }

  // Puts the focus on what a dialog has to say first, if it has something to say: a field that was refused, a notice, the
  // outcome. Screen readers do not read out a status that was inserted with the dialog; they do read what has the focus.
  function focusNews(dialog) {
    var news = dialog.querySelector("[aria-invalid=true]") || dialog.querySelector("[data-news]");
    if (news) {
      news.focus();
    }
  }

  $(document).on("shown.bs.modal", DIALOG, function () {
    focusNews(this);
  });

  // Horizon removes the dialog and leaves the focus on the page's body. A moment later, since the dialog that answers a
  // form, or Horizon's "Working", may come in its place.
  $(document).on("hidden.bs.modal", DIALOG, function () {
    var backup = this.querySelector("form").dataset.backup;
    window.setTimeout(function () {
      if (!document.querySelector("#modal_wrapper .modal") && document.activeElement === document.body) {
        focusAction(backup);
      }
    }, 0);
  });

  // Horizon would leave its "Working" on the page for ever, since it expects a redirect of its own to follow.
  $(document).on("ajaxError", function (event, response, request) {
    var logIn = response.getResponseHeader("X-Horizon-Location");
    if (response.status === 401 && logIn && request.url.indexOf("/backup_reset/") !== -1) {
      window.location.href = logIn;
    }
  });

  window.backupReset = { focusAction: focusAction };
})();
