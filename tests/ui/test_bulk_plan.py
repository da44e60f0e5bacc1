# SPDX-License-Identifier: Apache-2.0
"""The plan page of a bulk run: what it is for, what it says before anything is sent, and what can be chosen."""

import pytest
from selenium.webdriver import Keys

from tests.fake_cinder import COMPLETE
from tests.fake_cinder import DOWN
from tests.fake_cinder import stamp
from tests.pages.bulk import BulkPage

pytestmark = pytest.mark.usefixtures("owner_down")


def test_ticked_rows_of_the_page_are_planned_and_no_others(stuck, cloud):
    whole, empty = cloud.add_backup(name="whole", **COMPLETE), cloud.add_backup(name="empty")
    cloud.add_backup(name="other")
    stuck.open()
    stuck.tick(whole, empty)
    plan = stuck.update_ticked()
    assert {row["backup"]: row["to"] for row in plan.rows().values()} == {"whole": "Available", "empty": "Error"}
    assert plan.head == "2 backups: 1 → Available, 1 → Error."
    assert plan.button.text == "Update 2 backups"
    assert cloud.resets == []


@pytest.mark.short
def test_ticked_rows_of_horizons_own_table_are_planned(horizon, stuck, cloud):
    first, second = cloud.add_backup(name="first"), cloud.add_backup(name="second", status="available")
    cloud.add_backup(name="third")
    horizon.open_backups()
    stuck.tick(first, second)
    horizon.find("button[name=action][value$=update_statuses]").click()
    plan = BulkPage(horizon).planned()
    assert {row["backup"] for row in plan.rows().values()} == {"first", "second"}
    assert plan.button.text == "Update 1 backup"
    plan.part("back").click()
    horizon.wait(lambda: horizon.driver.current_url == horizon.url + "admin/backups/", "the list that one came from")


def test_all_that_match_means_the_filter_and_not_what_the_page_shows(stuck, cloud, settings):
    settings.API_RESULT_PAGE_SIZE = 2
    for number in range(5):
        cloud.add_backup(name=f"weekly-{number}")
    cloud.add_backup(name="nightly-07")
    stuck.open("?q=weekly")
    assert len(stuck.names()) == 2
    plan = stuck.update_all()
    assert sorted(row["backup"] for row in plan.rows().values()) == [f"weekly-{number}" for number in range(5)]
    plan.part("back").click()
    stuck.horizon.wait(lambda: "q=weekly" in stuck.driver.current_url, "the list as it was filtered")


def test_head_counts_each_backup_once_and_rows_are_grouped_by_what_becomes_of_them(stuck, cloud):
    cloud.add_backup(name="whole", **COMPLETE)
    cloud.add_backup(name="empty")
    cloud.add_backup(name="back", status="restoring", **COMPLETE)
    lost = cloud.add_backup(name="nobody's", updated_at=stamp(99999))
    cloud.hide(lost["id"], service=None, host=None)
    slow = cloud.add_backup(name="slow", updated_at=stamp(99999))
    cloud.hide(slow["id"], host="node-2")
    plan = stuck.open().update_all()
    plan.say_dead("node-1")
    plan.say_dead("")
    assert plan.head == "5 backups: 2 → Available, 1 → Error, 1 to be removed, 1 left out."
    rows = {row["backup"]: row for row in plan.rows().values()}
    assert rows["nobody's"]["to"] == "Removed"
    assert "If its process is alive, a reset would do harm" in rows["slow"]["why"]
    assert [row["to"] for row in rows.values()] == ["Available", "Available", "Error", "Removed", ""]


def test_other_mode_and_the_word_that_processes_are_dead_make_another_plan(stuck, cloud):
    cloud.add_backup(name="whole", **COMPLETE)
    slow = cloud.add_backup(name="slow", updated_at=stamp(99999))
    cloud.hide(slow["id"], host="node-2")
    plan = stuck.open().update_all()
    assert plan.button.text == "Update 1 backup"
    assert plan.hosts() == [
        "Their processes are dead: I looked on node-1 (1 backup, 1 locked volume)",
        "Their processes are dead, though cinder-backup on node-2 is up: I looked there (1 backup, 1 locked volume)",
    ]
    plan.say_dead("node-2")
    assert plan.button.text == "Update 2 backups"
    assert plan.head == "2 backups: 1 → Available, 1 → Error."
    plan.choose_mode("error")
    stuck.horizon.wait(lambda: plan.head == "2 backups: 2 → Error.", "the plan of the other mode")
    assert {row["to"] for row in plan.rows().values()} == {"Error"}
    plan.run()
    assert {status for row, status in cloud.resets if row in cloud.backups} == {"error"}


def test_word_for_a_host_frees_what_its_backups_hold_and_no_other(stuck, cloud):
    mine, other = cloud.add_backup(name="mine", **COMPLETE), cloud.add_backup(name="other", **COMPLETE)
    cloud.services.append(cloud.service(host="node-3", **DOWN))
    cloud.hide(other["id"], host="node-3")
    plan = stuck.open().update_all().say_dead("node-1")
    rows = plan.rows()
    assert rows[mine["id"]]["also"] == "db-data: Backing Up → Available"
    assert "is still Backing Up" in rows[other["id"]]["also"]
    plan.run()
    assert plan.head == "2 reset, 1 volume freed, 1 still locked"
    assert "alert-warning" in plan.part("head").get_attribute("class")
    assert cloud.volumes[mine["volume_id"]]["status"] == "available"
    assert cloud.volumes[other["volume_id"]]["status"] == "backing-up"


