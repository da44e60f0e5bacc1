# SPDX-License-Identifier: Apache-2.0
"""What a look at the whole cloud finds, and that it never calls well what was not asked."""

import json
import pathlib
import re

import pytest
import yaml

from backup_reset_panel.check import formats
from backup_reset_panel.check import report as check
from tests.fake_cinder import COMPLETE
from tests.fake_cinder import POSIX
from tests.fake_cinder import TIME_OUT
from tests.fake_cinder import stamp

DOCS = pathlib.Path(__file__).parents[3] / "doc" / "source"
#: node-1 is down in the fake cloud, node-2 is up.
UP = {"host": "node-2", "service": POSIX}


@pytest.fixture
def report(connection):
    return lambda: check.report(connection)


def test_a_cloud_without_stuck_backups_is_well(report, cloud):
    cloud.add_backup(status="available")
    found = report()
    assert (found.exit_status, found.stuck, found.missing) == (0, (), ())
    assert formats.as_text(found).startswith("OK: 0 backups need attention")


def test_a_stuck_backup_is_told_with_its_verdict_host_and_age(report, cloud):
    backup = cloud.add_backup(object_count=128, updated_at=stamp(9000))
    found = report()
    assert found.exit_status == 1
    [one] = found.stuck
    assert (one.id, one.verdict, one.recommended, one.why) == (backup["id"], "complete", "available", "host_not_up")
    assert 9000 <= one.seconds < 9300
    assert found.oldest == one.seconds
    assert found.hosts_down == (("node-1", 1),)
    assert backup["id"] in formats.as_text(found)


def test_a_backup_that_probably_runs_needs_no_attention(report, cloud):
    backup = cloud.add_backup(updated_at=stamp(60), created_at=stamp(60))
    cloud.hide(backup["id"], **UP)
    assert report().exit_status == 0


def test_a_volume_that_is_still_locked_needs_attention(report, cloud):
    cloud.add_backup(status="error")
    found = report()
    assert (found.exit_status, found.locked) == (1, 1)
    assert [one.why for one in found.stuck] == ["volume_locked"]


def test_a_volume_whose_backup_begins_while_the_cloud_is_looked_through_is_not_locked(report, cloud):
    over = cloud.add_backup(status="error")
    volume = cloud.volumes[over["volume_id"]]
    volume["status"] = "available"

    def begin(request):
        if "/volumes" in request.url and volume["status"] == "available":
            volume["status"] = "backing-up"
            begun = cloud.add_backup(volume_id=volume["id"], updated_at=stamp(1), created_at=stamp(1))
            cloud.hide(begun["id"], **UP)

    cloud.before_answer.append(begin)
    found = report()
    assert volume["status"] == "backing-up"
    assert (found.exit_status, found.locked, found.stuck) == (0, 0, ())


def test_list_of_what_is_in_flight_is_not_read_once_more_for_what_is_locked(report, cloud):
    for _number in range(5):
        cloud.add_backup(status="error")
    asked = []
    cloud.before_answer.append(lambda request: asked.append(request.url))
    assert report().locked == 5
    assert not [url for url in asked if "/backups" in url and "created_at" in url]


@pytest.mark.parametrize("region", ["RegionOne", "Region One, north"])
def test_what_holds_restored_volumes_is_not_looked_up_again_at_the_next_run(connection, report, cloud, region):
    connection.region = region
    target = cloud.add_volume(status="restoring-backup")
    backup = cloud.add_backup(status="restoring", **COMPLETE)
    cloud.hide(backup["id"], restore_volume_id=target["id"])
    asked = []
    cloud.before_answer.append(lambda request: asked.extend(request.qs.get("restore_volume_id", [])))
    assert report().locked == 0
    assert asked == [target["id"]]
    paths = []
    cloud.before_answer.append(lambda request: paths.append(request.url))
    assert report().locked == 0
    assert asked == [target["id"]]
    # What is in flight was just read, restores among it.
    assert not [url for url in paths if "status=restoring" in url and "/backups" in url]
    backup["status"] = "error"
    assert report().locked == 1


