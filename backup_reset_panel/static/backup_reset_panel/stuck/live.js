// SPDX-License-Identifier: Apache-2.0
// Puts what the server answered into the Stuck Backups page, part by part, and leaves alone what is the same: ticks, focus,
// menus, the place scrolled to, and what Horizon's scripts made of the tables stay.

const ROW = "tr[data-object-id]";

export class Live {
  // page: the element whose parts are marked by data-live.
  constructor(page) {
    this.page = page;
    this.served = new WeakMap(); // cell to what the server made of it, before scripts opened menus in it
    this.remember(page);
    // Horizon makes these boxes when the page is ready; its function was there first.
    window.jQuery(() => this.nameHeaderBoxes());
  }

  // Whether anything but the time has changed.
  put(fresh) {
    const isChanged = said(fresh) !== said(this.page);
    const focused = document.activeElement;
    const beside = besideRowOf(focused);
    for (const part of this.page.querySelectorAll("[data-live]")) {
      const other = fresh.querySelector(`#${part.id}`);
      part.className = other.className;
      keepFolds(other);
      if (part.dataset.live === "rows") {
        this.putTable(part, other);
      } else if (part.dataset.live === "whole" && part.innerHTML !== other.innerHTML) {
        part.replaceChildren(...other.childNodes);
      }
    }
    if (focused !== document.activeElement) {
      const next = this.page.contains(focused) ? focused : document.getElementById(focused.id) || beside();
      next.focus({ preventScroll: true });
    }
    return isChanged;
  }

  // A table without rows has neither tick boxes nor a button: with the first row it comes anew.
  putTable(part, fresh) {
    const tables = window.horizon.datatables;
    if (!part.querySelector(ROW) && fresh.querySelector(ROW)) {
      part.replaceChildren(...fresh.childNodes);
      tables.initialize_checkboxes_behavior();
      tables.disable_buttons();
      tables.disable_actions_on_submit(window.jQuery(part).find(".table_wrapper > form"));
      this.remember(part);
    } else {
      this.putRows(part.querySelector("tbody"), fresh.querySelector("tbody"));
    }
    this.afterRows(window.jQuery(part).find("table"));
  }

  putRows(body, fresh) {
    const present = [...body.rows];
    const byId = new Map(present.filter((row) => row.dataset.objectId).map((row) => [row.dataset.objectId, row]));
    const rows = [...fresh.rows].map((row) => {
      const old = byId.get(row.dataset.objectId);
      return old ? this.putCells(old, row) : row;
    });
    if (rows.length !== present.length || rows.some((row, index) => row !== present[index])) {
      body.replaceChildren(...rows);
    }
    this.remember(body);
  }

  putCells(row, fresh) {
    row.setAttribute("data-display", fresh.getAttribute("data-display"));
    [...row.cells].forEach((cell, index) => {
      const other = fresh.cells[index];
      // A tick box is never another one, but for the id that Horizon makes up each time, and its name.
      if (cell.classList.contains("multi_select_column")) {
        nameBox(cell.querySelector("input"), other.querySelector("input"));
      } else if (this.served.get(cell) !== other.innerHTML) {
        cell.innerHTML = other.innerHTML;
        this.served.delete(cell);
      }
    });
    return row;
  }

  remember(element) {
    for (const cell of element.querySelectorAll(`${ROW} > td`)) {
      if (!this.served.has(cell)) {
        this.served.set(cell, cell.innerHTML);
      }
    }
  }

  // What Horizon's scripts do when a page is loaded, and after rows came or went.
  afterRows(table) {
    const tables = window.horizon.datatables;
    tables.add_table_checkboxes(table.parent());
    this.nameHeaderBoxes();
    if (table.hasClass("tablesorter")) {
      table.trigger("update");
    } else {
      tables.set_table_sorting(table.parent());
    }
    tables.update_header_checkbox(table);
    tables.validate_button(table.closest("form"));
  }

  // Horizon's script makes the boxes that tick all; they have no name for those who do not see what is below them.
  nameHeaderBoxes() {
    for (const box of this.page.querySelectorAll(".multi-select-header")) {
      box.setAttribute("aria-label", this.page.dataset.textSelectAll);
    }
  }
}

function nameBox(box, fresh) {
  if (box && fresh) {
    box.setAttribute("aria-label", fresh.getAttribute("aria-label"));
  }
}

// What the live rows say, but for the time, and for what their stores say, which is not the server's answer.
function said(element) {
  return [...element.querySelectorAll(`[data-live] ${ROW}`)].map((row) => row.dataset.objectId + saidBy(row)).join();
}

function saidBy(row) {
  const cells = [...row.cells].filter((cell) => !cell.querySelector("[data-on-store]"));
  return cells.map((cell) => cell.textContent).join(" ").replace(/[\d\s]+/g, "");
}

// Lets what was unfolded stay so.
function keepFolds(fresh) {
  for (const fold of fresh.querySelectorAll("details[id]")) {
    fold.open = Boolean(document.getElementById(fold.id)?.open);
  }
}

// A function that finds where the focus goes when the row that it is in is gone: to the action of the row that has moved up
// into its place, or is the last one now; to the open tile where no row is left.
function besideRowOf(focused) {
  const row = focused.closest(ROW);
  const table = row?.closest("table").id;
  const index = row?.sectionRowIndex;
  return () => {
    const rows = table ? document.querySelectorAll(`#${table} ${ROW}`) : [];
    const next = rows[Math.min(index, rows.length - 1)];
    return next?.querySelector(".actions_column .btn") || document.querySelector(".backup-reset-tiles .active a");
  };
}
