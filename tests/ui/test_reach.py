# SPDX-License-Identifier: Apache-2.0
"""By keyboard alone, and in a narrow window."""

import pytest
from selenium.webdriver import Keys

from tests.ui.pages import fits


def test_whole_way_by_keyboard(horizon, cloud, keyboard):
    backup = cloud.add_backup(object_count=128)
    horizon.open_backups()
    horizon.driver.execute_script("arguments[0].focus()", horizon.action(backup))
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
