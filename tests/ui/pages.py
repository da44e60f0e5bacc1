# SPDX-License-Identifier: Apache-2.0
"""What a person does and sees in Horizon, in their words; every step waits for what it brings about."""

import contextlib

from django.urls import reverse
from selenium.common import exceptions
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.ui import chromium

SECONDS = 20
DIALOG = "#backup_reset_dialog"


class Horizon:
    """Horizon in one browser window."""

    def __init__(self, driver, url):
        self.driver = driver
        self.url = url

    def wait(self, condition, what):
        """Wait until ``condition()`` is true; returns what it returned.

        :raises selenium.common.TimeoutException: it never was; ``what`` says what was waited for
        """
        ignored = (exceptions.NoSuchElementException, exceptions.StaleElementReferenceException)
        waiting = WebDriverWait(self.driver, SECONDS, poll_frequency=0.05, ignored_exceptions=ignored)

        def is_met(_driver):
            with chromium.stale_told_as_such():
                return condition()

        return waiting.until(is_met, f"Waited {SECONDS} s for {what}")

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def find_all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def visible(self, selector):
        """Those elements that a person can see."""
        return [element for element in self.find_all(selector) if element.is_displayed()]

    @contextlib.contextmanager
    def second_window(self):
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
    def other_window(self):
        """Go over to the other one of two windows, and come back."""
        here = self.driver.current_window_handle
        (other,) = set(self.driver.window_handles) - {here}
        self.driver.switch_to.window(other)
        try:
            yield
        finally:
            self.driver.switch_to.window(here)

    def go(self, name, *args):
        """Open a page by the name of its URL."""
        self.driver.get(self.url + reverse(name, args=args))

    def open_backups(self):
        """The stock page Admin, Volume, Backups; ready when its scripts have run."""
        self.go("horizon:admin:backups:index")
        self.wait_until_ready()

    def open_detail(self, backup):
        self.go("horizon:admin:backups:detail", backup["id"])
        self.wait_until_ready()

    def wait_until_ready(self):
        ready = "return document.readyState === 'complete' && !!window.horizon && jQuery.active === 0"
        self.wait(lambda: self.driver.execute_script(ready), "the page's scripts")

    def wait_for_words(self, words):
        """Wait until some element that is shown has these words."""
        self.wait(lambda: words in self.find("body").text, f"the words {words!r}")

    def row(self, backup):
        """A backup's row in Horizon's table."""
        return self.find(f"tr[data-object-id='{backup['id']}']")

    def action_id(self, backup):
        return f"volume_backups__row_{backup['id']}__action_update_status"

    def action(self, backup):
        """Our action of a backup's row, or of its detail page: the button, or an entry of the menu beside it."""
        return self.driver.find_element(By.ID, self.action_id(backup))

    def menu(self, backup):
        """What opens the menu of the other actions, or of all but the first."""
        group = f"//*[@id='{self.action_id(backup)}']/ancestor::div[contains(@class, 'btn-group')]"
        return self.driver.find_element(By.XPATH, group).find_element(By.CSS_SELECTOR, ".dropdown-toggle")

    def choose_action(self, backup):
        """Click our action, in the menu if it is there."""
        if not self.action(backup).is_displayed():
            self.menu(backup).click()
            self.wait(self.action(backup).is_displayed, "the menu")
        self.action(backup).click()

    def open_dialog(self, backup):
        """From the stock table to our dialog."""
        self.open_backups()
        self.choose_action(backup)
        return self.dialog()

    def open_dialog_page(self, backup):
        """Our dialog as a page of its own."""
        self.go("horizon:admin:backup_reset:update_status", backup["id"])
        return self.dialog()

    def dialog(self):
        """The dialog that is shown, with nothing over it."""
        return Dialog(self, self.wait(self._only_dialog, "one dialog"))

    def _only_dialog(self):
        shown = self.visible(".modal, .static_page")
        return shown[0] if len(shown) == 1 and shown[0].get_attribute("id") == DIALOG[1:] else None

    def wait_until_closed(self):
        self.wait(lambda: not self.visible(".modal, .modal-backdrop"), "all dialogs to close")


class Dialog:
    """One of our dialogs: the choice, the result, or what went wrong."""

    def __init__(self, horizon, element):
        self.horizon = horizon
        self.element = element

    def find(self, selector):
        return self.element.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.find(selector).text

    @property
    def name(self):
        return self.text("#backup-reset-name")

    @property
    def ending(self):
        """The name of the ending or fault that is told."""
        return self.find("#backup-reset-outcome").get_attribute("data-ending")

    @property
    def chosen(self):
        """The status that is chosen, or None."""
        marked = [box for box in self.element.find_elements(By.CSS_SELECTOR, "input[type=radio]") if box.is_selected()]
        return marked[0].get_attribute("value") if marked else None

    def radio(self, status):
        return self.find(f"input[type=radio][value={status}]")

    def choose(self, status):
        """Click on a status."""
        self._label(self.radio(status)).click()

    def tick(self, name):
        """Click on a tick box."""
        self._label(self.find(f"input[type=checkbox][value={name}]")).click()

    def _label(self, box):
        return self.find(f"label[for={box.get_attribute('id')}]")

    @property
    def button(self):
        """The one button that sends."""
        return self.find(".modal-footer .btn-primary")

    def submit(self):
        """Click on the button; returns the dialog that answers."""
        self.button.click()
        return self.replaced()

    def replaced(self):
        """The dialog that takes this one's place."""
        self.horizon.wait(self._is_gone, "this dialog to go")
        return self.horizon.dialog()

    def _is_gone(self):
        try:
            return not self.element.is_displayed()
        except exceptions.StaleElementReferenceException:
            return True

    def news(self):
        """Wait until the focus is within this dialog; returns the element that has it."""
        inside = "return arguments[0].contains(document.activeElement) ? document.activeElement : null"
        return self.horizon.wait(lambda: self.horizon.driver.execute_script(inside, self.element), "the focus")

    def close(self):
        self.find(".modal-footer .cancel").click()
        self.horizon.wait_until_closed()


def fits(dialog):
    """Whether nothing of a dialog is wider than it, and it no wider than the window."""
    return dialog.horizon.driver.execute_script(
        """
        const dialog = arguments[0], wide = e => e.scrollWidth > e.clientWidth;
        return dialog.getBoundingClientRect().right <= window.innerWidth
            && ![dialog, ...dialog.querySelectorAll(".modal-content, .modal-body, .modal-footer")].some(wide)
            && (dialog.matches(".modal") || !wide(document.documentElement));
        """,
        dialog.element,
    )
