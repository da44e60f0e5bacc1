// SPDX-License-Identifier: Apache-2.0
// Keeps the Stuck Backups page current by one request for all of it: less and less often while nothing changes, never in a
// hidden tab, and not for longer than half an hour without input, since each request keeps the session alive.
(function () {
  "use strict";

  var page = document.getElementById("stuck-backups");
  if (!page) {
    return;
  }
  var SHORTEST = 5000;
  var LONGEST = 60000;
  var IDLE_LIMIT = 30 * 60 * 1000;
  var pause = SHORTEST;
  var lastInput = Date.now();
  var timer = null;

  function schedule() {
    window.clearTimeout(timer);
    if (Date.now() - lastInput > IDLE_LIMIT) {
      setPaused(true);
      return;
    }
    timer = window.setTimeout(refresh, pause);
  }

  function refresh() {
    if (document.hidden || isBusy()) {
      schedule();
      return;
    }
    fetch(window.location.href, { headers: { "X-Requested-With": "XMLHttpRequest" }, credentials: "same-origin" })
      .then(function (response) {
        if (response.status === 401) {
          window.location.href = response.headers.get("X-Horizon-Location") || window.location.href;
        }
        return response.ok ? response.text() : "";
      })
      .catch(function () { return ""; })
      .then(function (html) {
        pause = html && !isBusy() && put(html) ? SHORTEST : Math.min(pause * 1.5, LONGEST);
        schedule();
      });
  }

  // An open menu, a dialog or a field that is being filled in is not taken away from under somebody's hands.
  function isBusy() {
    return Boolean(document.querySelector("#stuck-backups .open, #modal_wrapper .modal")) ||
      Boolean(document.activeElement && document.activeElement.closest("#stuck-filters"));
  }

  // Puts the fresh page in; keeps ticks and focus. Gives back whether anything but the time had changed.
  function put(html) {
    var fresh = new DOMParser().parseFromString("<div>" + html + "</div>", "text/html").body.firstChild;
    var ticked = Array.prototype.map.call(page.querySelectorAll("input.table-row-multi-select:checked"), function (box) {
      return box.value;
    });
    var focused = document.activeElement && page.contains(document.activeElement) ? document.activeElement.id : "";
    var isChanged = rowsOf(fresh) !== rowsOf(page);
    page.replaceChildren.apply(page, fresh.childNodes);
    ticked.forEach(function (value) {
      var box = page.querySelector('input.table-row-multi-select[value="' + value + '"]');
      if (box) {
        box.checked = true;
      }
    });
    if (focused && document.getElementById(focused)) {
      document.getElementById(focused).focus();
    }
    if (window.horizon && window.horizon.datatables) {
      window.horizon.datatables.validate_button();
    }
    return isChanged;
  }

  function rowsOf(element) {
    return Array.prototype.map.call(element.querySelectorAll("tr[data-object-id]"), function (row) {
      return row.dataset.objectId + (row.querySelector(".label, td") || row).className;
    }).join(" ");
  }

  function setPaused(isPaused) {
    var note = document.getElementById("stuck-paused");
    if (note) {
      note.classList.toggle("hidden", !isPaused);
    }
  }

  ["keydown", "mousedown", "mousemove", "touchstart"].forEach(function (name) {
    document.addEventListener(name, function () {
      var wasIdle = Date.now() - lastInput > IDLE_LIMIT;
      lastInput = Date.now();
      if (wasIdle) {
        setPaused(false);
        refresh();
      }
    }, { passive: true });
  });
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden) {
      pause = SHORTEST;
      schedule();
    }
  });
  schedule();
})();