@pytest.mark.parametrize("what", [500, 403, TIME_OUT])
@pytest.mark.parametrize("path", ["/os-services", "/backups/detail", "/volumes"])
def test_what_was_not_answered_is_never_called_well(report, cloud, path, what):
    backup = cloud.add_backup(updated_at=stamp(60), created_at=stamp(60))
    cloud.hide(backup["id"], **UP)
    cloud.trouble["GET", path] = what
    found = report()
    assert found.exit_status == 2
    assert found.missing or found.unjudged
    assert formats.as_text(found).startswith("NOT KNOWN: ")
    assert 'backup_reset_complete{region="RegionOne"} 0\n' in formats.as_prometheus(found)


def test_all_that_are_in_flight_are_looked_at_however_many(report, cloud, monkeypatch):
    monkeypatch.setattr(check, "AT_ONCE", 3)
    ids = {cloud.add_backup(updated_at=stamp(9000 + n))["id"] for n in range(8)}
    assert {one.id for one in report().stuck} == ids


@pytest.mark.parametrize("size", [1, 7, 30])
def test_all_are_looked_at_where_cinder_lets_no_list_be_as_long_as_was_asked_for(report, cloud, monkeypatch, size):
    for _number in range(30):
        cloud.add_backup()
    listed = cloud._listed

    def short(context, kind, found, query, counted):
        return listed(context, kind, found, query | {"limit": [min(size, int(query.get("limit", [size])[0]))]}, counted)

    monkeypatch.setattr(cloud, "_listed", short)
    assert len(report().stuck) == 30


def test_a_list_that_changes_under_the_look_is_begun_anew(report, cloud, monkeypatch):
    monkeypatch.setattr(check, "AT_ONCE", 2)
    ids = [cloud.add_backup(updated_at=stamp(9000 - n))["id"] for n in range(5)]

    def delete_the_marker(request):
        if "marker=" in request.url:
            cloud.backups.pop(ids[1], None)

    cloud.before_answer.append(delete_the_marker)
    assert {one.id for one in report().stuck} == {*ids} - {ids[1]}


def test_json_holds_all_of_it(report, cloud):
    backup = cloud.add_backup()
    told = json.loads(formats.as_json(report()))
    assert [one["id"] for one in told["stuck"]] == [backup["id"]]
    assert (told["exit_status"], told["is_complete"], told["region"]) == (1, True, "RegionOne")


def test_metrics_are_in_prometheus_text_format(report, cloud):
    cloud.add_backup()
    cloud.add_backup(object_count=3)
    text = formats.as_prometheus(report())
    labels = 'verdict="complete",status="creating",zone="nova",host="node-1",region="RegionOne"'
    assert f"backup_reset_stuck_backups{{{labels}}} 1\n" in text
    sample = re.compile(r'backup_reset_[a-z_]+\{([a-z]+="[^"\n]*",?)+\} \d+')
    assert all(line.startswith("# ") or sample.fullmatch(line) for line in text.splitlines())


def test_names_from_outside_can_move_no_cursor_and_end_no_label(report, cloud):
    cloud.add_backup(name="\x1b[2Jgone\nOK: 0", availability_zone='no"va\n')
    found = report()
    assert "\x1b" not in formats.as_text(found)
    assert len(formats.as_text(found).splitlines()) == 3
    assert r'zone="no\"va\n"' in formats.as_prometheus(found)


def test_alert_rules_of_the_documentation_use_metrics_that_there_are(report, cloud):
    rules = yaml.safe_load((DOCS / "user" / "backup_reset.rules.yml").read_text())
    used = {name for each in rules["groups"][0]["rules"] for name in re.findall(r"backup_reset_\w+", each["expr"])}
    written = set(re.findall(r"^(backup_reset_\w+)\{", formats.as_prometheus(report()), re.MULTILINE))
    documented = set(re.findall(r"``(backup_reset_\w+)``", (DOCS / "user" / "monitoring.rst").read_text()))
    assert used
    assert used <= written
    assert written == documented - {"backup_reset_check"}
