# SPDX-License-Identifier: Apache-2.0
"""The specification's own sentence: before creating becomes available, its data is looked at; if not whole, error."""

import concurrent.futures
import json
import logging
import os
import pathlib
import threading

import pytest
from django.urls import reverse
from django.utils import timezone

from backup_reset_panel.cinder.threads import POOL
from backup_reset_panel.core.audit import LOGGER
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import Issue
from backup_reset_panel.resets import case as cases
from backup_reset_panel.resets import stored as stored_cases
from backup_reset_panel.storage import entry
from tests.unit.storage.conftest import written  # noqa: F401  (fixtures are found by their names here)
from tests.views.conftest import AJAX
from tests.views.conftest import Dialog


@pytest.fixture
def row(written):  # noqa: F811  (the fixture)
    """What Cinder's posix driver wrote of a full backup: its record, and its objects."""
    return written["flat"].row("full", "none")


@pytest.fixture
def store(tmp_path, settings, written, row):  # noqa: F811  (the fixture)
    """The folder that backups lie in; the site has set it."""
    folder = tmp_path / row["container"]
    folder.mkdir(parents=True)
    for name, data in written["flat"].objects[row["container"]].items():
        (folder / name).write_bytes(data)
    settings.BACKUP_RESET_PANEL = {"FOLLOW_SECONDS": 0.06, "STORAGE": {"*": {"store": "files", "path": str(tmp_path)}}}
    return folder


@pytest.fixture
def backup(cloud, row):
    """Its count was lost; the host last asked is down, and another one is up."""
    return cloud.add_backup(
        id=row["id"],
        volume_id=cloud.add_volume(id=row["volume_id"], status="available")["id"],
        container=row["container"],
        created_at=row["created_at"].split("+")[0],
        object_count=0,
    )


@pytest.fixture
def stored(admin, backup):
    """Function: the dialog with the store's word, as its own script asks for it."""
    url = reverse("horizon:admin:backup_reset:update_status", args=(backup["id"],))
    return lambda: Dialog(admin, admin.get(url + "?stored=yes", headers=AJAX))


@pytest.fixture
def audit_lines(caplog):
    caplog.set_level(logging.INFO, logger=LOGGER)
    return lambda: [json.loads(record.message) for record in caplog.records if record.name == LOGGER]


def age(folder: pathlib.Path) -> None:
    """Let all of it have been written long ago."""
    for path in folder.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))


def lose_a_part(folder: pathlib.Path) -> None:
    next(path for path in sorted(folder.iterdir()) if path.name[-5:].isdigit()).unlink()


def test_without_a_store_nothing_is_said_of_one(open_dialog, backup):
    assert open_dialog(backup).find("#backup-reset-store") is None


def test_dialog_opens_without_waiting_for_the_store_and_says_where_to_ask(open_dialog, backup, store):
    dialog = open_dialog(backup)
    assert dialog.verdict == "no_proof"
    assert dialog.find("#backup-reset-store").get("data-url").endswith("?stored=yes")


def test_whole_backup_whose_count_was_lost_is_recommended_available(stored, store):
    dialog = stored()
    assert dialog.verdict == "whole"
    assert dialog.chosen == "available"
    assert "all 32 parts are there" in dialog.text("#backup-reset-verdict")
    assert dialog.find("#backup-reset-store") is None


def test_whole_backup_becomes_available_and_the_audit_log_says_why(stored, store, cloud, backup, audit_lines):
    assert stored().submit().ending == "applied"
    assert cloud.resets == [(backup["id"], "available")]
    [line] = audit_lines()
    assert (line["verdict"], line["storage"]["state"], line["storage"]["depth"]) == ("whole", "whole", "listed")


def test_damaged_backup_is_recommended_error_though_its_record_is_complete(stored, store, backup):
    backup["object_count"] = 32
    lose_a_part(store)
    dialog = stored()
    assert (dialog.verdict, dialog.chosen) == ("damaged", "error")
    assert "parts of it are missing" in dialog.text("#backup-reset-verdict")
    assert "override" in dialog.boxes("ticks")


def test_available_is_not_sent_where_the_store_shows_damage_and_error_is_chosen(open_dialog, store, cloud, backup):
    backup["object_count"] = 32
    lose_a_part(store)
    dialog = open_dialog(backup)
    assert dialog.chosen == "available"
    answer = dialog.submit()
    assert cloud.resets == []
    assert "does not bear out Available" in answer.text("#backup-reset-notice")
    assert (answer.verdict, answer.chosen) == ("damaged", "error")
    assert answer.submit().ending == "applied"
    assert cloud.resets == [(backup["id"], "error")]


