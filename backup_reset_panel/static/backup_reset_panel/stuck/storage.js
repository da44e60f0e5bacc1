// SPDX-License-Identifier: Apache-2.0
// Fills the column "On storage" of the Stuck Backups page after the page: a few rows a request, one request at a time, only
// rows that are shown. What may look otherwise a moment later is asked for again each time the page is brought up to date.

import { get } from "../request.js";

const CELL = "[data-on-store]";
const MOST_ROWS = 4;

export class OnStore {
  constructor(page) {
    this.page = page;
    this.isAsking = false;
  }

  // Asks for all that nothing is known of yet.
  async fill() {
    const { onStoreUrl } = this.page.dataset;
    if (!onStoreUrl || this.isAsking) {
      return;
    }
    this.isAsking = true;
    let cells = this.open();
    while (cells.length && !document.hidden && (await this.ask(onStoreUrl, cells.splice(0, MOST_ROWS)))) {
      // Rows may have gone meanwhile.
      cells = cells.filter((cell) => document.body.contains(cell));
    }
    this.isAsking = false;
  }

  open() {
    return [...this.page.querySelectorAll(CELL)].filter((cell) => !cell.dataset.told);
  }

  // Whether to go on: where one row was not answered, the next would wait as long.
  async ask(url, cells) {
    const rows = await answer(`${url}?${cells.map((cell) => `id=${cell.dataset.onStore}`).join("&")}`);
    for (const cell of cells) {
      const row = rows[cell.dataset.onStore];
      if (row) {
        cell.textContent = row.text;
        // The column shows two lines of it.
        cell.title = row.text;
        cell.className = `text-${row.colour}`;
        cell.dataset.told = row.again ? "" : "yes";
      }
    }
    return cells.every((cell) => cell.dataset.onStore in rows);
  }
}

async function answer(url) {
  try {
    const response = await get(url);
    return (response.ok && (await response.json()).rows) || {};
  } catch {
    return {};
  }
}
