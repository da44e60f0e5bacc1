# SPDX-License-Identifier: Apache-2.0
"""What a person does and sees in Horizon, in their words; every step waits for what it brings about."""

import contextlib
from collections.abc import Callable
from collections.abc import Iterator

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

from tests.pages import browser
from tests.pages.browser import Found
from tests.pages.dialog import Dialog

BACKUPS = "admin/backups/"
OURS = "admin/backup_reset/"
DIALOG = "backup_reset_dialog"
READY = "return document.readyState === 'complete' && !!window.horizon && jQuery.active === 0"
FITS = "const root = document.documentElement; return root.scrollWidth <= root.clientWidth"
BOX = "const box = arguments[0].getBoundingClientRect(); return [box.x, box.y, box.width, box.height].join();"


class Horizon:
    """Horizon in one browser window.

    :param driver: of the browser
    :param url: of this Horizon
    :param seconds: how long anything is waited for
    """

    def __init__(self, driver: WebDriver, url: str, seconds: float = 20) -> None:
        self.driver = driver
        self.url = url.rstrip("/") + "/"
        self.seconds = seconds

    def wait(self, condition: Callable[[], Found], what: str, seconds: float | None = None) -> Found:
        """Wait until ``condition()`` is true; return what it returned.

        :raises AssertionError: it never was; ``what`` says what was waited for
        """
        return browser.until(condition, what, seconds or self.seconds)

    def find(self, selector: str) -> WebElement:
        """Return the first element that a CSS selector finds."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def find_all(self, selector: str) -> list[WebElement]:
        """Return all of them."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def visible(self, selector: str) -> list[WebElement]:
        """Return those that a person can see."""
        return [element for element in self.find_all(selector) if element.is_displayed()]

    def text(self, selector: str) -> str:
        """Return the text that a person sees of what a CSS selector finds; empty if they see none."""
        # In a list, which is true also when the text is empty: again only if the page replaced it meanwhile.
        [found] = self.wait(
            lambda: [" ".join(each.text for each in self.visible(selector))], f"{selector} to stand still"
        )
        return found

    def fits(self) -> bool:
        """Tell whether the page is no wider than the window."""
        return self.driver.execute_script(FITS)

    @contextlib.contextmanager
    def second_window(self) -> Iterator[None]:
        """Work in a second window of the same browser; it is closed afterwards."""
        first = self.driver.current_window_handle
        self.driver.switch_to.new_window("window")
        second = self.driver.current_window_handle
        try:
            yield
        finally:
            self.driver.switch_to.window(second)
            self.driver.close()
            self.driver.switch_to.window(first)

    @contextlib.contextmanager
    def other_window(self) -> Iterator[None]:
        """Go over to the other one of two windows, and come back."""
        here = self.driver.current_window_handle
        (other,) = set(self.driver.window_handles) - {here}
        self.driver.switch_to.window(other)
        try:
            yield
        finally:
            self.driver.switch_to.window(here)

    def open(self, path: str) -> None:
        """Open a page of this Horizon."""
        self.driver.get(self.url + path)

    def open_backups(self) -> None:
        """Open the stock page Admin, Volume, Backups; it is ready when its scripts have run."""
        self.open(BACKUPS)
        self.wait_until_ready()

    def open_detail(self, backup: dict) -> None:
        """Open the stock page of one backup."""
        self.open(f"{BACKUPS}{backup['id']}/")
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until the page's scripts have run."""
        self.wait(lambda: self.driver.execute_script(READY), "the page's scripts")

    def wait_for_words(self, words: str) -> None:
        """Wait until some element that is shown has these words."""
        self.wait(lambda: words in self.find("body").text, f"the words {words!r}")

    def row(self, backup: dict) -> WebElement:
        """Return a backup's row in Horizon's table."""
        return self.find(f"tr[data-object-id='{backup['id']}']")

    def action_id(self, backup: dict) -> str:
        """Return the id of our action in a backup's row."""
        return f"volume_backups__row_{backup['id']}__action_update_status"

    def action(self, backup: dict) -> WebElement:
        """Return our action of a backup's row, or of its detail page: the button, or an entry of the menu beside it."""
        return self.driver.find_element(By.ID, self.action_id(backup))

    def menu(self, backup: dict) -> WebElement:
        """Return what opens the menu of the other actions, or of all but the first."""
        group = f"//*[@id='{self.action_id(backup)}']/ancestor::div[contains(@class, 'btn-group')]"
        return self.driver.find_element(By.XPATH, group).find_element(By.CSS_SELECTOR, ".dropdown-toggle")

    def choose_action(self, backup: dict) -> None:
        """Click our action, in the menu if it is there."""
        if not self.action(backup).is_displayed():
            self.menu(backup).click()
            self.wait(self.action(backup).is_displayed, "the menu")
        self.action(backup).click()

    def open_dialog(self, backup: dict) -> Dialog:
        """Go from the stock table to our dialog."""
        self.open_backups()
        self.choose_action(backup)
        return self.dialog()

    def open_dialog_page(self, backup: dict) -> Dialog:
        """Open our dialog as a page of its own."""
        self.open(f"{OURS}{backup['id']}/update/")
        return self.dialog()

    def dialog(self) -> Dialog:
        """Return the dialog that is shown, with nothing over it, once it no longer moves."""
        last = {}

        def at_rest() -> WebElement | None:
            element = self._only_dialog()
            if element is None:
                return None
            inner = element.find_elements(By.CLASS_NAME, "modal-content") or [element]
            before, last["box"] = last.get("box"), self.driver.execute_script(BOX, inner[0])
            return element if before == last["box"] else None

        return Dialog(self, self.wait(at_rest, "one dialog"))

    def informed(self, click: Callable[[], None], what: str) -> Dialog:
        """Open a dialog until one is there that lacks nothing.

        The dialog asks under a time budget. On a busy machine it may know less than it could, and says so: then it is
        opened again, as a person would.

        :param click: opens it
        """

        def tried() -> Dialog | None:
            click()
            dialog = self.dialog()
            if not dialog.missing:
                return dialog
            dialog.close()
            return None

        return self.wait(tried, f"a dialog of {what} that lacks nothing")

    def _only_dialog(self) -> WebElement | None:
        shown = self.visible(".modal, .static_page")
        return shown[0] if len(shown) == 1 and shown[0].get_attribute("id") == DIALOG else None

    def wait_until_closed(self) -> None:
        """Wait until no dialog is left."""
        self.wait(lambda: not self.visible(".modal, .modal-backdrop"), "all dialogs to close")
