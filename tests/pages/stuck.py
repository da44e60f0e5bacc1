# SPDX-License-Identifier: Apache-2.0
"""What a person does and sees on the Stuck Backups page, in their words."""

import contextlib
import time
from collections.abc import Iterator

from lxml import html
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.pages.bulk import BulkPage
from tests.pages.dialog import Dialog
from tests.pages.horizon import OURS
from tests.pages.horizon import Horizon

ROW = "#stuck_backups tr[data-object-id]"
ACTION = "[id$=action_update_status]"
FOLLOWER = "*/backup_reset_panel/stuck/page.js*"
#: Seconds that the server took for the page that the browser shows: nothing of what the browser itself does.
ANSWERED = """
const [page] = performance.getEntriesByType("navigation");
return (page.responseEnd - page.requestStart) / 1000;
"""
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
    """The page in a window.

    :param clock: of the page, where a test turns it
    """

    def __init__(self, horizon: Horizon, clock=None) -> None:
        self.horizon = horizon
        self.driver = horizon.driver
        self.clock = clock

    def open(self, query: str = "") -> "StuckPage":
        """Open the page."""
        self.horizon.open(f"{OURS}{query}")
        return self.opened()

    def open_at_once(self) -> float:
        """Open the page as the server gives it at first; return how many seconds the server took for it."""
        self.horizon.open(OURS)
        return self.driver.execute_script(ANSWERED)

    def open_whole(self, backup_id: str = "") -> None:
        """Open the page until it lacks nothing, and shows a backup, or any.

        It reads under a time budget. On a busy machine it may know less than it could, and says so.
        """

        def shown() -> bool:
            self.open_at_once()
            return not self.missing and (backup_id in self.rows if backup_id else bool(self.rows))

        self.horizon.wait(shown, f"a page that lacks nothing and shows {backup_id or 'backups'}")

    def part(self) -> "LivePart":
        """Ask for the part of the page that it keeps current by itself, as its own script does."""
        begun = time.monotonic()
        status, text = self.horizon.fetch(OURS, None, is_modal=True)
        assert status == 200, text
        return LivePart(text, time.monotonic() - begun)

    @contextlib.contextmanager
    def still(self) -> Iterator[None]:
        """Let pages that are opened meanwhile not follow by themselves what the cloud does."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": [FOLLOWER]})
        try:
            yield
        finally:
            self.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})

    def opened(self) -> "StuckPage":
        """Wait until the page has asked for what takes longer, and shows it; what it asked before is forgotten."""
        self.horizon.wait_until_ready()
        self.horizon.wait(lambda: self.horizon.visible("#tile-error .badge"), "the counts")
        self.driver.execute_script("performance.clearResourceTimings()")
        return self

    # --- what is seen ---

    def names(self, table=LISTED):
        """The names in a table that are shown, from the top."""
        return [link.text for link in self.horizon.visible(f"{table} tr[data-object-id] td.backup-reset-name > a")]

    def text(self, selector: str) -> str:
        """Return the text that a person sees of an element; empty if they see none."""
        return self.horizon.text(selector)

    @property
    def missing(self) -> str:
        """What the page says that it could not read."""
        return self.text("#stuck-missing")

    @property
    def says_all_is_well(self) -> bool:
        """Whether the page says that no backup needs a hand."""
        return bool(self.text("#stuck-empty"))

    @property
    def rows(self) -> dict[str, str]:
        """The rows above the line: id to text."""
        return {row.get_attribute("data-object-id"): row.text for row in self.horizon.find_all(ROW)}

    def row(self, backup: dict) -> WebElement:
        """Return the row of a backup."""
        return self.horizon.row(backup)

    def box(self, backup: dict) -> WebElement:
        """Return the tick box of a backup's row."""
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

    def open_dialog(self, backup, table="stuck_backups") -> Dialog:
        """Open the dialog of a backup from its row."""
        self.action(backup, table).click()
        return self.horizon.dialog()

    def click(self, backup_id: str) -> None:
        """Click the status action in a backup's row; the page replaces its rows by itself, so look again."""

        def clicked() -> bool:
            self.horizon.find(f"{ROW[:-1]}='{backup_id}'] {ACTION}").click()
            return True

        self.horizon.wait(clicked, f"the status action of {backup_id} to be clicked")

    def open_informed(self, backup_id: str) -> Dialog:
        """Open the page and, from a backup's row, its dialog, both lacking nothing."""
        self.open_whole(backup_id)
        return self.horizon.informed(lambda: self.click(backup_id), backup_id)

    def next_page(self):
        self.horizon.find("#stuck-next").click()
        self.opened()

    def update_ticked(self):
        self.batch_button.click()
        return BulkPage(self.horizon).planned()

    def update_all(self, kind: type[BulkPage] = BulkPage) -> BulkPage:
        """Press "Update all that match" and wait for the plan.

        :param kind: of page object
        """
        self.horizon.find("#stuck-all button").click()
        return kind(self.horizon).planned()

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


class LivePart:
    """The part of the Stuck Backups page that it keeps current, without Horizon's frame.

    Stock Horizon 27.0.0 asks things of its own for its menu, without a time-out: every page of it hangs while
    cinder-api is frozen (panel "Groups"), and is a 500 without Keystone (panel "Application Credentials").

    :param text: HTML
    :param seconds: what it took
    """

    def __init__(self, text: str, seconds: float) -> None:
        self.seconds = seconds
        self._tree = html.fragment_fromstring(text, create_parent="div")

    def text(self, selector: str) -> str:
        """Return the text of the element with an id; empty if there is none."""
        found = self._tree.xpath(f".//*[@id='{selector.removeprefix('#')}']")
        return " ".join(found[0].text_content().split()) if found else ""

    @property
    def missing(self) -> str:
        """What the page says that it could not read."""
        return self.text("#stuck-missing")

    @property
    def says_all_is_well(self) -> bool:
        """Whether the page says that no backup needs a hand."""
        return bool(self.text("#stuck-empty"))

    @property
    def rows(self) -> dict[str, str]:
        """The rows above the line: id to text."""
        found = self._tree.xpath(".//table[@id='stuck_backups']//tr[@data-object-id]")
        return {row.get("data-object-id"): " ".join(row.text_content().split()) for row in found}
