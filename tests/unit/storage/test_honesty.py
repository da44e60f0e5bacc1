# SPDX-License-Identifier: Apache-2.0
"""A store that lags, refuses, hangs, lies or is the wrong one never makes a whole backup bad."""

import dataclasses
import datetime
import shutil
import time

import pytest

from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.storage import swift
from backup_reset_panel.storage.check import check
from tests.unit.storage.conftest import record
from tests.unit.storage.test_damage import LONG_AFTER
from tests.unit.storage.test_damage import level_1
from tests.unit.storage.test_damage import level_3


def codes(found: Finding):
    return [issue.code for issue in found.issues]


@pytest.fixture
def row(host):
    return host.library.row("full", "none")


@pytest.fixture
def server_row(server_host):
    return server_host.library.row("full", "none")


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, Code.DENIED), (403, Code.DENIED), (500, Code.UNREACHABLE), (503, Code.UNREACHABLE), (302, Code.BROKEN)],
)
def test_store_that_refuses_or_fails_is_doubt(server_host, server_row, status, code):
    server_host.faults.status = status
    found = level_1(server_host, server_row).finding
    assert found.state is State.UNKNOWN
    assert codes(found) == [code]


@pytest.mark.parametrize("end", ["_metadata", "_sha256file"])
@pytest.mark.parametrize("status", [403, 500, 503])
def test_one_object_that_is_refused_is_doubt(server_host, server_row, end, status):
    server_host.faults.status_of = {end: status}
    assert level_1(server_host, server_row).finding.state is State.UNKNOWN


def test_part_that_is_not_listed_and_refused_is_doubt(server_host, server_row):
    server_host.faults.hidden = ("-00005",)
    server_host.faults.status_of = {"-00005": 403}
    found = level_1(server_host, server_row).finding
    assert found.state is State.UNKNOWN
    assert set(codes(found)) == {Code.LISTING_LAGS, Code.DENIED}


@pytest.mark.parametrize(
    "hidden",
    [("-00005",), ("_metadata",), ("_sha256file",), ("-00001", "-00032", "_metadata"), tuple("0123456789")],
    ids=["a part", "manifest", "checksums", "some", "all parts"],
)
def test_listing_that_lags_is_put_right_by_asking(server_host, server_row, hidden):
    server_host.faults.hidden = hidden
    assert level_1(server_host, server_row).finding.state is State.WHOLE


def test_listing_that_shows_nothing_at_all_is_put_right_by_guessing_the_name(server_host, server_row):
    server_host.faults.hidden = (*"0123456789", "_metadata", "_sha256file")
    found = level_1(server_host, server_row).finding
    assert found.state is State.WHOLE
    assert found.prefix == server_row["prefix"]


def test_listing_that_still_shows_what_is_gone_is_no_extra_part(server_host, server_row):
    server_host.faults.stale = {(server_row["container"], server_row["prefix"] + "-00033"): b"gone"}
    assert level_1(server_host, server_row).finding.state is State.WHOLE


def test_too_much_that_is_not_listed_to_ask_for_is_doubt(server_host, server_row, monkeypatch):
    monkeypatch.setattr("backup_reset_panel.storage.look.MOST_HEADS", 5)
    server_host.faults.hidden = tuple("0123456789")
    found = level_1(server_host, server_row).finding
    assert (found.state, codes(found)) == (State.UNKNOWN, [Code.LISTING_LAGS])


def test_store_that_hangs_is_doubt_within_the_time(server_host, server_row, monkeypatch):
    monkeypatch.setattr(swift, "READ_SECONDS", 0.3)
    server_host.faults.hang = True
    store = server_host.store()
    if server_host.name == "s3":
        store._client.meta.config.read_timeout = 0.3
        store._client._endpoint.http_session._timeout = 0.3
        store._client._endpoint.http_session._manager.connection_pool_kw["timeout"] = 0.3
        store._client._endpoint.http_session._manager.clear()
    begin = time.monotonic()
    found = check(store, record(server_row)).finding
    assert time.monotonic() - begin < 5
    assert (found.state, codes(found)) == (State.UNKNOWN, [Code.TOO_SLOW])


def test_answer_that_trickles_ends_with_the_deadline(hosts):
    host = hosts("swift")
    host.reset()
    host.faults.trickle = True
    row = host.library.row("full", "none")
    begin = time.monotonic()
    found = check(host.store(seconds=1), record(row)).finding
    assert time.monotonic() - begin < 4
    assert codes(found) == [Code.TOO_SLOW]
    host.server.over.set()
    host.server.over.clear()


def test_answer_that_is_cut_off_is_doubt(server_host, server_row):
    server_host.faults.cut = True
    assert level_1(server_host, server_row).finding.state is State.UNKNOWN


def test_answer_that_is_no_listing_is_doubt(server_host, server_row):
    server_host.faults.garbage = True
    assert level_1(server_host, server_row).finding.state is State.UNKNOWN


def test_server_that_is_not_there_is_doubt(server_host, server_row):
    store = server_host.store()
    if server_host.name == "s3":
        store._client = _elsewhere()
    else:
        store._url = store._url.replace(str(server_host.server.server_port), "1")
    found = check(store, record(server_row)).finding
    assert (found.state, codes(found)) == (State.UNKNOWN, [Code.UNREACHABLE])


def _elsewhere():
    from backup_reset_panel.storage import s3

    return s3.client("http://127.0.0.1:1", ("a", "b"), "us-east-1", path_style=True, verify=True)


