# SPDX-License-Identifier: Apache-2.0
"""Without mouse and eyes: keys, and what Chromium tells a screen reader, in German as far as it is translated."""

import pytest
from django.conf import settings as django_settings
from django.utils.translation import gettext
from django.utils.translation import override
from selenium.webdriver import Keys

from tests.fake_cinder import COMPLETE
from tests.fake_cinder import stamp
from tests.pages.bulk import BulkPage
from tests.pages.horizon import BACKUPS
from tests.pages.horizon import OURS
from tests.pages.stuck import StuckPage
from tests.ui.tree import Listener

pytestmark = pytest.mark.usefixtures("owner_down")


def german(text):
    """A text of ours as it stands on a German page, from its beginning to where a value is put in."""
    with override("de"):
        return gettext(text).partition("{")[0].partition("%(")[0].strip()


@pytest.fixture
def listener(horizon, keyboard):
    """In a Horizon whose language is set to German."""
    horizon.open(BACKUPS)
    horizon.driver.add_cookie({"name": django_settings.LANGUAGE_COOKIE_NAME, "value": "de"})
    horizon.open(BACKUPS)
    horizon.wait_until_ready()
    return Listener(horizon, keyboard)


def test_stuck_backup_is_found_and_released(horizon, listener, cloud):
    backup = cloud.add_backup(name="nightly-07", **COMPLETE)
    other = cloud.add_backup(name="weekly-01", updated_at=stamp(9000))
    listener.presses("link", german("Stuck Backups"))
    stuck = StuckPage(horizon).opened()
    assert listener.hears("heading", german("Stuck Backups"))
    assert listener.hears("row", "nightly-07")
    listener.presses("link", german("Update Backup Status"))
    dialog = horizon.dialog()
    opened = listener.is_told("dialog", "nightly-07")
    assert opened.name == german("Update Backup Status")
    assert opened.states["modal"]
    assert dialog.headline in opened.described
    assert dialog.chosen == "available"
    assert listener.goes_to("radio", "").states["checked"] == "true"
    listener.presses("checkbox", "node-1", Keys.SPACE)
    listener.presses("button", german("Update Status"))
    told = " ".join(dialog.replaced().told.split())
    assert " ".join(listener.is_told("status", "").text.split()) == told
    listener.presses("link", german("Close"))
    horizon.wait_until_closed()
    assert cloud.backups[backup["id"]]["status"] == "available"
    assert cloud.volumes[backup["volume_id"]]["status"] == "available"
    horizon.wait(lambda: backup["id"] not in stuck.rows, "its row to go")
    horizon.wait(lambda: horizon.driver.switch_to.active_element == stuck.action(other), "the focus on the next row")


def test_refusal_is_heard_at_the_box_that_it_is_about(horizon, listener, cloud):
    dialog = horizon.open_dialog(cloud.add_backup())
    listener.is_told("dialog", german("Update Backup Status"))
    assert dialog.chosen == "error"
    listener.goes_to("radio", "")
    listener.keyboard.press(Keys.ARROW_UP)
    listener.presses("button", german("Update Status"))
    dialog.replaced()
    box = listener.is_told("checkbox", "")
    assert box.states["invalid"] == "true"
    assert box.described == horizon.dialog().text("[role=alert]") != ""
    assert cloud.resets == []


def test_ticked_backups_are_released_in_one_run(horizon, listener, cloud):
    backups = [cloud.add_backup(name=f"nightly-{n}", updated_at=stamp(9000 - n), **COMPLETE) for n in range(3)]
    horizon.open(OURS)
    StuckPage(horizon).opened()
    listener.presses("checkbox", german("Select all backups on this page"), Keys.SPACE)
    # What works on ticked rows stands before them.
    listener.goes_back_to("button", "")
    listener.keyboard.press(Keys.ENTER)
    plan = BulkPage(horizon)
    horizon.wait(plan.button.is_enabled, "the plan")
    listener.presses("checkbox", "node-1", Keys.SPACE)
    horizon.wait(plan.button.is_enabled, "the new plan")
    listener.goes_to("button", plan.button.text)
    listener.keyboard.press(Keys.ENTER)
    plan.finished()
    assert listener.is_told("status", "3")
    assert {cloud.backups[each["id"]]["status"] for each in backups} == {"available"}


def test_left_over_is_freed_and_the_next_one_is_at_hand(horizon, listener, cloud):
    volumes = [cloud.add_volume(name=f"data-{n}", updated_at=stamp(99000 - n)) for n in range(2)]
    horizon.open(f"{OURS}left_overs/")
    horizon.wait_until_ready()
    listener.presses("link", horizon.find("[id$=action_release]").text)
    dialog = horizon.dialog()
    listener.is_told("dialog", "data-0")
    listener.presses("checkbox", "", Keys.SPACE)
    listener.presses("button", dialog.button.get_attribute("value"))
    dialog.replaced()
    listener.is_told("alert", "")
    listener.presses("link", german("Back to the list"))
    horizon.wait(lambda: not horizon.find_all(f"[data-object-id='{volumes[0]['id']}']"), "the row to go")
    horizon.wait_until_ready()
    assert cloud.volumes[volumes[0]["id"]]["status"] == "available"
    assert listener.is_told("region", "data-1")
