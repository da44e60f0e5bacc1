# SPDX-License-Identifier: Apache-2.0
"""The check on storage comes after the dialog, and never under a choice that somebody has already made."""

import threading

import pytest

from backup_reset_panel import cinder
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import FaultKind
from backup_reset_panel.storage import entry
from tests.unit.storage.conftest import written  # noqa: F401  (fixtures are found by their names here)

pytestmark = pytest.mark.usefixtures("owner_down")


class Gate:
    """Holds each look at the store until it is opened."""

    def __init__(self, check):
        self._check = check
        self._opened = threading.Event()

    def open(self):
        self._opened.set()

    def check(self, *args, **values):
        assert self._opened.wait(30)
        return self._check(*args, **values)


@pytest.fixture
def backup(cloud, settings, written, tmp_path):  # noqa: F811  (the fixture)
    """Whole on its store, with its count lost."""
    row = written["flat"].row("full", "none")
    folder = tmp_path / row["container"]
    folder.mkdir(parents=True)
    for name, data in written["flat"].objects[row["container"]].items():
        (folder / name).write_bytes(data)
    settings.BACKUP_RESET_PANEL = {"FOLLOW_SECONDS": 0.3, "STORAGE": {"*": {"store": "files", "path": str(tmp_path)}}}
    return cloud.add_backup(
        id=row["id"],
        volume_id=cloud.add_volume(id=row["volume_id"], status="available")["id"],
        container=row["container"],
        created_at=row["created_at"].split("+")[0],
    )


@pytest.fixture
def held(monkeypatch):
    gate = Gate(entry.check)
    monkeypatch.setattr(entry, "check", gate.check)
    yield gate
    gate.open()


def verdict(horizon):
    return horizon.find("#backup-reset-verdict").get_attribute("data-verdict")


def test_dialog_is_there_before_the_store_has_answered_and_changes_in_place(horizon, backup, held):
    dialog = horizon.open_dialog(backup)
    assert verdict(horizon) == "no_proof"
    assert dialog.chosen == "error"
    assert "Checking on storage" in horizon.find("#backup-reset-store").text
    held.open()
    horizon.wait(lambda: verdict(horizon) == "whole", "the store's word")
    dialog = horizon.dialog()
    assert dialog.chosen == "available"
    assert dialog.submit().ending == "applied"


def test_choice_that_somebody_made_is_not_changed_under_their_hands(horizon, backup, held):
    dialog = horizon.open_dialog(backup)
    dialog.choose("available")
    held.open()
    horizon.wait(lambda: "parts are there" in horizon.find("#backup-reset-store").text, "the store's word")
    assert dialog.chosen == "available"
    assert verdict(horizon) == "no_proof"


def test_word_of_a_store_that_cannot_tell_is_not_mistaken_for_the_records(horizon, backup, held, settings):
    backup["object_count"] = 32
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"*": {"store": "files", "path": "/gone"}}}
    horizon.open_dialog(backup).choose("error")
    held.open()
    horizon.wait(lambda: "Not verified on storage" in horizon.find("#backup-reset-store").text, "the store's word")


def test_check_that_fails_says_so_and_can_be_asked_for_again(horizon, backup, monkeypatch):
    def fails(*args, **values):
        raise cinder.CinderFault(Fault(FaultKind.TIMED_OUT))

    monkeypatch.setattr(entry, "check", fails)
    horizon.open_dialog(backup)
    horizon.wait(lambda: "did not answer" in horizon.find("#backup-reset-store").text, "the failure")
    assert horizon.find("#backup-reset-store a").is_displayed()


def test_plan_tells_how_many_were_checked_and_how_deep(stuck, backup, cloud):
    cloud.add_backup(name="elsewhere", container="no/such/container", object_count=7)
    plan = stuck.open().update_all()
    assert plan.head.startswith("2 backups: 2 → Available")
    assert plan.head.endswith("On storage: 1 checked, contents not read, 1 not known.")
