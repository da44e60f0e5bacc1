# SPDX-License-Identifier: Apache-2.0
"""The Stuck Backups page keeps itself current by one request, and changes nothing under anybody's hands."""

import pytest
from horizon import tables

from backup_reset_panel import actions
from backup_reset_panel.stuck import views as stuck_views
from backup_reset_panel.stuck.tables import StuckBackupsTable
from backup_reset_panel.stuck.tables import StuckRow
from tests.fake_cinder import stamp

PAGE = "/admin/backup_reset/"

pytestmark = pytest.mark.usefixtures("owner_down")


def test_new_rows_and_changed_ones_come_in_by_one_request(stuck, cloud):
    changing = cloud.add_backup(name="changing", updated_at=stamp(9000))
    going = cloud.add_backup(name="going", updated_at=stamp(8000))
    stuck.open()
    cloud.backups[changing["id"]]["status"] = "restoring"
    cloud.end(going)
    cloud.add_backup(name="coming", updated_at=stamp(7000))
    stuck.let_it_ask()
    assert stuck.names() == ["changing", "coming"]
    assert "Restoring" in stuck.row(changing).text
    assert stuck.text("#tile-needs_attention .badge") == "2"
    assert stuck.requests() == [PAGE]


def test_first_row_comes_into_a_page_that_was_empty_and_works_there(stuck, cloud):
    stuck.open()
    assert stuck.text("#stuck-empty")
    backups = [cloud.add_backup() for _number in range(2)]
    stuck.let_it_ask()
    assert not stuck.text("#stuck-empty")
    stuck.tick_all()
    assert sorted(stuck.ticked()) == sorted(backup["id"] for backup in backups)
    assert len(stuck.update_ticked().rows()) == 2


def test_last_row_that_goes_leaves_a_page_that_says_so(stuck, cloud):
    backup = cloud.add_backup()
    stuck.open()
    cloud.end(backup)
    stuck.let_it_ask()
    assert stuck.text("#stuck-empty") == "No backup needs attention."
    assert stuck.horizon.visible("#stuck-all, table") == []


def test_ticks_stay_and_the_button_goes_on_following_them(stuck, cloud):
    ticked, other = cloud.add_backup(updated_at=stamp(9000)), cloud.add_backup(updated_at=stamp(8000))
    stuck.open()
    stuck.tick(ticked)
    cloud.backups[ticked["id"]]["status"] = "restoring"
    cloud.add_backup(updated_at=stamp(9999))
    stuck.let_it_ask()
    assert "Restoring" in stuck.row(ticked).text
    assert stuck.ticked() == [ticked["id"]]
    stuck.tick(ticked)
    assert "disabled" in stuck.batch_button.get_attribute("class")
    stuck.tick(other)
    assert [*stuck.update_ticked().rows()] == [other["id"]]


def test_ticked_row_that_goes_takes_its_tick_with_it(stuck, cloud):
    going = cloud.add_backup()
    cloud.add_backup()
    stuck.open()
    stuck.tick(going)
    cloud.end(going)
    stuck.let_it_ask()
    assert stuck.ticked() == []
    assert "disabled" in stuck.batch_button.get_attribute("class")


def test_focus_stays_on_a_button_of_a_row_that_moves_down(stuck, cloud):
    backup = cloud.add_backup()
    stuck.open()
    button = stuck.action(backup)
    stuck.driver.execute_script("arguments[0].focus()", button)
    cloud.add_backup(name="older", updated_at=stamp(99999))
    stuck.let_it_ask()
    assert stuck.names() == ["older", "nightly-07"]
    assert stuck.driver.switch_to.active_element == button


def test_focus_stays_on_a_tile_whose_count_changes(stuck, cloud):
    stuck.open()
    stuck.driver.execute_script("document.getElementById('tile-error').focus()")
    cloud.add_backup(status="error")
    stuck.let_it_ask()
    assert stuck.text("#tile-error .badge") == "1"
    assert stuck.driver.switch_to.active_element.get_attribute("id") == "tile-error"


def test_filter_that_is_being_filled_in_stays_as_it_is(stuck, cloud):
    stuck.open()
    stuck.horizon.find("#id_q").send_keys("night")
    cloud.add_backup()
    stuck.let_it_ask()
    assert stuck.names() == ["nightly-07"]
    field = stuck.driver.switch_to.active_element
    assert (field.get_attribute("id"), field.get_property("value")) == ("id_q", "night")


class OtherAction(tables.LinkAction):
    name = "other"
    verbose_name = "Other"
    url = "horizon:admin:backups:index"


class TableOfAnotherPlugin(StuckBackupsTable):
    """With a second action in each row, which makes a menu of them."""

    class Meta:
        name = "stuck_backups"
        row_class = StuckRow
        table_actions = (actions.UpdateBackupStatuses,)
        row_actions = (actions.UpdateBackupStatus, OtherAction)
        footer = False


def test_open_menu_stays_open(stuck, cloud, monkeypatch):
    monkeypatch.setattr(stuck_views, "StuckBackupsTable", TableOfAnotherPlugin)
    backup = cloud.add_backup()
    stuck.open()
    stuck.row(backup).find_element("css selector", ".dropdown-toggle").click()
    (entry,) = stuck.horizon.visible("tbody .dropdown-menu a")
    cloud.backups[backup["id"]]["status"] = "restoring"
    stuck.let_it_ask()
    assert "Restoring" in stuck.row(backup).text
    assert entry.is_displayed()


@pytest.mark.usefixtures("narrow")
def test_place_that_a_wide_table_was_scrolled_to_stays(stuck, cloud):
    cloud.add_backup()
    stuck.open()
    scroll = "const area = document.getElementById('stuck-rows');"
    assert stuck.driver.execute_script(f"{scroll} area.scrollLeft = 150; return area.scrollLeft") == 150
    cloud.add_backup()
    stuck.let_it_ask()
    assert len(stuck.names()) == 2
    assert stuck.driver.execute_script(f"{scroll} return area.scrollLeft") == 150


def test_table_that_was_sorted_by_hand_stays_sorted(stuck, cloud):
    for number, name in enumerate("bca"):
        cloud.add_backup(name=name, updated_at=stamp(9000 - number))
    stuck.open()
    stuck.horizon.find("#stuck_backups th.sortable").click()
    stuck.horizon.wait(lambda: stuck.names() == ["a", "b", "c"], "the sorted table")
    cloud.add_backup(name="aa", updated_at=stamp(1))
    stuck.let_it_ask()
    stuck.horizon.wait(lambda: stuck.names() == ["a", "aa", "b", "c"], "the new row in its place")
