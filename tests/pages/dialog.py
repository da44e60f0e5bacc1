# SPDX-License-Identifier: Apache-2.0
"""The plugin's dialogs as a person meets them: the choice, the result, or what went wrong."""

from __future__ import annotations

import typing

from selenium.common import exceptions
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

if typing.TYPE_CHECKING:
    from tests.pages.horizon import Horizon

FOCUSED = """
const focused = document.activeElement;
return focused !== arguments[0] && arguments[0].contains(focused) ? focused : null;
"""
#: Whether nothing of a dialog is wider than it, and it no wider than the window.
FITS = """
const dialog = arguments[0], wide = e => e.scrollWidth > e.clientWidth;
return dialog.getBoundingClientRect().right <= window.innerWidth
    && ![dialog, ...dialog.querySelectorAll(".modal-content, .modal-body, .modal-footer")].some(wide)
    && (dialog.matches(".modal") || !wide(document.documentElement));
"""


class Dialog:
    """One dialog of ours.

    :param horizon: the Horizon that shows it
    :param element: of its page
    """

    def __init__(self, horizon: Horizon, element: WebElement) -> None:
        self.horizon = horizon
        self.element = element

    # --- what is seen ---

    def find(self, selector: str) -> WebElement:
        """Return the first element that a CSS selector finds in this dialog."""
        return self.element.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        """Return all of them."""
        return self.element.find_elements(By.CSS_SELECTOR, selector)

    def has(self, selector: str) -> bool:
        """Tell whether a CSS selector finds something in this dialog."""
        return bool(self.all(selector))

    def text(self, selector: str) -> str:
        """Return the text of the first element that a CSS selector finds."""
        return self.find(selector).text

    def texts(self, selector: str) -> list[str]:
        """Return the text of each element that a CSS selector finds."""
        return [element.text for element in self.all(selector)]

    @property
    def name(self) -> str:
        """The backup's name, or its id."""
        return self.text("#backup-reset-name")

    @property
    def verdict(self) -> str | None:
        """The verdict's kind; None on other dialogs."""
        found = self.all("#backup-reset-verdict")
        return found[0].get_attribute("data-verdict") if found else None

    @property
    def headline(self) -> str:
        """The verdict in words."""
        return self.text("#backup-reset-verdict")

    @property
    def ending(self) -> str | None:
        """How a reset ended, or the kind of a problem; None on other dialogs."""
        found = self.all("#backup-reset-outcome")
        return found[0].get_attribute("data-ending") if found else None

    @property
    def told(self) -> str:
        """What the result dialog says of the reset."""
        return self.text("#backup-reset-outcome")

    @property
    def repairs_told(self) -> list[str]:
        """What the result dialog says of each repair."""
        return self.texts(".backup-reset-repair")

    @property
    def locked_told(self) -> list[str]:
        """What the result dialog says of what the backup still holds."""
        return self.texts(".backup-reset-locked")

    @property
    def notice(self) -> str:
        """What a dialog says that came back in place of a result; empty where it says nothing."""
        return self.text("#backup-reset-notice") if self.has("#backup-reset-notice") else ""

    @property
    def missing(self) -> list[str]:
        """What could not be found out in time, by the fold of all facts."""
        facts = [fact.get_attribute("textContent") for fact in self.all("#backup-reset-facts li")]
        return [fact for fact in facts if "Could not determine" in fact]

    @property
    def offered(self) -> list[str]:
        """The statuses that can be chosen."""
        return [radio.get_attribute("value") for radio in self.all("input[name=choice]")]

    @property
    def chosen(self) -> str | None:
        """The choice that is made; None where there is none."""
        made = [radio for radio in self.all("input[name=choice]") if radio.is_selected()]
        return made[0].get_attribute("value") if made else None

    @property
    def recommended(self) -> str | None:
        """The choice that is made beforehand, marked as recommended; None where there is none."""
        chosen = self.chosen
        assert chosen is None or "recommended" in self._label(self.radio(chosen)).text
        return chosen

    def boxes(self, name: str) -> dict[str, bool]:
        """Return the tick boxes of a name (``ticks``, ``repairs``): value to whether it is ticked."""
        return {box.get_attribute("value"): box.is_selected() for box in self.all(f"input[name={name}]")}

    def fits(self) -> bool:
        """Tell whether nothing of it is wider than it, and it no wider than the window."""
        return self.horizon.driver.execute_script(FITS, self.element)

    def news(self) -> WebElement:
        """Wait until the focus is on something within this dialog; return it.

        The dialog has the focus itself at first, and as long as our script has not come yet.
        """
        return self.horizon.wait(lambda: self.horizon.driver.execute_script(FOCUSED, self.element), "the focus")

    # --- what is done ---

    def radio(self, status: str) -> WebElement:
        """Return the button of a choice."""
        return self.find(f"input[name=choice][value='{status}']")

    def choose(self, status: str) -> None:
        """Choose a status by a click."""
        self._click(self.radio(status), is_on=True)

    def tick(self, value: str) -> None:
        """Tick a box by a click, if it is not ticked."""
        self._click(self.find(f"input[type=checkbox][value='{value}']"), is_on=True)

    def _click(self, box: WebElement, is_on: bool) -> None:
        if box.is_selected() != is_on:
            self._label(box).click()
        assert box.is_selected() == is_on, f"{box.get_attribute('value')} did not follow a click"

    def _label(self, box: WebElement) -> WebElement:
        return self.find(f"label[for='{box.get_attribute('id')}']")

    @property
    def button(self) -> WebElement:
        """The one button that sends (Update Status, Check again)."""
        return self.find(".modal-footer .btn-primary")

    def submit(self) -> Dialog:
        """Press that button; return the dialog that answers."""
        self.button.click()
        return self.replaced()

    def replaced(self) -> Dialog:
        """Return the dialog that takes this one's place."""
        self.horizon.wait(self._is_gone, "this dialog to go")
        return self.horizon.dialog()

    def _is_gone(self) -> bool:
        try:
            return not self.element.is_displayed()
        except exceptions.StaleElementReferenceException:
            return True

    def close(self) -> None:
        """Press Cancel or Close."""
        self.find(".modal-footer .cancel").click()
        self.horizon.wait_until_closed()