@pytest.mark.parametrize("container", ["elsewhere", "xx/yy/zz", "../etc", "", None, "a\0b", "/etc", "a//b"])
def test_wrong_container_is_doubt(host, row, container):
    found = level_1(host, row, container=container).finding
    assert found.state is State.UNKNOWN


def test_container_without_any_backup_is_doubt(host, row):
    container = "empty" if host.name != "files" else "em/pt/y"
    host.objects[container] = {"something-else": b"x"}
    host.library.objects.setdefault(container, {})
    found = level_1(host, row, container=container).finding
    del host.library.objects[container]
    if host.name == "files":
        host.settle()
        shutil.rmtree(host.place / "em")
        host.settled.pop(container)
    host.objects.pop(container)
    assert (found.state, codes(found)) == (State.UNKNOWN, [Code.NO_CONTROL])


def test_etags_that_are_no_md5s_are_not_taken_for_them(server_host, server_row):
    server_host.faults.etags = False
    assert level_1(server_host, server_row).finding.state is State.WHOLE


def test_encryption_by_a_key_service_makes_no_checksum_differ(hosts):
    host = hosts("s3")
    host.reset()
    host.faults.encryption, host.faults.etags = "aws:kms", False
    assert level_1(host, host.library.row("full", "none")).finding.state is State.WHOLE


def test_unfinished_backup_with_fresh_parts_is_being_written(host, row):
    objects = host.objects[row["container"]]
    for name in [row["prefix"] + end for end in ("_metadata", "_sha256file", "-00031", "-00032")]:
        del objects[name]
    store = host.store()
    written = max(each.modified for each in store.list_objects(row["container"], row["prefix"]).objects)
    if host.server:
        # The server's clock counts, which shows the present.
        found = check(store, record(row, status="creating"), recent=datetime.timedelta(days=36500)).finding
    else:
        found = check(store, record(row, status="creating"), now=written + datetime.timedelta(seconds=12)).finding
    assert (found.state, codes(found)) == (State.BEING_WRITTEN, [Code.BEING_WRITTEN])
    assert (found.parts, found.parts_listed) == (None, 30)
    assert found.last_written == written
    assert found.bytes_covered == 30 * 16 * 1024
    # Whose job has ended is not being written, however fresh; and silence is only that.
    for changes, now in (({"status": "available"}, written), ({"status": "creating"}, LONG_AFTER)):
        again = check(store, record(row, **changes), now=now, recent=datetime.timedelta(0)).finding
        assert codes(again) == [Code.NO_MANIFEST]


def test_unknown_version_and_compression_are_doubt(host, row):
    objects, name = host.objects[row["container"]], row["prefix"] + "_metadata"
    objects[name] = objects[name].replace(b'"compression": "none"', b'"compression": "lz4"')
    assert codes(level_1(host, row).finding) == [Code.COMPRESSION_UNKNOWN]
    objects[name] = objects[name].replace(b'"1.0.0"', b'"2.0.0"')
    assert codes(level_1(host, row).finding) == [Code.VERSION_UNKNOWN]


def test_ancestor_that_cannot_be_seen_is_doubt(host):
    row = host.library.row("incremental", "none")
    backup = record(row)
    parent = dataclasses.replace(host.library.ancestors(row)[0], container="elsewhere")
    found = check(host.store(), backup, [parent], LONG_AFTER).finding
    assert (found.state, codes(found)) == (State.UNKNOWN, [Code.ANCESTOR_UNKNOWN])


def test_another_parent_than_cinders_is_doubt(host):
    row = host.library.row("incremental", "none")
    other = record(host.library.row("full, random", "none"))
    found = check(host.store(), record(row), [other], LONG_AFTER).finding
    assert codes(found) == [Code.PARENT_DIFFERS]


def test_part_that_cannot_be_read_leaves_what_the_listing_proved(server_host, server_row):
    server_host.faults.status_of = {"-00007": 503}
    found = level_3(server_host, server_row)
    assert (found.state, codes(found), found.depth.value) == (State.WHOLE, [Code.NOT_READ], "listed")
    assert found.parts_read == 6


def test_backup_that_changes_while_it_is_read_is_doubt(host, row):
    from backup_reset_panel.core.storage import kept
    from backup_reset_panel.core.storage.place import Place
    from backup_reset_panel.storage import reading

    checked = level_1(host, row)
    objects, name = host.objects[row["container"]], row["prefix"] + "_metadata"
    objects[name] = objects[name] + b" "
    reading._MANIFESTS.clear()
    place = Place("RegionOne", "", checked.links, base=kept.to_json(checked.finding))
    found = reading.step(host.store(), place, 60).finding
    assert (found.state, codes(found)) == (State.UNKNOWN, [Code.CHANGED])


def test_no_token_or_key_is_told(server_host, server_row, caplog):
    from tests.unit.storage import servers

    caplog.set_level("DEBUG")
    for status in (None, 403, 500):
        server_host.faults.status = status
        found = level_1(server_host, server_row).finding
        assert servers.TOKEN not in repr(found)
    assert not [secret for secret in (servers.TOKEN[:8], servers.SECRET_KEY) if secret in caplog.text]


def test_level_1_asks_little(server_host, server_row):
    server_host.store().close()
    level_1(server_host, server_row)
    kinds = [
        "list" if "prefix=" in path else path.rpartition("_")[2] if "_metadata" in path or "_sha" in path else path
        for _, path in server_host.server.asked
    ]
    assert kinds == ["list", "list", "metadata", "sha256file"]
