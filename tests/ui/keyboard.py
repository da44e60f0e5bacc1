# SPDX-License-Identifier: Apache-2.0
"""Hands that never touch the mouse."""

from selenium.webdriver import ActionChains
from selenium.webdriver import Keys


class Keyboard:
    """Hands that never touch the mouse."""

    def __init__(self, driver):
        self.driver = driver

    def press(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def back(self):
        """Go back to the stop before this one."""
        ActionChains(self.driver).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()

    @property
    def focus(self):
        return self.driver.switch_to.active_element

    def tab_to(self, selector, most):
        """Press Tab, ``most`` times at most, until the focus is on what the selector matches."""
        for _ in range(most):
            self.press(Keys.TAB)
            if self.driver.execute_script("return arguments[0].matches(arguments[1])", self.focus, selector):
                return self.focus
        raise AssertionError(
            f"{most} times Tab do not lead to {selector}, but to {self.focus.get_attribute('outerHTML')}"
        )
