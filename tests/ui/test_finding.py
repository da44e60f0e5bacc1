# SPDX-License-Identifier: Apache-2.0
"""Finding by id: the short id that is copied whole, and the box that takes it."""

import pytest
from selenium.webdriver import Keys

pytestmark = pytest.mark.usefixtures("owner_down")
ID = "#stuck_backups .backup-reset-id"


@pytest.fixture
def insecure(horizon):
    """A page that came by plain HTTP: there is no navigator.clipboard."""
    source = "Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined });"
    answer = horizon.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": source})
    yield
    horizon.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", answer)


def said(stuck):
    stuck.horizon.wait(lambda: stuck.text("#stuck-copied"), "word of the copy")
    return stuck.text("#stuck-copied")


def test_click_on_the_short_id_copies_the_whole_which_the_box_finds(stuck, cloud):
    wanted = cloud.add_backup(name="wanted")
    stuck.open()
    other = cloud.add_backup(name="other")
    stuck.horizon.find(ID).click()
    assert said(stuck) == f"Copied: {wanted['id']}"
    stuck.horizon.find("#id_q").send_keys(Keys.CONTROL, "v")
    assert stuck.horizon.find("#id_q").get_property("value") == wanted["id"]
    stuck.horizon.find("#id_q").send_keys(Keys.ENTER)
    stuck.horizon.wait(lambda: wanted["id"] in stuck.driver.current_url, "the filtered list")
    stuck.opened()
    assert stuck.names() == ["wanted"]
    assert other["id"] not in stuck.text("#stuck_backups")


@pytest.mark.parametrize("key", [Keys.ENTER, Keys.SPACE])
def test_key_on_the_short_id_copies_it_over_plain_http_too_and_the_focus_stays(stuck, cloud, insecure, key):
    wanted = cloud.add_backup()
    stuck.open()
    short = stuck.horizon.find(ID)
    assert (short.accessible_name, short.aria_role) == (f"Copy backup ID {wanted['id']}", "button")
    assert short.find_element("css selector", "[aria-hidden]").text == wanted["id"][:8]
    short.send_keys(key)
    assert said(stuck) == f"Copied: {wanted['id']}"
    assert stuck.driver.switch_to.active_element == short
    stuck.clock.advance(5)
    assert stuck.text("#stuck-copied") == ""


def test_row_that_came_later_can_be_copied_and_those_that_stayed_keep_their_button(stuck, cloud):
    cloud.add_backup(name="first")
    stuck.open()
    before = stuck.horizon.find(ID)
    cloud.add_backup(name="second")
    stuck.let_it_ask()
    assert [each.get_attribute("role") for each in stuck.horizon.find_all(ID)] == ["button", "button"]
    assert before in stuck.horizon.find_all(ID)


def test_id_of_a_healthy_backup_is_told_with_its_status(stuck, cloud):
    backup = cloud.add_backup(name="healthy", status="available")
    stuck.open(f"?q={backup['id']}")
    assert "healthy" in stuck.text("#stuck-elsewhere")
    assert "Available" in stuck.text("#stuck-elsewhere")