def test_choice_that_overtakes_a_plan_under_way_is_the_one_that_counts(stuck, cloud):
    cloud.add_backup(**COMPLETE)
    plan = stuck.open().update_all()
    stuck.driver.execute_script(
        "document.getElementById('bulk-error').click(); document.querySelector('#bulk-hosts input').click()"
    )
    stuck.horizon.wait(lambda: "1 → Error" in plan.head, "the last plan")
    assert len(plan.rows()) == 1


def test_nothing_to_reset_is_said_and_nothing_can_be_pressed(stuck, cloud):
    backup = cloud.add_backup()
    stuck.open()
    del cloud.backups[backup["id"]]
    plan = stuck.update_all()
    assert plan.head == "No backup matches: there is nothing to reset."
    assert not plan.button.is_displayed()
    assert not plan.part("csv").is_enabled()


def test_backup_that_cannot_be_read_is_left_out_with_the_reason(stuck, cloud):
    backup = cloud.add_backup()
    stuck.open()
    stuck.tick(backup)
    del cloud.backups[backup["id"]]
    (row,) = stuck.update_ticked().rows().values()
    assert "Left out: Cinder has no such backup" in row["why"]
    assert row["now"] == ""


def test_plan_that_fails_says_why_and_can_be_worked_out_again(stuck, cloud):
    cloud.add_backup()
    stuck.open()
    cloud.trouble["GET", "/backups"] = 503
    stuck.horizon.find("#stuck-all button").click()
    plan = BulkPage(stuck.horizon)
    stuck.horizon.wait(lambda: plan.text("pause"), "the reason")
    assert "could not be read to its end. Nothing was sent." in plan.text("pause")
    assert not plan.button.is_enabled()
    cloud.trouble.clear()
    plan.part("again").click()
    stuck.horizon.wait(lambda: plan.button.text == "Update 1 backup", "the plan")
    assert plan.text("pause") == ""


def test_session_that_expired_is_told_with_a_way_to_log_in(stuck, cloud, session_ends):
    cloud.add_backup()
    plan = stuck.open().update_all()
    session_ends()
    plan.choose_mode("error")
    stuck.horizon.wait(lambda: plan.text("pause"), "the reason")
    assert "Your session has expired. Nothing more was sent." in plan.text("pause")
    plan.part("log-in").click()
    stuck.horizon.wait(lambda: "/auth/login/" in stuck.driver.current_url, "the log-in page")
    assert "next=%2Fadmin%2Fbackup_reset%2F" in stuck.driver.current_url


def test_three_hundred_rows_are_shown_by_the_hundred_and_run_as_a_whole(stuck, cloud):
    volume = cloud.add_volume(status="available")["id"]
    made = [cloud.add_backup(volume_id=volume, **COMPLETE)["id"] for _number in range(300)]
    plan = stuck.open().update_all()
    assert plan.button.text == "Update 300 backups"
    assert (len(plan.rows()), plan.text("more")) == (100, "Show 100 more")
    plan.part("more").click()
    assert len(plan.rows()) == 200
    plan.run()
    assert plan.head == "300 reset"
    assert sorted(cloud.resets) == sorted((backup_id, "available") for backup_id in made)
    plan.part("more").click()
    assert set(plan.results().values()) == {"applied"}
    assert len(plan.results()) == 300
    assert not plan.part("more").is_displayed()


@pytest.mark.usefixtures("narrow")
def test_plan_fits_into_a_narrow_window_and_results_are_seen_there_without_scrolling(stuck, cloud):
    cloud.add_backup(name="n" * 255, **COMPLETE)
    plan = stuck.open().update_all()
    assert stuck.horizon.fits()
    plan.run()
    assert stuck.horizon.fits()
    (cell,) = stuck.horizon.find_all("td[data-result]")
    assert cell.rect["x"] + cell.rect["width"] <= 600


def test_names_are_shown_as_they_are(stuck, cloud):
    name = '<img src=x onerror="document.title=1">{count}\u202e$&'
    cloud.add_backup(name=name)
    plan = stuck.open().update_all()
    title = stuck.driver.title
    assert [row["backup"] for row in plan.rows().values()] == [name]
    assert stuck.horizon.find_all("#bulk-rows img") == []
    assert stuck.driver.title == title


def test_whole_way_by_keyboard(stuck, cloud, keyboard):
    cloud.add_backup(name="whole", **COMPLETE)
    plan = stuck.open().update_all()
    stuck.driver.execute_script("document.getElementById('bulk-recommended').focus()")
    keyboard.press(Keys.ARROW_DOWN)
    stuck.horizon.wait(lambda: "1 → Error" in plan.head, "the plan of the other mode")
    keyboard.tab_to("#bulk-host-0", most=2)
    keyboard.press(Keys.SPACE)
    stuck.horizon.wait(lambda: "→ Available" in str(plan.rows()), "the plan with the word")
    assert keyboard.focus.get_attribute("id") == "bulk-host-0"
    keyboard.tab_to("#bulk-run", most=2)
    keyboard.press(Keys.ENTER)
    plan.finished()
    assert set(plan.results().values()) == {"applied"}
    # What was pressed is gone; the focus is where the outcome is told.
    assert keyboard.focus.get_attribute("id") == "bulk-head"
    keyboard.tab_to("#bulk-csv", most=2)
    keyboard.tab_to("#bulk-back", most=1)
    keyboard.press(Keys.ENTER)
    stuck.horizon.wait(lambda: stuck.horizon.visible("#stuck-empty"), "the list")
