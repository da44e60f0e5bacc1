# SPDX-License-Identifier: Apache-2.0
"""The Stuck Backups page: what an operator sees on it, and where it leads."""

import json
import uuid

import pytest
from selenium.webdriver import Keys

from backup_reset_panel.listing import page as listing
from tests.fake_cinder import stamp
from tests.pages.stuck import BELOW
from tests.pages.stuck import LISTED

DAY = 24 * 3600


@pytest.mark.short
def test_navigation_leads_to_the_page(horizon, stuck, cloud, owner_down):
    cloud.add_backup(name="nightly-07")
    horizon.open_backups()
    (link,) = [
        each for each in horizon.find_all("#sidebar-accordion a") if "backup_reset" in str(each.get_attribute("href"))
    ]
    horizon.driver.execute_script("arguments[0].scrollIntoView()", link)
    link.click()
    horizon.wait_until_ready()
    assert horizon.find("h1").text == "Stuck Backups"
    assert stuck.names() == ["nightly-07"]


def test_healthy_cloud_is_called_so_and_offers_nothing_to_press(stuck, cloud):
    cloud.add_backup(status="available")
    stuck.open()
    assert stuck.text("#stuck-empty") == "No backup needs attention."
    assert "No items" not in stuck.text("body")
    assert stuck.horizon.visible("#stuck-all, table") == []


def test_tiles_are_filters_and_say_which_is_open(stuck, cloud, owner_down):
    cloud.add_backup(name="nightly-07")
    cloud.add_backup(name="failed", status="error", volume_id=None)
    cloud.add_backup(name="once", status="error", object_count=4, volume_id=None)
    stuck.open()
    assert stuck.names() == ["nightly-07"]
    stuck.open_tile("error")
    assert sorted(stuck.names()) == ["failed", "once"]
    assert stuck.text("[aria-current=page]") == "Error 2"
    stuck.open_tile("was_complete")
    assert stuck.names() == ["once"]


def test_filter_of_a_tile_can_be_filled_in_and_taken_back(stuck, cloud, owner_down, keyboard):
    cloud.add_backup(name="nightly-07")
    cloud.add_backup(name="weekly-01")
    stuck.open()
    stuck.horizon.find("#id_q").send_keys("weekly", Keys.ENTER)
    stuck.horizon.wait(lambda: stuck.names() == ["weekly-01"], "the filtered list")
    assert "q=weekly" in stuck.driver.current_url
    stuck.horizon.find("#stuck-filters a").click()
    stuck.horizon.wait(lambda: len(stuck.names()) == 2, "the whole list")


def test_filter_that_is_not_valid_shows_nothing_and_says_why(stuck, cloud, owner_down):
    cloud.add_backup()
    stuck.open("?status=nonsense&q=night")
    assert stuck.names() == []
    assert "Status: Select a valid choice." in stuck.text("#stuck-filter-problem")
    assert stuck.horizon.visible("#stuck-all") == []
    assert "No backup needs attention" not in stuck.text("body")
    stuck.horizon.find("#stuck-filters a").click()
    stuck.horizon.wait(lambda: stuck.names() == ["nightly-07"], "the whole list")


def test_page_with_nothing_on_it_is_not_called_a_healthy_cloud_while_the_list_goes_on(
    stuck, cloud, settings, monkeypatch
):
    settings.API_RESULT_PAGE_SIZE = 20
    cloud.services = [cloud.service()]
    # As where Cinder is slow: no further part of the list is looked at for this page.
    monkeypatch.setattr(listing, "MORE_SECONDS", -1)
    for number in range(31):
        cloud.add_backup(updated_at=stamp(9000 - number))
    waiting = cloud.add_backup(name="forgotten", updated_at=stamp(1000))
    cloud.hide(waiting["id"], service=None, host=None)
    stuck.open()
    assert "No backup needs attention" not in stuck.text("body")
    assert "The list goes on" in stuck.text("#stuck-none-here")
    stuck.next_page()
    assert stuck.names() == ["forgotten"]


def test_pages_lead_through_all_and_back_to_the_first(stuck, cloud, owner_down, settings):
    settings.API_RESULT_PAGE_SIZE = 2
    made = [cloud.add_backup(name=f"nightly-{n}", updated_at=stamp(9000 - n))["name"] for n in range(5)]
    stuck.open()
    seen = stuck.names()
    while stuck.horizon.visible("#stuck-next"):
        stuck.next_page()
        seen += stuck.names()
    assert seen == made
    stuck.horizon.find("#stuck-first").click()
    stuck.horizon.wait(lambda: stuck.names() == made[:2], "the first page")


def test_select_all_ticks_no_backup_that_may_be_live(stuck, cloud, owner_down):
    down = cloud.add_backup(name="stuck")
    slow = cloud.add_backup(name="slow", updated_at=stamp(3 * DAY))
    cloud.hide(slow["id"], host="node-2")
    stuck.open()
    assert stuck.names() == ["stuck"]
    assert stuck.names(BELOW) == ["slow"]
    assert "May be live" in stuck.text("#stuck-below")
    stuck.tick_all()
    assert stuck.ticked() == [down["id"]]
    assert [row["backup"] for row in stuck.update_ticked().rows().values()] == ["stuck"]


