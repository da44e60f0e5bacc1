// SPDX-License-Identifier: Apache-2.0
// Short ids that can be copied whole, by click and by key. Without scripts they are text, with all of it in the title.

const ID = ".backup-reset-id[data-id]";
const SHOWN_FOR = 4000;

export class Ids {
  constructor(page) {
    this.page = page;
    this.timer = null;
  }

  listen() {
    this.page.addEventListener("click", (event) => this.pressed(event));
    this.page.addEventListener("keydown", (event) => {
      if (["Enter", " "].includes(event.key)) {
        this.pressed(event);
      }
    });
    // Rows come and go, and are made anew.
    new MutationObserver(() => this.makeButtons()).observe(this.page, { childList: true, subtree: true });
    this.makeButtons();
  }

  makeButtons() {
    for (const id of this.page.querySelectorAll(`${ID}:not([role])`)) {
      id.setAttribute("role", "button");
      id.tabIndex = 0;
      id.setAttribute("aria-label", this.text("Copy", id.dataset.id));
    }
  }

  async pressed(event) {
    const pressed = event.target.closest(ID);
    if (pressed) {
      event.preventDefault();
      const { id } = pressed.dataset;
      this.say(this.text((await isCopied(id)) ? "Copied" : "NotCopied", id));
    }
  }

  text(name, id) {
    return this.page.dataset[`text${name}`].replace("{id}", id);
  }

  say(words) {
    const note = document.getElementById("stuck-copied");
    note.textContent = words;
    note.classList.remove("hidden");
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => note.classList.add("hidden"), SHOWN_FOR);
  }
}

// Puts a text into the clipboard; whether that worked. Where a page came by plain HTTP, browsers have the old way alone.
async function isCopied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return isCopiedTheOldWay(text);
  }
}

function isCopiedTheOldWay(text) {
  const focused = document.activeElement;
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "sr-only" });
  document.body.append(field);
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  return isDone;
}
