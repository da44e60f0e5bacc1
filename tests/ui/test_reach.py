# SPDX-License-Identifier: Apache-2.0
"""By keyboard alone, and in a narrow window."""

import pytest
from selenium.webdriver import Keys

from tests.fake_cinder import stamp


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


def focus_returns_to(horizon, element):
    horizon.wait(lambda: horizon.driver.switch_to.active_element == element(), "the focus to return")


@pytest.mark.parametrize("way", ["cancel", "escape", "cross"])
def test_focus_returns_to_the_button_when_the_dialog_closes(horizon, cloud, keyboard, way):
    backup = cloud.add_backup()
    dialog = horizon.open_dialog(backup)
    if way == "escape":
        keyboard.press(Keys.ESCAPE)
    else:
        dialog.find(".modal-footer .cancel" if way == "cancel" else ".close").click()
    focus_returns_to(horizon, lambda: horizon.action(backup))


def test_focus_returns_to_the_menu_that_the_action_is_in(horizon, cloud):
    backup = cloud.add_backup(status="available", object_count=128)
    horizon.open_dialog(backup).close()
    focus_returns_to(horizon, lambda: horizon.menu(backup))


def test_focus_returns_to_the_row_that_a_reset_has_changed(horizon, cloud):
    backup = cloud.add_backup(status="error_deleting", object_count=128)
    dialog = horizon.open_dialog(backup)
    dialog.choose("error")
    dialog.submit().close()
    horizon.wait(lambda: "Error Deleting" not in horizon.row(backup).text, "the new row")
    focus_returns_to(horizon, lambda: horizon.action(backup))


def test_focus_returns_after_more_than_one_dialog(horizon, cloud):
    backup = cloud.add_backup()
    dialog = horizon.open_dialog(backup)
    dialog.choose("available")
    dialog.submit().close()
    focus_returns_to(horizon, lambda: horizon.action(backup))


def test_focus_goes_on_to_the_row_that_takes_the_place_of_the_one_that_went(stuck, cloud, owner_down):
    backups = [cloud.add_backup(object_count=128, updated_at=stamp(9000 - n)) for n in range(3)]
    stuck.open()
    for index, after in ((1, 2), (2, 0)):
        dialog = stuck.open_dialog(backups[index])
        dialog.tick("process_dead")
        dialog.submit().close()
        focus_returns_to(stuck.horizon, lambda after=after: stuck.action(backups[after]))
    dialog = stuck.open_dialog(backups[0])
    dialog.tick("process_dead")
    dialog.submit().close()
    focus_returns_to(stuck.horizon, lambda: stuck.horizon.find("#tile-needs_attention"))


def test_outcome_has_the_focus_when_it_comes(horizon, cloud):
    result = horizon.open_dialog(cloud.add_backup(object_count=128)).submit()
    assert result.news().get_attribute("id") == "backup-reset-outcome"


def test_notice_has_the_focus_when_it_comes(horizon, cloud):
    backup = cloud.add_backup()
    dialog = horizon.open_dialog(backup)
    cloud.backups[backup["id"]]["object_count"] = 128
    assert dialog.submit().news().get_attribute("id") == "backup-reset-notice"


def test_what_went_wrong_has_the_focus_when_it_comes(horizon, cloud):
    backup = cloud.add_backup()
    dialog = horizon.open_dialog(backup)
    del cloud.backups[backup["id"]]
    assert dialog.submit().news().get_attribute("id") == "backup-reset-outcome"


@pytest.mark.usefixtures("narrow")
def test_dialog_and_result_fit_into_a_narrow_window(horizon, cloud):
    cloud.applies = False
    dialog = horizon.open_dialog(cloud.add_backup(name="n" * 255))
    for fold in dialog.element.find_elements("css selector", "summary"):
        fold.click()
    assert dialog.fits()
    dialog.choose("available")
    refused = dialog.submit()
    assert refused.fits()
    refused.tick("override")
    refused.tick("process_dead")
    result = refused.submit()
    assert result.ending == "accepted"
    assert result.fits()


@pytest.mark.usefixtures("narrow")
def test_pages_of_their_own_fit_into_a_narrow_window(horizon, cloud):
    dialog = horizon.open_dialog_page(cloud.add_backup(name="n" * 255, object_count=128))
    for fold in dialog.element.find_elements("css selector", "summary"):
        fold.click()
    assert dialog.fits()
    assert dialog.submit().fits()
