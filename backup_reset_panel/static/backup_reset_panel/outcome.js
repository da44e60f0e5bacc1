// SPDX-License-Identifier: Apache-2.0
// Watches on a reset whose outcome is still open, and brings the row behind the dialog up to date.
// A comfort: without it, "Check again" and a reload of the page do the same.
(function () {
  "use strict";

  var FIRST_PAUSE = 1000;
  var LONGEST_PAUSE = 15000;
  var LONGEST_WATCH = 30 * 60 * 1000; // each look keeps the session alive: an idle dialog must not do so for ever

  function watch(form, pause, until) {
    if (!document.body.contains(form) || Date.now() > until) {
      return;
    }
    if (document.hidden) {
      document.addEventListener("visibilitychange", function seen() {
        document.removeEventListener("visibilitychange", seen);
        watch(form, FIRST_PAUSE, until);
      });
      return;
    }
    window.setTimeout(function () {
      look(form).then(function (next) {
        if (next) {
          watch(next, Math.min(pause * 1.5, LONGEST_PAUSE), until);
        }
      }, function () {
        note(form, true);
        watch(form, LONGEST_PAUSE, until);
      });
    }, pause);
  }

  // Says, or no longer says, that the last look failed.
  function note(form, isShown) {
    form.querySelector("#backup-reset-unanswered").classList.toggle("hidden", !isShown);
  }

  // Asks once; shows what it is told; gives back the form to watch on, or null when there is nothing more to see. Fails
  // where the answer is no outcome, but a problem or a proxy's own page: then it is worth another look.
  function look(form) {
    return fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { "X-Requested-With": "XMLHttpRequest" },
      credentials: "same-origin"
    }).then(function (response) {
      if (response.status === 401) {
        window.location.href = response.headers.get("X-Horizon-Location") || window.location.href;
        return null;
      }
      if (response.headers.has("X-Horizon-Location")) {
        note(form, true); // sent elsewhere, since the token is too old: it will not get younger
        return null;
      }
      if (!response.ok) {
        throw new Error(response.status);
      }
      return response.text();
    }).then(function (text) {
      if (text === null || !document.body.contains(form)) {
        return null;
      }
      var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("#backup_reset_dialog form[data-outcome]");
      if (!fresh) {
        throw new Error("no outcome");
      }
      return put(form, fresh);
    });
  }

  // Shows what is new, and leaves the form and the focus alone where nothing is.
  function put(form, fresh) {
    if (fresh.elements.ticket && fresh.textContent === form.textContent) {
      form.elements.ticket.value = fresh.elements.ticket.value;
      note(form, false);
      return form;
    }
    var isHere = document.activeElement.contains(form) || form.contains(document.activeElement);
    form.replaceWith(fresh);
    if (isHere) {
      fresh.querySelector("[data-news]").focus({ preventScroll: true });
    }
    return start(fresh);
  }

  function refreshRow(form) {
    var row = document.querySelector('tr[data-update-url][data-object-id="' + form.dataset.backup + '"]');
    if (!row) {
      return;
    }
    fetch(row.dataset.updateUrl, { headers: { "X-Requested-With": "XMLHttpRequest" }, credentials: "same-origin" })
      .then(function (response) { return response.ok ? response.text() : ""; })
      .then(function (text) {
        var body = new DOMParser().parseFromString("<table>" + text + "</table>", "text/html");
        var fresh = body.querySelector("tr");
        if (fresh && document.body.contains(row)) {
          var hadFocus = row.contains(document.activeElement);
          row.replaceWith(fresh);
          if (hadFocus) {
            window.backupReset.focusAction(form.dataset.backup);
          }
        }
      });
  }

  // Gives back the form if there is more to see, null otherwise.
  function start(form) {
    form.dataset.watched = "yes";
    if (form.querySelector("input[name=ticket]")) {
      return form;
    }
    refreshRow(form);
    return null;
  }

  document.querySelectorAll("#backup_reset_dialog form[data-outcome]:not([data-watched])").forEach(function (form) {
    var open = start(form);
    if (open) {
      watch(open, FIRST_PAUSE, Date.now() + LONGEST_WATCH);
    }
  });
})();