@pytest.mark.parametrize(("tile", "status"), [("long_running", "restoring"), ("deleting", "deleting")])
def test_what_may_be_live_has_no_tick_box_on_any_tile(stuck, cloud, tile, status):
    cloud.services = [cloud.service()]
    cloud.add_backup(name="slow", status=status, updated_at=stamp(3 * DAY))
    stuck.open(f"?tile={tile}")
    assert stuck.names(BELOW) == ["slow"]
    assert stuck.horizon.visible(f"{BELOW} .themable-checkbox, {LISTED}") == []
    assert "No backup matches" not in stuck.text("body")
    assert "If its process is alive, a reset would do harm" in json.dumps(stuck.update_all().rows())


def test_button_for_ticked_rows_works_only_with_a_tick(stuck, cloud, owner_down):
    backup = cloud.add_backup()
    stuck.open()
    assert "disabled" in stuck.batch_button.get_attribute("class")
    stuck.tick(backup)
    assert "disabled" not in stuck.batch_button.get_attribute("class")


@pytest.mark.short
def test_row_action_opens_the_dialog_over_the_page_and_the_row_goes_after_the_result(stuck, cloud, owner_down):
    backup = cloud.add_backup(name="nightly-07", object_count=128)
    other = cloud.add_backup(name="weekly-01")
    stuck.open()
    dialog = stuck.open_dialog(backup)
    assert dialog.name == "nightly-07"
    assert stuck.driver.current_url.endswith("/admin/backup_reset/")
    dialog.tick("process_dead")
    result = dialog.submit()
    assert result.ending == "applied"
    result.close()
    stuck.horizon.wait(lambda: stuck.names() == ["weekly-01"], "the row to go")
    assert stuck.horizon.row(other).is_displayed()


def test_row_below_the_line_opens_its_dialog_too(stuck, cloud):
    cloud.services = [cloud.service()]
    backup = cloud.add_backup(name="slow", updated_at=stamp(3 * DAY))
    stuck.open()
    assert stuck.open_dialog(backup, "long_running_backups").name == "slow"


NAMES = {
    "markup": '<img src=x onerror="document.title=1"><b>bold</b>&amp;',
    "right-to-left": "\u202eevil \u05e9\u05dc\u05d5\u05dd",
    "255-wide-characters": "備" * 255,
    "255-without-a-space": "n" * 255,
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_name_is_shown_as_it_is_and_within_its_cell(stuck, cloud, owner_down, name):
    # Names of projects are remembered from test to test: this one is new.
    project = {"os-backup-project-attr:project_id": uuid.uuid4().hex}
    cloud.projects.update(dict.fromkeys(project.values(), name))
    backup = cloud.add_backup(name=name, volume_id=cloud.add_volume(name=name)["id"], **project)
    stuck.open()
    title = stuck.driver.title
    cells = stuck.row(backup).find_elements("tag name", "td")
    assert cells[1].find_element("tag name", "a").get_property("textContent").strip() == name
    assert cells[2].get_property("textContent").strip() == name
    assert name in cells[7].get_property("textContent")
    assert stuck.row(backup).find_elements("css selector", "img, b") == []
    assert stuck.driver.title == title
    assert stuck.horizon.fits()
    assert stuck.driver.execute_script(
        "return arguments[0].scrollWidth <= arguments[0].clientWidth", stuck.action(backup)
    )


@pytest.mark.usefixtures("narrow")
def test_page_fits_into_a_narrow_window_and_its_table_can_be_scrolled(stuck, cloud, owner_down):
    cloud.add_backup(name="n" * 255)
    slow = cloud.add_backup(name="s" * 255, updated_at=stamp(3 * DAY))
    cloud.hide(slow["id"], host="node-2")
    stuck.open()
    assert stuck.horizon.fits()
    button = stuck.horizon.find(f"{LISTED} tbody .actions_column .btn")
    stuck.driver.execute_script("arguments[0].scrollIntoView({ inline: 'end' })", button)
    right = stuck.driver.execute_script("return arguments[0].getBoundingClientRect().right", button)
    assert right <= 600


def test_hovering_over_an_age_tells_the_time_of_the_user_and_of_the_world(stuck, cloud, owner_down):
    backup = cloud.add_backup(updated_at="2026-03-01T20:30:00.000000")
    stuck.open()
    stuck.driver.add_cookie({"name": "django_timezone", "value": "Asia/Tokyo"})
    stuck.open()
    told = "2026-03-02 05:30:00 JST, 2026-03-01 20:30:00 UTC"
    assert stuck.row(backup).find_element("tag name", "time").get_attribute("title") == told
    cloud.backups[backup["id"]]["name"] = "renamed"
    stuck.let_it_ask()
    assert stuck.names() == ["renamed"]
    assert stuck.row(backup).find_element("tag name", "time").get_attribute("title") == told


def test_ages_are_sorted_as_times_and_not_as_words(stuck, cloud, owner_down):
    for name, seconds in {"hours": 3 * 3600, "minutes": 700, "days": 5 * DAY, "seconds": 20}.items():
        cloud.add_backup(name=name, updated_at=stamp(seconds))
    stuck.open()
    assert stuck.names() == ["days", "hours", "minutes", "seconds"]
    stuck.horizon.find(f"{LISTED} th[data-type=timesince]").click()
    stuck.horizon.wait(lambda: stuck.names() == ["seconds", "minutes", "hours", "days"], "the youngest on top")


def test_status_verdict_and_service_are_told_in_words_where_they_are_told_in_colour(stuck, cloud, owner_down):
    cloud.add_backup(object_count=128, container="ab/cd/x")
    stuck.open()
    coloured = stuck.horizon.visible("#stuck-backups [class*=text-], #stuck-backups .label")
    assert [element.text.split(",")[0] for element in coloured] == [
        "nova · node-1 · down",
        "nova · node-2 · up",
        "Complete. All data was written",
        "down",
    ]
