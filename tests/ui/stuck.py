# SPDX-License-Identifier: Apache-2.0
"""What a person does and sees on the Stuck Backups page, in their words."""

from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By

from tests.ui.bulk import BulkPage

LISTED = "#stuck_backups"
BELOW = "#long_running_backups"

#: Paths of the requests that scripts of the page made since it was opened, but for that of Horizon's own frame.
REQUESTS = """
return performance.getEntriesByType("resource")
    .filter(each => ["fetch", "xmlhttprequest"].includes(each.initiatorType))
    .map(each => new URL(each.name).pathname)
    .filter(path => path !== "/header/");
"""


class StuckPage:
    """The page in a window."""

    def __init__(self, horizon, clock):
        self.horizon = horizon
        self.driver = horizon.driver
        self.clock = clock

    def open(self, query=""):
        self.driver.get(f"{self.horizon.url}/admin/backup_reset/{query}")
        return self.opened()

    def opened(self):
        """Wait until the page has asked for what takes longer, and shows it; what it asked before is forgotten."""
        self.horizon.wait_until_ready()
        self.horizon.wait(lambda: self.horizon.visible("#tile-error .badge"), "the counts")
        self.driver.execute_script("performance.clearResourceTimings()")
        return self

    # --- what is seen ---

    def names(self, table=LISTED):
        """The names in a table that are shown, from the top."""
        return [link.text for link in self.horizon.visible(f"{table} tr[data-object-id] td.backup-reset-name > a")]

    def text(self, selector):
        """The text that a person sees of an element; empty if they see none."""
        return " ".join(element.text for element in self.horizon.visible(selector))

    def row(self, backup):
        return self.horizon.row(backup)

    def box(self, backup):
        return self.row(backup).find_element(By.CSS_SELECTOR, "input[type=checkbox]")

    def ticked(self):
        """The ids of the rows whose tick boxes are ticked."""
        found = self.horizon.find_all("tbody input.table-row-multi-select")
        return [box.get_attribute("value") for box in found if box.is_selected()]

    def action(self, backup, table="stuck_backups"):
        """The button of a row's action."""
        return self.driver.find_element(By.ID, f"{table}__row_{backup['id']}__action_update_status")

    @property
    def batch_button(self):
        return self.horizon.find("#stuck_backups button[data-batch-action]")

    # --- what is done ---

    def tick(self, *backups):
        for backup in backups:
            self._click_box(self.box(backup))

    def tick_all(self):
        self._click_box(self.horizon.find(f"{LISTED} .multi-select-header"))

    def hover(self, selector):
        ActionChains(self.driver).move_to_element(self.horizon.find(selector)).perform()

    def _click_box(self, box):
        # The real box lies unseen over the one that Horizon draws: what is clicked is a place.
        drawn = self.horizon.find(f"label[for='{box.get_attribute('id')}']")
        ActionChains(self.driver).move_to_element(drawn).click().perform()

    def open_tile(self, name):
        self.horizon.find(f"#tile-{name}").click()
        self.opened()

    def open_dialog(self, backup, table="stuck_backups"):
        self.action(backup, table).click()
        return self.horizon.dialog()

    def next_page(self):
        self.horizon.find("#stuck-next").click()
        self.opened()

    def update_ticked(self):
        self.batch_button.click()
        return BulkPage(self.horizon).planned()

    def update_all(self):
        self.horizon.find("#stuck-all button").click()
        return BulkPage(self.horizon).planned()

    # --- live ---

    @property
    def pause(self):
        """How many seconds are left until the page asks again, None if it will not."""
        pauses = self.clock.pauses("refresh")
        assert len(pauses) < 2
        return pauses[0] if pauses else None

    def let_it_ask(self):
        """Let time pass until the page has asked once more, and its answer is shown."""
        self.horizon.wait(lambda: self.pause is not None, "the page to plan its next request")
        self.clock.advance(self.pause)
        self.wait_for_answer()

    def wait_for_answer(self):
        self.horizon.wait(lambda: self.pause is not None, "the answer to the page's request")

    def requests(self):
        """The paths that scripts of this page asked for since it was opened."""
        return self.driver.execute_script(REQUESTS)

    def hide(self, is_hidden):
        """Let the page be in a tab behind another, or in front again."""
        self.driver.execute_script(
            "Object.defineProperty(document, 'hidden', { configurable: true, get: () => arguments[0] });"
            "document.dispatchEvent(new Event('visibilitychange'));",
            is_hidden,
        )
