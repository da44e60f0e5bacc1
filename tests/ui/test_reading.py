# SPDX-License-Identifier: Apache-2.0
"""Reading contents from the dialog: with a bar and a Stop button, and never under a choice that somebody has made."""

import os
import threading

import pytest
from django.core.cache import cache

from backup_reset_panel.resets import readings
from backup_reset_panel.storage import entry
from tests.ui.test_storage import backup  # noqa: F401  (fixtures are found by their names here)
from tests.ui.test_storage import verdict
from tests.unit.storage.conftest import written  # noqa: F401

pytestmark = pytest.mark.usefixtures("owner_down")


class Gate:
    """Each step reads one part; all but the first few wait until it is opened."""

    def __init__(self, step, free):
        self._step = step
        self._free = free
        self._opened = threading.Event()
        self.steps = 0

    def open(self):
        self._opened.set()

    def step(self, access, place):
        self.steps += 1
        if self.steps > self._free:
            assert self._opened.wait(30)
        return self._step(access, place, seconds=0)


@pytest.fixture(autouse=True)
def nothing_remembered(backup):  # noqa: F811
    """Each test has the same backup: what was read of it is none of the next one's."""
    yield
    cache.delete(readings._key("RegionOne", backup["id"]))


@pytest.fixture
def gate(monkeypatch):
    made = Gate(entry.step, 8)
    monkeypatch.setattr(entry, "step", made.step)
    yield made
    made.open()


@pytest.fixture
def checked(horizon, backup):  # noqa: F811
    """The dialog when its store has answered."""
    horizon.open_dialog(backup)
    horizon.wait(lambda: verdict(horizon) == "whole", "the store's word")
    return horizon


@pytest.fixture
def rotten(tmp_path, backup):  # noqa: F811
    """One part has other bytes, of which no list tells."""
    folder = tmp_path / backup["container"]
    path = sorted(each for each in folder.iterdir() if each.name[-5:].isdigit())[5]
    times = path.stat()
    path.write_bytes(bytes(byte ^ 1 for byte in path.read_bytes()))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def button(horizon, name):
    return horizon.find(f"#backup-reset-read [data-read={name}]")


def told(horizon):
    return horizon.find("#backup-reset-read [data-part=told]").text


def test_everything_is_read_with_a_bar_and_told_in_the_verdict_and_the_result(checked, gate):
    button(checked, "all").click()
    checked.wait(lambda: told(checked).startswith("8 of 32 parts"), "the eighth part")
    bar = checked.find("#backup-reset-read .progress-bar")
    assert bar.get_attribute("aria-valuenow") == "25"
    said = checked.find("#backup-reset-read [role=status]").get_attribute("textContent")
    assert said.startswith("8 of 32 parts")
    assert not button(checked, "all").is_displayed()
    gate.open()
    checked.wait(
        lambda: "all 32 parts were read and match" in checked.find("#backup-reset-verdict").text, "the verdict"
    )
    assert verdict(checked) == "whole"
    assert checked.driver.switch_to.active_element.get_attribute("id") == "backup-reset-verdict"
    result = checked.dialog().submit()
    assert result.ending == "applied"
    assert "all 32 parts were read and match" in result.text("#backup-reset-stored")


def test_stop_ends_it_and_says_that_it_does_not_count(checked, gate):
    button(checked, "all").click()
    checked.wait(lambda: told(checked).startswith("8 of 32 parts"), "the eighth part")
    button(checked, "stop").click()
    checked.wait(lambda: told(checked).startswith("Stopped."), "the end")
    gate.open()
    steps = gate.steps
    button(checked, "again").click()
    checked.wait(
        lambda: "all 32 parts were read and match" in checked.find("#backup-reset-verdict").text, "the verdict"
    )
    assert gate.steps <= steps + 25


@pytest.mark.usefixtures("rotten")
def test_damage_that_reading_finds_makes_error_the_choice(checked):
    assert checked.dialog().chosen == "available"
    button(checked, "all").click()
    checked.wait(lambda: verdict(checked) == "damaged", "the damage")
    assert checked.dialog().chosen == "error"


@pytest.mark.usefixtures("rotten")
def test_choice_that_somebody_made_stays_and_what_was_read_stops_it(checked, gate, cloud):
    button(checked, "all").click()
    checked.wait(lambda: told(checked).startswith("8 of 32 parts"), "the eighth part")
    dialog = checked.dialog()
    dialog.choose("error")
    dialog.choose("available")
    gate.open()
    checked.wait_for_words("the contents of parts are not those that were written")
    checked.wait(lambda: button(checked, "all").is_displayed(), "the end")
    assert (verdict(checked), dialog.chosen) == ("whole", "available")
    answer = dialog.submit()
    assert "does not bear out Available" in answer.text("#backup-reset-notice")
    assert answer.chosen == "error"
    assert cloud.resets == []


def test_dialog_that_is_closed_ends_the_reading(checked, gate):
    button(checked, "all").click()
    checked.wait(lambda: told(checked).startswith("8 of 32 parts"), "the eighth part")
    checked.dialog().close()
    gate.open()
    steps = gate.steps
    # Another request of the same window comes after what the reading would have asked.
    checked.open_backups()
    assert gate.steps == steps


def test_server_that_does_not_answer_loses_nothing(checked, gate, monkeypatch):
    button(checked, "all").click()
    checked.wait(lambda: told(checked).startswith("8 of 32 parts"), "the eighth part")
    checked.driver.execute_cdp_cmd("Network.enable", {})
    offline = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    checked.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": True, **offline})
    gate.open()
    try:
        checked.wait(lambda: button(checked, "again").is_displayed(), "the failure")
    finally:
        checked.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": False, **offline})
    button(checked, "again").click()
    checked.wait(
        lambda: "all 32 parts were read and match" in checked.find("#backup-reset-verdict").text, "the verdict"
    )
