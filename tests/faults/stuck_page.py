# SPDX-License-Identifier: Apache-2.0
"""The Stuck Backups page, as a person at a browser meets it."""

import contextlib
import time
from collections.abc import Iterator

from lxml import html
from selenium.webdriver.common.by import By

from tests.e2e.browser import until
from tests.e2e.dashboard import Dashboard
from tests.e2e.dialog import Dialog
from tests.faults.bulk_page import BulkPage

PATH = "admin/backup_reset/"
ROW = "#stuck_backups tr[data-object-id]"
ACTION = "[id$=action_update_status]"
FOLLOWER = "*/backup_reset_panel/stuck/page.js*"
#: Seconds that the server took for the page that the browser shows: nothing of what the browser itself does.
ANSWERED = """
const [page] = performance.getEntriesByType("navigation");
return (page.responseEnd - page.requestStart) / 1000;
"""


class StuckPage:
    """The Stuck Backups page in one browser."""

    def __init__(self, dashboard: Dashboard) -> None:
        self.dashboard = dashboard
        self.driver = dashboard.driver

    def open(self) -> float:
        """Open the page; return how many seconds the server took for it."""
        self.dashboard.open(PATH)
        return self.driver.execute_script(ANSWERED)

    @contextlib.contextmanager
    def still(self) -> Iterator[None]:
        """Let pages that are opened meanwhile not follow by themselves what the cloud does."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": [FOLLOWER]})
        try:
            yield
        finally:
            self.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})

    def text(self, selector: str) -> str:
        """Return the text of what a CSS selector finds; empty if there is none."""
        found = self.driver.find_elements(By.CSS_SELECTOR, selector)
        return found[0].text if found else ""

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
        found = self.driver.find_elements(By.CSS_SELECTOR, ROW)
        return {row.get_attribute("data-object-id"): row.text for row in found}

    def part(self) -> "LivePart":
        """Ask for the part of the page that it keeps current by itself, as its own script does."""
        begun = time.monotonic()
        status, text = self.dashboard.fetch(PATH, None, is_modal=True)
        assert status == 200, text
        return LivePart(text, time.monotonic() - begun)

    def open_whole(self, backup_id: str = "") -> None:
        """Open the page until it lacks nothing, and shows a backup, or any.

        It reads under a time budget. On a busy machine it may know less than it could, and says so.
        """

        def shown() -> bool:
            self.open()
            return not self.missing and (backup_id in self.rows if backup_id else bool(self.rows))

        until(shown, f"a page that lacks nothing and shows {backup_id or 'backups'}")

    def click(self, backup_id: str) -> None:
        """Click the status action in a backup's row; the page replaces its rows by itself, so look again."""

        def clicked() -> bool:
            row = self.driver.find_element(By.CSS_SELECTOR, f"{ROW[:-1]}='{backup_id}']")
            row.find_element(By.CSS_SELECTOR, ACTION).click()
            return True

        until(clicked, f"the status action of {backup_id} to be clicked")

    def open_dialog(self, backup_id: str) -> Dialog:
        """Open the dialog of a backup from its row, lacking nothing."""
        self.open_whole(backup_id)
        return Dialog.informed(self.driver, lambda: self.click(backup_id), backup_id)

    def all_that_match(self) -> BulkPage:
        """Press "Update all that match" and wait for the plan."""
        self.driver.find_element(By.CSS_SELECTOR, "#stuck-all button").click()
        page = BulkPage(self.driver)
        until(lambda: page.is_planned, "the plan")
        return page


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
