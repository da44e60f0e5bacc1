# SPDX-License-Identifier: Apache-2.0
"""What the dialog asks Cinder, and what it makes of answers that do not come."""

import threading
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest
from cinderclient.v3 import services

from tests.fake_cinder import CINDER
from tests.fake_cinder import COMPLETE


@pytest.fixture
def asked(cloud):
    """The questions that Cinder was asked, as (path, query) pairs."""
    seen = []

    def note(request):
        if request.url.startswith(CINDER):
            seen.append((urlsplit(request.url).path, parse_qs(urlsplit(request.url).query)))

    cloud.before_answer.append(note)
    return seen


def columns(asked):
    """The names of all that was filtered by."""
    return {name for _path, query in asked for name in query}


def test_dialog_of_a_complete_backup_takes_seven_questions(open_dialog, cloud, asked):
    dialog = open_dialog(cloud.add_backup(**COMPLETE))
    assert dialog.verdict == "complete"
    assert len(asked) == 7


def test_nothing_temporary_is_looked_for_where_cinder_makes_nothing(open_dialog, cloud, asked):
    open_dialog(cloud.add_backup(**COMPLETE))
    assert "temp_volume_id~" not in columns(asked)


def test_what_is_temporary_is_looked_for_when_the_volume_was_attached(open_dialog, cloud, asked):
    backup = cloud.add_backup(**COMPLETE)
    cloud.leave_temporary(backup, temp_volume_id="0-1")
    open_dialog(backup)
    assert {"temp_volume_id~", "temp_snapshot_id~"} <= columns(asked)


def test_what_is_temporary_is_looked_for_when_another_backup_may_have_left_the_note(open_dialog, cloud, asked):
    backup = cloud.add_backup(**COMPLETE)
    cloud.add_backup(volume_id=backup["volume_id"])
    open_dialog(backup)
    assert "temp_volume_id~" in columns(asked)


def test_volume_is_named_though_its_earlier_status_cannot_be_believed(open_dialog, cloud):
    cloud.ignores_hidden_filters = True
    dialog = open_dialog(cloud.add_backup(**COMPLETE))
    assert "volume db-data" in dialog.text(".backup-reset-who")
    assert "Could not determine: what its volume was before" in dialog.text("#backup-reset-facts")


def test_volume_is_read_by_itself_where_lists_are_refused(open_dialog, cloud):
    cloud.trouble["GET", "/volumes/detail"] = 400
    dialog = open_dialog(cloud.add_backup(**COMPLETE))
    assert "volume db-data" in dialog.text(".backup-reset-who")
    assert "Could not determine: what its volume was before" in dialog.text("#backup-reset-facts")


def test_verdict_does_not_wait_for_a_list_of_services_that_hangs(open_dialog, cloud, monkeypatch):
    answered, ask = threading.Event(), services.ServiceManager.list

    def hang(manager, *args, **kwargs):
        answered.wait(20)
        return ask(manager, *args, **kwargs)

    monkeypatch.setattr(services.ServiceManager, "list", hang)
    try:
        dialog = open_dialog(cloud.add_backup(**COMPLETE))
    finally:
        answered.set()
    assert dialog.verdict == "complete"
    assert dialog.chosen is None
    assert "Cinder answers slowly" in dialog.text("#backup-reset-warning")


@pytest.mark.parametrize("host", ["node-2", "node-9"], ids=["second", "no longer listed"])
def test_host_last_asked_is_found_whichever_it_is(open_dialog, cloud, host):
    cloud.services.append(cloud.service(host="node-2"))
    backup = cloud.add_backup(**COMPLETE)
    cloud.hide(backup["id"], host=host)
    dialog = open_dialog(backup)
    assert dialog.verdict == "complete"


def test_driver_is_found_though_the_container_speaks_for_another(open_dialog, cloud):
    backup = cloud.add_backup(**COMPLETE)
    cloud.hide(backup["id"], service="cinder.backup.drivers.nfs.NFSBackupDriver")
    assert open_dialog(backup).verdict == "complete"


def test_only_the_likeliest_host_is_guessed_together_with_the_driver(open_dialog, cloud, asked):
    cloud.services = [cloud.service(host=f"node-{n}") for n in range(9, 0, -1)]
    backup = cloud.add_backup(**COMPLETE)
    assert open_dialog(backup).verdict == "complete"
    assert len([query for _path, query in asked if {"service", "host"} <= set(query)]) == 1


def test_stale_hosts_are_asked_for_after_all_that_are_up(open_dialog, cloud, asked):
    stale = {"state": "down", "updated_at": "2020-01-01T00:00:00.000000"}
    cloud.services = [cloud.service(host=f"old-{n}", **stale) for n in range(30)] + [cloud.service(host="node-2")]
    backup = cloud.add_backup(**COMPLETE)
    cloud.hide(backup["id"], host="node-2")
    open_dialog(backup)
    assert not [query for _path, query in asked if query.get("host", [""])[0].startswith("old-")]