def test_available_is_sent_of_a_complete_one_that_the_store_bears_out(open_dialog, store, cloud, backup, audit_lines):
    backup["object_count"] = 32
    assert open_dialog(backup).submit().ending == "applied"
    assert audit_lines()[0]["storage"]["state"] == "whole"


def test_damage_that_comes_after_the_dialog_was_shown_is_seen_by_the_submit(stored, store, cloud):
    dialog = stored()
    lose_a_part(store)
    answer = dialog.submit()
    assert cloud.resets == []
    assert answer.chosen == "error"


def test_a_store_that_cannot_be_read_takes_nothing_from_the_record(stored, settings, tmp_path, cloud, backup):
    backup["object_count"] = 32
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"*": {"store": "files", "path": str(tmp_path / "gone")}}}
    dialog = stored()
    assert (dialog.verdict, dialog.chosen) == ("complete", "available")
    assert "Not verified on storage" in dialog.text("#backup-reset-stored")
    assert dialog.submit().ending == "applied"


def test_error_is_sent_without_asking_the_store(open_dialog, store, cloud, backup):
    lose_a_part(store)
    assert open_dialog(backup).submit(choice="error").ending == "applied"
    assert cloud.resets == [(backup["id"], "error")]


def test_part_that_was_written_a_moment_ago_means_wait(stored, store, row):
    (store / (row["prefix"] + "_metadata")).unlink()
    dialog = stored()
    assert dialog.verdict == "being_written"
    assert dialog.chosen is None
    assert "Still being written" in dialog.text("#backup-reset-verdict")


def test_half_a_backup_that_nobody_writes_any_more_is_not_whole(stored, store, row):
    (store / (row["prefix"] + "_metadata")).unlink()
    age(store)
    dialog = stored()
    assert (dialog.verdict, dialog.chosen) == ("damaged", "error")


def test_someone_who_may_not_reset_may_not_look_at_the_store(log_in, store, backup):
    url = reverse("horizon:admin:backup_reset:update_status", args=(backup["id"],))
    answer = log_in("member").get(url + "?stored=yes", headers=AJAX)
    assert answer.status_code in (302, 401, 403)


def planned(client, backup):
    """The row of a bulk plan."""
    url = reverse("horizon:admin:backup_reset:bulk_plan")
    return client.post(url, {"ids": json.dumps([backup["id"]])}, headers=AJAX).json()["rows"][0]


def answered(client, row):
    """What a chunk of a run answers."""
    url = reverse("horizon:admin:backup_reset:bulk_apply")
    return client.post(url, {"tokens": json.dumps([row["token"]])}, headers=AJAX).json()


def carried_out(client, row):
    """What became of a planned row."""
    return answered(client, row)["results"][0]


def test_plan_recommends_what_the_store_shows_and_the_run_carries_it_out(admin, backup, store, cloud, audit_lines):
    row = planned(admin, backup)
    assert row["to"] == "Available"
    assert "all 32 parts are there" in row["why"]
    assert row["stored"] == "listed"
    assert carried_out(admin, row)["class"] == "applied"
    assert cloud.resets == [(backup["id"], "available")]
    assert audit_lines()[0]["storage"]["state"] == "whole"


def test_plan_makes_damaged_ones_error_though_their_record_is_complete(admin, backup, store, cloud):
    backup["object_count"] = 32
    lose_a_part(store)
    row = planned(admin, backup)
    assert row["to"] == "Error"
    assert carried_out(admin, row)["class"] == "applied"
    assert cloud.resets == [(backup["id"], "error")]


def test_damage_that_comes_after_the_plan_stops_its_row(admin, backup, store, cloud):
    row = planned(admin, backup)
    lose_a_part(store)
    result = carried_out(admin, row)
    assert (result["class"], cloud.resets) == ("changed", [])
    assert "Error" in result["said"]


def test_what_is_still_being_written_is_left_out_of_bulk(admin, backup, store, row):
    (store / (row["prefix"] + "_metadata")).unlink()
    assert planned(admin, backup)["left_out"]


