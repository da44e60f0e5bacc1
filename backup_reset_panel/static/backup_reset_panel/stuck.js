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
  var ROW = "tr[data-object-id]";
  var served = new WeakMap();
  var pause = SHORTEST;
  var lastInput = Date.now();
  var timer = null;
  var isAsking = false;

  function isIdle() {
    return Date.now() - lastInput > IDLE_LIMIT;
  }

  function schedule() {
    window.clearTimeout(timer);
    timer = window.setTimeout(refresh, pause);
  }

  function refresh() {
    window.clearTimeout(timer);
    if (isIdle()) {
      show("paused", true);
      return;
    }
    // A dialog looks after its own backup; the page behind it has time.
    if (document.hidden || isAsking || document.querySelector("#modal_wrapper .modal")) {
      schedule();
      return;
    }
    isAsking = true;
    fetch(window.location.href, { headers: { "X-Requested-With": "XMLHttpRequest" }, credentials: "same-origin" })
      .then(function (response) {
        if (response.status === 401) {
          window.location.href = response.headers.get("X-Horizon-Location") || window.location.href;
        }
        return response.ok ? response.text() : "";
      })
      .catch(function () { return ""; })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").body;
        var isAnswer = Boolean(fresh.querySelector("#stuck-head"));
        isAsking = false;
        show("stale", !isAnswer);
        pause = isAnswer && put(fresh) ? SHORTEST : Math.min(pause * 1.5, LONGEST);
        schedule();
      });
  }

  function show(name, isShown) {
    document.getElementById("stuck-" + name).classList.toggle("hidden", !isShown);
  }

  // Puts in what is new, part by part, and leaves alone what is not: ticks, focus, menus, the place scrolled to, and what
  // Horizon's scripts made of the tables stay. Gives back whether anything but the time had changed.
  function put(fresh) {
    var isChanged = told(fresh) !== told(page);
    var focused = document.activeElement;
    var beside = besideRowOf(focused);
    page.querySelectorAll("[data-live]").forEach(function (part) {
      var other = fresh.querySelector("#" + part.id);
      part.className = other.className;
      keepFolds(other);
      if (part.dataset.live === "rows") {
        putTable(part, other);
      } else if (part.dataset.live === "whole" && part.innerHTML !== other.innerHTML) {
        part.replaceChildren.apply(part, other.childNodes);
      }
    });
    if (focused !== document.activeElement) {
      (page.contains(focused) ? focused : document.getElementById(focused.id) || beside()).focus({ preventScroll: true });
    }
    return isChanged;
  }

  // Lets what was unfolded stay so.
  function keepFolds(fresh) {
    fresh.querySelectorAll("details[id]").forEach(function (fold) {
      var present = document.getElementById(fold.id);
      fold.open = Boolean(present && present.open);
    });
  }

  // Gives back a function that finds where the focus goes when the row that it is in is gone: to the action of the row that
  // has moved up into its place, or is the last one now; to the open tile where no row is left.
  function besideRowOf(focused) {
    var row = focused.closest(ROW);
    var table = row && row.closest("table").id;
    var index = row && row.sectionRowIndex;
    return function () {
      var rows = table ? document.querySelectorAll("#" + table + " " + ROW) : [];
      var next = rows[Math.min(index, rows.length - 1)];
      return (next && next.querySelector(".actions_column .btn")) || document.querySelector(".backup-reset-tiles .active a");
    };
  }

  // A table without rows has neither tick boxes nor a button: with the first row it comes anew.
  function putTable(part, fresh) {
    var tables = window.horizon.datatables;
    if (!part.querySelector(ROW) && fresh.querySelector(ROW)) {
      part.replaceChildren.apply(part, fresh.childNodes);
      tables.initialize_checkboxes_behavior();
      tables.disable_buttons();
      tables.disable_actions_on_submit(window.jQuery(part).find(".table_wrapper > form"));
      remember(part);
    } else {
      putRows(part.querySelector("tbody"), fresh.querySelector("tbody"));
    }
    afterRows(window.jQuery(part).find("table"));
  }

  function putRows(body, fresh) {
    var present = Array.prototype.slice.call(body.rows);
    var rows = Array.prototype.map.call(fresh.rows, function (row) {
      var old = present.find(function (each) { return each.dataset.objectId && each.dataset.objectId === row.dataset.objectId; });
      return old ? putCells(old, row) : row;
    });
    if (rows.length !== present.length || rows.some(function (row, index) { return row !== present[index]; })) {
      body.replaceChildren.apply(body, rows);
    }
    remember(body);
  }

  function putCells(row, fresh) {
    row.setAttribute("data-display", fresh.getAttribute("data-display"));
    Array.prototype.forEach.call(row.cells, function (cell, index) {
      // A tick box is never another one, but for the id that Horizon makes up each time, and its name.
      if (cell.classList.contains("multi_select_column")) {
        nameBox(cell, fresh.cells[index].querySelector("input"));
      } else if (served.get(cell) !== fresh.cells[index].innerHTML) {
        cell.innerHTML = fresh.cells[index].innerHTML;
        served.delete(cell);
      }
    });
    return row;
  }

  // Keeps what the server made of each cell, before scripts open menus in it.
  function remember(element) {
    element.querySelectorAll(ROW + " > td").forEach(function (cell) {
      if (!served.has(cell)) {
        served.set(cell, cell.innerHTML);
      }
    });
  }

  // What Horizon's scripts do when a page is loaded, and after rows came or went.
  function afterRows(table) {
    var tables = window.horizon.datatables;
    tables.add_table_checkboxes(table.parent());
    nameHeaderBoxes();
    if (table.hasClass("tablesorter")) {
      table.trigger("update");
    } else {
      tables.set_table_sorting(table.parent());
    }
    tables.update_header_checkbox(table);
    tables.validate_button(table.closest("form"));
  }

  function nameBox(cell, fresh) {
    var box = cell.querySelector("input");
    if (box && fresh) {
      box.setAttribute("aria-label", fresh.getAttribute("aria-label"));
    }
  }

  // Horizon's script makes the boxes that tick all; they have no name for those who do not see what is below them.
  function nameHeaderBoxes() {
    page.querySelectorAll(".multi-select-header").forEach(function (box) {
      box.setAttribute("aria-label", page.dataset.textSelectAll);
    });
  }

  // What the rows say, but for the time.
  function told(element) {
    return Array.prototype.map.call(element.querySelectorAll(ROW), function (row) {
      return row.dataset.objectId + row.textContent.replace(/[\d\s]+/g, "");
    }).join();
  }

  function takeUpAgain() {
    lastInput = Date.now();
    pause = SHORTEST;
    show("paused", false);
    refresh();
  }

  // To move the mouse is input too, but does not end a pause: what is on the page would change while it is on its way.
  ["keydown", "mousedown", "touchstart", "mousemove", "wheel"].forEach(function (name, index) {
    document.addEventListener(name, function () {
      if (index < 3 && isIdle()) {
        takeUpAgain();
      } else if (!isIdle()) {
        lastInput = Date.now();
      }
    }, { passive: true });
  });
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden) {
      takeUpAgain();
    }
  });
  // The row of a dialog that was closed is brought up to date at once. By jQuery, since Bootstrap's events are its own;
  // a moment later, since the dialog is still there now.
  window.jQuery(document).on("hidden.bs.modal", function () {
    window.setTimeout(takeUpAgain, 0);
  });
  window.jQuery(nameHeaderBoxes); // Horizon makes them when the page is ready; its function was there first
  remember(page);
  schedule();
})();
