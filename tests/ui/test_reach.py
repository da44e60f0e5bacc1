# SPDX-License-Identifier: Apache-2.0
"""By keyboard alone, and in a narrow window."""

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver import Keys

from tests.ui.pages import fits


class Keyboard:
    """Hands that never touch the mouse."""

    def __init__(self, driver):
        self.driver = driver

    def press(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

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


@pytest.fixture
def keyboard(horizon):
    return Keyboard(horizon.driver)


def test_whole_way_by_keyboard(horizon, cloud, keyboard):
    backup = cloud.add_backup(object_count=128)
    horizon.open_backups()
    horizon.driver.execute_script("arguments[0].focus()", horizon.menu(backup))
    keyboard.press(Keys.ENTER)
    keyboard.tab_to(f"#{horizon.action_id(backup)}", most=2)
    keyboard.press(Keys.ENTER)
    dialog = horizon.dialog()
    # The first stop is Horizon's cross in the corner.
    assert keyboard.tab_to("input[type=radio]", most=2).get_attribute("value") == "available"
    keyboard.press(Keys.ARROW_DOWN)
    assert dialog.chosen == "error"
    keyboard.tab_to(".btn-primary", most=10)
    keyboard.press(Keys.ENTER)
    result = dialog.replaced()
    assert result.ending == "applied"
    keyboard.tab_to(".cancel", most=2)
    keyboard.press(Keys.ENTER)
    horizon.wait_until_closed()
    assert cloud.backups[backup["id"]]["status"] == "error"


def test_tick_boxes_and_folds_by_keyboard(horizon, cloud, keyboard):
    dialog = horizon.open_dialog(cloud.add_backup())
    box = keyboard.tab_to("input[type=checkbox]", most=3)
    keyboard.press(Keys.SPACE)
    assert box.is_selected()
    keyboard.tab_to("summary", most=5)
    keyboard.press(Keys.ENTER)
    assert dialog.find("#backup-reset-facts").get_attribute("open")


def test_focus_can_be_seen_on_a_choice(horizon, cloud, keyboard):
    horizon.open_dialog(cloud.add_backup())
    radio = keyboard.tab_to("input[type=radio]", most=2)
    label = horizon.find(f"label[for={radio.get_attribute('id')}]")
    assert label.value_of_css_property("outline-style") == "solid"


def test_escape_closes_the_dialog(horizon, cloud, keyboard):
    horizon.open_dialog(cloud.add_backup())
    keyboard.press(Keys.ESCAPE)
    horizon.wait_until_closed()


@pytest.fixture
def narrow(horizon):
    """A window that is 600 pixels wide."""
    before = horizon.driver.get_window_size()
    horizon.driver.set_window_size(600, 900)
    assert horizon.driver.execute_script("return window.innerWidth") == 600
    yield
    horizon.driver.set_window_size(before["width"], before["height"])


@pytest.mark.usefixtures("narrow")
def test_dialog_and_result_fit_into_a_narrow_window(horizon, cloud):
    cloud.applies = False
    dialog = horizon.open_dialog(cloud.add_backup(name="n" * 255))
    for fold in dialog.element.find_elements("css selector", "summary"):
        fold.click()
    assert fits(dialog)
    dialog.choose("available")
    refused = dialog.submit()
    assert fits(refused)
    refused.tick("override")
    refused.tick("may_be_live")
    result = refused.submit()
    assert result.ending == "accepted"
    assert fits(result)


@pytest.mark.usefixtures("narrow")
def test_pages_of_their_own_fit_into_a_narrow_window(horizon, cloud):
    dialog = horizon.open_dialog_page(cloud.add_backup(name="n" * 255, object_count=128))
    for fold in dialog.element.find_elements("css selector", "summary"):
        fold.click()
    assert fits(dialog)
    assert fits(dialog.submit())