def test_store_that_is_gone_is_asked_once_a_chunk_and_the_records_judge(admin, backup, cloud, settings, monkeypatch):
    asked = []

    def gone(access, region, backup, ancestors=(), *, seconds):
        asked.append(backup.id)
        return Finding(backup.id, (Issue(Code.UNREACHABLE),), timezone.now())

    settings.BACKUP_RESET_PANEL = {"BULK_THREADS": 1, "STORAGE": {"*": {"store": "files", "path": "/gone"}}}
    monkeypatch.setattr(entry, "check", gone)
    monkeypatch.setattr("backup_reset_panel.cinder.threads.MOST_SIDE_BY_SIDE", 1)
    more = [backup, *(cloud.add_backup(object_count=9, container="ab/cd/x") for _number in range(5))]
    url = reverse("horizon:admin:backup_reset:bulk_plan")
    rows = admin.post(url, {"ids": json.dumps([each["id"] for each in more])}, headers=AJAX).json()["rows"]
    assert len(asked) == 1
    assert [row["to"] for row in rows] == ["Error", *["Available"] * 5]
    assert {row["stored"] for row in rows} == {"unknown"}


def test_store_that_hangs_under_a_run_keeps_what_was_planned_by_it_for_resume(admin, backup, store, cloud, settings):
    sound = settings.BACKUP_RESET_PANEL
    row = planned(admin, backup)
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"*": {"store": "files", "path": str(store / "gone")}}}
    answer = answered(admin, row)
    assert "The store does not tell now" in answer["pause"]
    assert (answer["results"][0]["class"], cloud.resets) == ("not_sent", [])
    settings.BACKUP_RESET_PANEL = sound
    assert carried_out(admin, row)["class"] == "applied"


def test_store_that_was_too_slow_for_the_plan_and_bears_it_out_in_the_run_is_no_change(
    admin, backup, store, cloud, monkeypatch
):
    backup["object_count"] = 32
    with monkeypatch.context() as slow:
        slow.setattr(stored_cases, "CHUNK_SECONDS", 0)
        row = planned(admin, backup)
    assert row["why"].startswith("Complete.")
    assert carried_out(admin, row)["class"] == "applied"
    assert cloud.resets == [(backup["id"], "available")]


def test_damage_that_only_the_run_had_time_to_see_stops_its_row_and_is_told(admin, backup, store, cloud, monkeypatch):
    backup["object_count"] = 32
    lose_a_part(store)
    with monkeypatch.context() as slow:
        slow.setattr(stored_cases, "CHUNK_SECONDS", 0)
        row = planned(admin, backup)
    assert row["to"] == "Available"
    result = carried_out(admin, row)
    assert (result["class"], cloud.resets) == ("changed", [])
    assert "parts of it are missing" in result["said"]


def test_backup_that_is_not_the_users_to_reset_is_not_looked_at(admin, backup, store, monkeypatch):
    monkeypatch.setattr(cases, "may_reset", lambda request, backup: False)
    monkeypatch.setattr(entry, "check", None)
    assert planned(admin, backup)["left_out"]


def test_store_that_hangs_takes_no_thread_from_those_who_wait_for_cinder(admin, backup, store, cloud, monkeypatch):
    asked, over = threading.Event(), threading.Event()
    check = entry.check

    def hang(*args, **values):
        asked.set()
        assert over.wait(30)
        return check(*args, **values)

    monkeypatch.setattr(entry, "check", hang)
    monkeypatch.setattr("backup_reset_panel.cinder.threads.MOST_SIDE_BY_SIDE", 8)
    more = [backup, *(cloud.add_backup(object_count=9, container="ab/cd/x") for _number in range(9))]
    url = reverse("horizon:admin:backup_reset:bulk_plan")
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        plan = pool.submit(admin.post, url, {"ids": json.dumps([each["id"] for each in more])}, headers=AJAX)
        try:
            assert asked.wait(30)
            assert POOL.wait_until_idle(5)
        finally:
            over.set()
        assert len(plan.result(60).json()["rows"]) == 10


def test_job_that_is_silent_for_a_while_is_told_by_its_heartbeat_and_not_called_damaged(
    stored, store, row, cloud, backup
):
    cloud.services = [cloud.service(), cloud.service(host="node-2")]
    (store / (row["prefix"] + "_metadata")).unlink()
    age(store)
    dialog = stored()
    assert "Probably still running" in dialog.text("#backup-reset-verdict")
    assert dialog.text("#backup-reset-stored").startswith("Not finished on storage yet: last part written ")
