# SPDX-License-Identifier: Apache-2.0
"""A backup's objects are found among those of others, by few and small listings."""

import dataclasses
import json

import pytest

from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.storage import locate
from backup_reset_panel.storage.check import check
from tests.unit.storage import servers
from tests.unit.storage.conftest import record
from tests.unit.storage.test_damage import LONG_AFTER
from tests.unit.storage.test_damage import level_1


def moved(host, row, stamp):
    """Let a backup have been written at another time; gives its prefix."""
    objects, prefix = host.objects[row["container"]], row["prefix"]
    volume, _, rest = prefix.split("/")
    new = f"{volume}/{stamp}/{rest}"
    for name in [name for name in objects if name.startswith(prefix)]:
        data = objects.pop(name)
        objects[new + name.removeprefix(prefix)] = (
            data.replace(prefix.encode(), new.encode()) if name.endswith("_metadata") else data
        )
    return new


@pytest.fixture
def full(server_host):
    return server_host.library.row("full", "none")


def test_backup_is_found_among_hundreds_of_the_same_volume(server_host, full):
    objects = server_host.objects[full["container"]]
    for number in range(300):
        other = f"volume_{full['volume_id']}/2027{number:010}/az_nova_backup_{full['id'][:-1]}x"
        objects[f"{other}-00001"] = b"of another"
    found = level_1(server_host, full).finding
    assert (found.state, found.prefix) == (State.WHOLE, full["prefix"])
    assert len(server_host.server.asked) == 4


@pytest.mark.parametrize("stamp", ["20200101000000", "20991231235959"])
def test_backup_that_was_written_at_quite_another_time_is_found(server_host, full, stamp):
    # Its chain's other backups are at the expected time.
    prefix = moved(server_host, full, stamp)
    found = level_1(server_host, full).finding
    assert (found.state, found.prefix) == (State.WHOLE, prefix)


def test_backup_without_a_time_is_found(server_host, full):
    found = level_1(server_host, full, created_at=None, availability_zone=None).finding
    assert found.state is State.WHOLE


def test_listing_leaps_over_the_parts_of_others_at_the_same_time(server_host, full):
    prefix = moved(server_host, full, "20200101000000")
    objects = server_host.objects[full["container"]]
    other = f"{prefix.rpartition('/')[0]}/az_a_backup_{full['volume_id']}"
    objects |= {f"{other}-{number:05}": b"x" for number in range(1, 500)}
    objects[f"{prefix.rpartition('/')[0]}/aa"] = b"no backup's"
    server_host.server.asked.clear()
    assert level_1(server_host, full).finding.state is State.WHOLE
    assert len(server_host.server.asked) < 20


def test_too_many_times_without_a_match_are_doubt(server_host, full, monkeypatch):
    monkeypatch.setattr(locate, "MOST_TIMES", 1)
    moved(server_host, full, "20200101000000")
    found = level_1(server_host, full).finding
    assert [issue.code for issue in found.issues] == [Code.TOO_LARGE]


def test_backup_that_was_written_twice_is_doubt(server_host, full):
    objects = server_host.objects[full["container"]]
    twice = full["prefix"].replace("az_nova", "az_other")
    objects[f"{twice}-00001"] = b"x"
    found = level_1(server_host, full).finding
    assert [issue.code for issue in found.issues] == [Code.TWO_PREFIXES]
    assert found.prefix == full["prefix"]


def test_guess_that_is_refused_is_doubt(server_host, full):
    for name in [name for name in server_host.objects[full["container"]] if name.startswith(full["prefix"])]:
        del server_host.objects[full["container"]][name]
    server_host.faults.status_of = {f"{full['id']}_metadata": 503}
    found = level_1(server_host, full).finding
    assert [issue.code for issue in found.issues] == [Code.UNREACHABLE]


@pytest.mark.parametrize("changes", [{"id": "../x"}, {"volume_id": None}, {"volume_id": "*"}])
def test_record_whose_ids_are_none_is_never_asked_for(server_host, full, changes):
    backup = dataclasses.replace(record(full), **changes)
    assert check(server_host.store(), backup, now=LONG_AFTER).finding.state is State.UNKNOWN
    assert server_host.server.asked == []


def test_record_that_says_full_of_an_incremental_is_damage(host):
    row = host.library.row("incremental", "none")
    found = level_1(host, row, is_incremental=False).finding
    assert Code.NOT_FULL in {issue.code for issue in found.issues}


def test_record_that_says_incremental_of_a_full_one_is_doubt(host):
    row = host.library.row("full", "none")
    found = level_1(host, row, is_incremental=True).finding
    assert (found.state, [issue.code for issue in found.issues]) == (State.UNKNOWN, [Code.PARENT_DIFFERS])


def test_full_backup_without_any_part_is_damage(host):
    row = host.library.row("full", "none")
    objects, name = host.objects[row["container"]], row["prefix"] + "_metadata"
    for part in [part for part in objects if part.startswith(row["prefix"] + "-")]:
        del objects[part]
    objects[name] = json.dumps(json.loads(objects[name]) | {"objects": []}).encode()
    assert Code.SHORT in {issue.code for issue in level_1(host, row).finding.issues}


@pytest.mark.parametrize("rows", [[1], {}, [{"name": 1, "bytes": 1}], [{"name": "volume_1", "bytes": True}]], ids=str)
def test_swift_listing_of_another_shape_is_doubt(hosts, monkeypatch, rows):
    host = hosts("swift")
    host.reset()
    answer = json.dumps(rows).encode()
    monkeypatch.setattr(servers.SwiftHandler, "list", lambda self, container, query: self.send(200, answer))
    found = level_1(host, host.library.row("full", "none")).finding
    assert [issue.code for issue in found.issues] == [Code.BROKEN]


def test_swift_listing_that_goes_in_circles_ends(hosts, monkeypatch):
    host = hosts("swift")
    host.reset()
    rows = json.dumps([{"name": f"volume_{number:05}", "bytes": 1} for number in range(1000)]).encode()
    monkeypatch.setattr(servers.SwiftHandler, "list", lambda self, container, query: self.send(200, rows))
    found = level_1(host, host.library.row("full", "none")).finding
    assert [issue.code for issue in found.issues] == [Code.BROKEN]
    assert len(host.server.asked) == 2


def test_large_objects_of_swift_have_no_md5(hosts, monkeypatch):
    host = hosts("swift")
    host.reset()
    monkeypatch.setattr(servers.SwiftHandler, "more", lambda self: {"X-Static-Large-Object": "True"})
    row = host.library.row("full", "none")
    assert host.store().head(row["container"], row["prefix"] + "-00001").md5 is None


def test_s3_listing_that_goes_in_circles_ends(hosts, monkeypatch):
    host = hosts("s3")
    host.reset()
    body = (
        b"<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken>"
        b"</ListBucketResult>"
    )
    monkeypatch.setattr(servers.S3Handler, "list", lambda self, container, query: self.send(200, body))
    found = level_1(host, host.library.row("full", "none")).finding
    assert [issue.code for issue in found.issues] == [Code.BROKEN]


def test_answer_without_a_date_or_with_nonsense_is_taken_without(hosts, monkeypatch):
    host = hosts("swift")
    host.reset()
    monkeypatch.setattr(servers.SwiftHandler, "date_time_string", lambda self: "yesterday")
    row = host.library.row("full", "none")
    assert host.store().list_objects(row["container"], row["prefix"]).at is None
    assert level_1(host, row).finding.state is State.WHOLE
