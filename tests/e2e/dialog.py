# SPDX-License-Identifier: Apache-2.0
"""The plugin's dialogs as a person meets them: what they show, and what is clicked in them."""

from collections.abc import Callable

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

from tests.e2e.browser import until

# The topmost of Horizon's stack of modals, once it is shown and holds a dialog of ours that was not met before.
TOP = """
const all = document.querySelectorAll("#modal_wrapper .modal");
const top = all[all.length - 1];
const ours = top && top.querySelector(".backup-reset");
return ours && top.classList.contains("in") && !top.dataset.met ? top : null;
"""
BOX = "const box = arguments[0].getBoundingClientRect(); return [box.x, box.y, box.width, box.height].join();"


class Dialog:
    """One dialog of ours, in a modal on the page that the browser shows."""

    def __init__(self, driver: WebDriver, element: WebElement) -> None:
        self.driver = driver
        self.element = element

    @classmethod
    def wait(cls, driver: WebDriver, what: str = "a dialog of the plugin") -> "Dialog":
        """Wait until a dialog that was not met yet is there and no longer moves."""
        last = {}

        def at_rest() -> WebElement | None:
            element = driver.execute_script(TOP)
            if element is None:
                return None
            content = element.find_element(By.CLASS_NAME, "modal-content")
            before, last["box"] = last.get("box"), driver.execute_script(BOX, content)
            return element if before == last["box"] else None

        element = until(at_rest, what)
        driver.execute_script("arguments[0].dataset.met = 'yes'", element)
        return cls(driver, element)

    @classmethod
    def informed(cls, driver: WebDriver, click: Callable[[], None], what: str) -> "Dialog":
        """Open a dialog until one is there that lacks nothing.

        The dialog asks under a time budget. On a busy machine it may know less than it could, and says so: then it is
        opened again, as a person would.

        :param click: opens it
        """

        def tried() -> "Dialog | None":
            click()
            dialog = cls.wait(driver)
            if not dialog.missing:
                return dialog
            dialog.cancel()
            return None

        return until(tried, f"a dialog of {what} that lacks nothing")

    def all(self, selector: str) -> list[WebElement]:
        """Return what a CSS selector finds in this dialog."""
        return self.element.find_elements(By.CSS_SELECTOR, selector)

    def has(self, selector: str) -> bool:
        """Tell whether a CSS selector finds something in this dialog."""
        return bool(self.all(selector))

    def text(self, selector: str) -> str:
        """Return the text of the one element that a CSS selector finds."""
        return self.element.find_element(By.CSS_SELECTOR, selector).text

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
        return [element.text for element in self.all(".backup-reset-repair")]

    @property
    def locked_told(self) -> list[str]:
        """What the result dialog says of what the backup still holds."""
        return [element.text for element in self.all(".backup-reset-locked")]

    @property
    def notice(self) -> str:
        """What a dialog says that came back in place of a result; empty where it says nothing."""
        return self.text("#backup-reset-notice") if self.has("#backup-reset-notice") else ""

    @property
    def offered(self) -> list[str]:
        """The statuses that can be chosen."""
        return [radio.get_attribute("value") for radio in self.all("input[name=choice]")]

    @property
    def recommended(self) -> str | None:
        """The choice that is made beforehand, marked as recommended; None where there is none."""
        made = [radio for radio in self.all("input[name=choice]") if radio.is_selected()]
        if not made:
            return None
        assert "recommended" in self._label(made[0]).text
        return made[0].get_attribute("value")

    @property
    def missing(self) -> list[str]:
        """What could not be found out in time, by the fold of all facts."""
        facts = [fact.get_attribute("textContent") for fact in self.all("#backup-reset-facts li")]
        return [fact for fact in facts if "Could not determine" in fact]

    def boxes(self, name: str) -> dict[str, bool]:
        """Return the tick boxes of a name (``ticks``, ``repairs``): value to whether it is ticked."""
        found = self.all(f"input[name={name}]")
        return {box.get_attribute("value"): box.is_selected() for box in found}

    def choose(self, status: str) -> None:
        """Choose a status by a click."""
        self._click(f"input[name=choice][value='{status}']", is_on=True)

    def tick(self, name: str, value: str) -> None:
        """Tick a box by a click, if it is not ticked."""
        self._click(f"input[name={name}][value='{value}']", is_on=True)

    def _click(self, selector: str, is_on: bool) -> None:
        box = self.element.find_element(By.CSS_SELECTOR, selector)
        if box.is_selected() != is_on:
            self._label(box).click()
        assert box.is_selected() == is_on, f"{selector} did not follow a click"

    def _label(self, box: WebElement) -> WebElement:
        return self.element.find_element(By.CSS_SELECTOR, f"label[for='{box.get_attribute('id')}']")

    def submit(self) -> "Dialog":
        """Press the primary button (Update Status, Check again) and return the dialog that answers."""
        self.press()
        return self.answer()

    def answer(self) -> "Dialog":
        """Return the dialog that answers a press of the primary button."""
        return Dialog.wait(self.driver, "an answer to the submit")

    def cancel(self) -> None:
        """Press Cancel or Close."""
        self.element.find_element(By.CSS_SELECTOR, ".modal-footer .cancel").click()

    def press(self) -> None:
        """Press the primary button and wait for nothing."""
        self.element.find_element(By.CSS_SELECTOR, ".modal-footer .btn-primary").click()
