# SPDX-License-Identifier: Apache-2.0
"""When the Stuck Backups page asks for what is new, when it does not, and what it says if it cannot."""

import pytest
from selenium.webdriver import Keys

HALF_AN_HOUR = 30 * 60
PAGE = "/admin/backup_reset/"

pytestmark = pytest.mark.usefixtures("owner_down")


def test_asks_less_and_less_often_while_nothing_changes_and_often_again_when_something_does(stuck, cloud):
    backup = cloud.add_backup()
    stuck.open()
    pauses = [stuck.pause]
    for _number in range(7):
        stuck.let_it_ask()
        pauses.append(stuck.pause)
    assert pauses == sorted(pauses)
    assert pauses[0] == 5
    assert pauses[-1] == 60
    cloud.backups[backup["id"]]["status"] = "restoring"
    stuck.let_it_ask()
    assert stuck.pause == 5


def test_asks_nothing_in_a_hidden_tab_and_at_once_when_it_is_seen_again(stuck, cloud):
    stuck.open()
    stuck.hide(True)
    for _number in range(3):
        stuck.let_it_ask()
    assert stuck.requests() == []
    cloud.add_backup(name="nightly-07")
    stuck.hide(False)
    stuck.horizon.wait(lambda: stuck.names() == ["nightly-07"], "the new row")
    assert stuck.requests() == [PAGE]


def test_stops_and_says_so_after_half_an_hour_without_input(stuck, cloud):
    stuck.open()
    assert not stuck.text("#stuck-paused")
    stuck.let_it_ask()
    stuck.clock.advance(HALF_AN_HOUR)
    stuck.horizon.wait(lambda: stuck.pause is not None or stuck.text("#stuck-paused"), "the last answer")
    stuck.clock.advance(HALF_AN_HOUR)
    assert "Paused after half an hour" in stuck.text("#stuck-paused")
    so_far = stuck.requests()
    stuck.clock.advance(10 * HALF_AN_HOUR)
    assert stuck.pause is None
    assert stuck.requests() == so_far


@pytest.mark.parametrize("way", ["button", "key"])
def test_goes_on_at_once_after_a_pause_when_somebody_is_there_again(stuck, cloud, keyboard, way):
    stuck.open()
    stuck.clock.advance(HALF_AN_HOUR + 60)
    stuck.wait_for_answer()
    stuck.clock.advance(60)
    assert stuck.text("#stuck-paused")
    cloud.add_backup(name="nightly-07")
    if way == "button":
        stuck.horizon.find("#stuck-paused button").click()
    else:
        keyboard.press(Keys.ESCAPE)
    stuck.horizon.wait(lambda: stuck.names() == ["nightly-07"], "the new row")
    assert not stuck.text("#stuck-paused")
    assert stuck.pause == 5


def test_mouse_that_moves_over_a_paused_page_changes_nothing_under_itself(stuck, cloud):
    stuck.open()
    stuck.clock.advance(HALF_AN_HOUR + 60)
    stuck.wait_for_answer()
    stuck.clock.advance(60)
    so_far = stuck.requests()
    stuck.hover("#stuck-paused")
    assert stuck.text("#stuck-paused")
    assert stuck.requests() == so_far


def test_says_so_while_horizon_does_not_answer_and_goes_on_when_it_does(stuck, cloud):
    cloud.add_backup(name="nightly-07")
    stuck.open()
    stuck.driver.execute_cdp_cmd("Network.enable", {})
    condition = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    stuck.driver.execute_cdp_cmd("Network.emulateNetworkConditions", condition | {"offline": True})
    stuck.let_it_ask()
    assert "Horizon does not answer" in stuck.text("#stuck-stale")
    assert stuck.names() == ["nightly-07"]
    stuck.driver.execute_cdp_cmd("Network.emulateNetworkConditions", condition | {"offline": False})
    stuck.driver.execute_cdp_cmd("Network.disable", {})
    stuck.let_it_ask()
    assert not stuck.text("#stuck-stale")


def test_session_that_expires_leads_to_the_log_in(stuck, cloud, session_ends):
    cloud.add_backup()
    stuck.open()
    session_ends()
    stuck.clock.advance(stuck.pause)
    stuck.horizon.wait(lambda: "/auth/login/" in stuck.driver.current_url, "the log-in page")
    assert "next=/admin/backup_reset/" in stuck.driver.current_url


def test_page_asks_nothing_while_a_dialog_is_open_over_it(stuck, cloud):
    backup = cloud.add_backup()
    stuck.open()
    stuck.open_dialog(backup)
    before = stuck.requests().count(PAGE)
    for _number in range(3):
        stuck.let_it_ask()
    assert stuck.requests().count(PAGE) == before


def test_horizons_own_polling_leaves_the_table_alone(horizon, stuck, cloud):
    cloud.add_backup()
    horizon.open_backups()
    assert stuck.clock.pauses("update")
    stuck.open()
    stuck.clock.advance(4)
    assert stuck.clock.pauses("update") == []
    stuck.let_it_ask()
    stuck.clock.advance(4)
    assert stuck.requests() == [PAGE]


def test_back_from_another_page_shows_the_whole_page_and_no_part_of_it(stuck, cloud):
    cloud.add_backup(name="nightly-07")
    stuck.open()
    stuck.let_it_ask()
    stuck.open_tile("error")
    stuck.driver.back()
    stuck.horizon.wait_until_ready()
    assert stuck.horizon.visible("#sidebar-accordion")
    assert stuck.names() == ["nightly-07"]
