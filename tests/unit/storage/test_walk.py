# SPDX-License-Identifier: Apache-2.0
"""A whole store looked through for backups, in one go or in parts: each is seen once, and what fails is told."""

import os
import uuid

import pytest

from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.unrecorded import Place
from backup_reset_panel.storage import stores
from backup_reset_panel.storage import walk
from backup_reset_panel.storage.access import Access


@pytest.fixture
def on(monkeypatch):
    """Function: let each store that is opened be that of a host."""

    def use(host):
        monkeypatch.setattr(stores, "open_store", lambda region, project, access, seconds: host.store(seconds))
        return host

    return use


@pytest.fixture
def store(on, host):
    """Each store in turn."""
    return on(host)


@pytest.fixture
def server(on, server_host):
    """Each store that is a server."""
    return on(server_host)


def all_of(begin=None, recorded=()):
    return walk.walk(Access(), "RegionOne", {"": set(recorded)}, begin or Place())


def wanted(host):
    return sorted(row["id"] for row in host.library.rows)


def test_every_backup_is_seen_with_its_volume_and_the_time_it_was_begun(store):
    seen = all_of()
    assert sorted(each.backup_id for each in seen.found) == wanted(store)
    assert (seen.next, seen.unlisted) == (None, ())
    by_id = {each.backup_id: each for each in seen.found}
    for row in store.library.rows:
        found = by_id[row["id"]]
        assert (found.volume_id, found.place.container, found.prefix) == (
            row["volume_id"],
            row["container"],
            row["prefix"],
        )
        assert found.begun.tzinfo


@pytest.mark.parametrize("most", [1, 2, 5])
@pytest.mark.parametrize("page", [1, 3, 1000])
def test_in_parts_each_is_seen_and_none_twice(store, monkeypatch, most, page):
    monkeypatch.setattr(walk, "MOST_FOUND", most)
    monkeypatch.setattr(walk, "_PAGE", page)
    found, here = [], Place()
    for _part in range(100):
        seen = all_of(here)
        found += [(each.place, each.prefix) for each in seen.found]
        here = seen.next
        if here is None:
            break
    assert len({prefix for _place, prefix in found}) == len(wanted(store))
    # A page can hold more than one part takes; what it holds is shown at once, and passed by afterwards.
    assert len(found) == len(set(found))


def test_large_backup_costs_one_page(server, monkeypatch):
    monkeypatch.setattr(walk, "_PAGE", 10)
    one, other = sorted(str(uuid.uuid4()) for _number in range(2))
    server.objects["big"] = {
        f"volume_{each}/20250115080000/az_nova_backup_{each}-{number:05}": b"x"
        for each in (one, other)
        for number in range(500)
    }
    server.server.asked.clear()
    seen = all_of()
    asked = [path for _method, path in server.server.asked if path.partition("?")[0].rstrip("/").endswith("big")]
    del server.objects["big"]
    assert {one, other} <= {each.backup_id for each in seen.found}
    assert len(asked) == 3


def test_what_is_not_named_as_cinder_does_is_no_backup(store):
    container = next(iter(store.objects))
    some = str(uuid.uuid4())
    for name in ("volume_", f"volume_{some}", "volume_notes.txt", f"volume_{some}_20250115080000_backup_{some}"):
        store.objects[container][name] = b"x"
    assert sorted(each.backup_id for each in all_of().found) == wanted(store)


def test_time_that_is_none_is_told_as_none(store):
    some, container = str(uuid.uuid4()), next(iter(store.objects))
    sep, zone = ("_", "") if store.name == "files" else ("/", "az_nova_")
    store.objects[container][f"volume_{some}{sep}99999999999999{sep}{zone}backup_{some}-00001"] = b"x"
    [found] = [each for each in all_of().found if each.backup_id == some]
    assert found.begun is None


def test_folder_that_is_no_longer_used_is_no_backup_and_a_link_is_not_followed(on, hosts, tmp_path):
    host = hosts("files")
    host.reset()
    on(host)
    host.settle()
    outside = tmp_path / "outside"
    outside.mkdir()
    some = str(uuid.uuid4())
    (outside / f"volume_{some}_20250115080000_backup_{some}-00001").write_bytes(b"x")
    (host.place / "ab" / "cd" / "empty").mkdir(parents=True, exist_ok=True)
    link = host.place / "link"
    link.symlink_to(outside)
    seen = all_of()
    link.unlink()
    assert sorted(each.backup_id for each in seen.found) == wanted(host)


@pytest.mark.parametrize(("status", "code"), [(403, Code.DENIED), (500, Code.UNREACHABLE)])
def test_server_that_refuses_is_told_and_nothing_is_found(server, status, code):
    server.faults.status = status
    seen = all_of(recorded=["volumebackups"])
    assert seen.found == ()
    assert {each.issue.code for each in seen.unlisted} == {code}
    assert {each.what for each in seen.unlisted} == {"", "volumebackups"}


def test_where_containers_cannot_be_listed_those_that_records_name_are_looked_at(server, monkeypatch):
    kind = type(server.store())

    def refused(self):
        raise walk.StorageError(walk.Trouble.DENIED, "403")

    monkeypatch.setattr(kind, "list_containers", refused)
    containers = {row["container"] for row in server.library.rows}
    seen = all_of(recorded=containers)
    assert sorted(each.backup_id for each in seen.found) == wanted(server)
    assert [(each.what, each.issue.code) for each in seen.unlisted] == [("", Code.DENIED)]


def test_container_that_records_name_and_that_is_gone_is_nothing_to_tell(server):
    assert all_of(recorded=["gone-long-ago"]).unlisted == ()


def test_server_that_hangs_takes_no_longer_than_the_time_there_is(server, monkeypatch):
    monkeypatch.setattr(walk, "WALK_SECONDS", 0.5)
    server.faults.hang = True
    seen = all_of(recorded=["volumebackups"])
    assert seen.found == ()
    assert seen.next is not None


def measured(found):
    return walk.measure(Access(), "RegionOne", found)


def old(store):
    """Files are as old as they are."""
    if store.name == "files":
        store.settle()
        for path in store.place.rglob("*"):
            os.utime(path, (1_700_000_000, 1_700_000_000))


def test_size_and_number_are_those_of_its_objects(store):
    old(store)
    found = all_of().found
    by_prefix = {each.prefix.prefix: each for each in measured(found)}
    for row in store.library.rows:
        own = {n: d for n, d in store.objects[row["container"]].items() if n.startswith(row["prefix"])}
        told = by_prefix[row["prefix"]]
        assert (told.size, told.objects) == (sum(map(len, own.values())), len(own))
        assert told.written.tzinfo


def test_what_was_deleted_meanwhile_is_left_out_also_where_the_listing_lags(server):
    found = all_of().found
    row = server.library.rows[0]
    for name in [n for n in server.objects[row["container"]] if n.startswith(row["prefix"])]:
        server.faults.stale[row["container"], name] = server.objects[row["container"]].pop(name)
    assert row["id"] not in {each.prefix.backup_id for each in measured(found)}


def test_what_was_written_a_moment_ago_is_left_out(on, hosts):
    host = hosts("files")
    host.reset()
    on(host)
    old(host)
    host.objects[host.library.rows[0]["container"]][host.library.rows[0]["prefix"] + "-09999"] = b"new"
    host.settle()
    assert host.library.rows[0]["id"] not in {each.prefix.backup_id for each in measured(all_of().found)}


def test_what_cannot_be_counted_is_listed_without_a_size(server):
    found = all_of().found
    server.faults.status = 500
    told = measured(found)
    assert len(told) == len(found)
    assert {each.size for each in told} == {None}


def test_accounts_without_containers_are_passed_by_once(server, monkeypatch):
    kind = type(server.store())
    asked, begun = [], iter([True] * 3)

    def listed(self):
        asked.append(1)
        return ()

    monkeypatch.setattr(kind, "list_containers", listed)
    monkeypatch.setattr(walk._Steps, "is_over", property(lambda self: not next(begun, False)))
    accounts = {f"project-{number}": () for number in range(6)}
    seen = walk.walk(Access(), "RegionOne", accounts, Place())
    assert seen.next.account == "project-2"
    monkeypatch.undo()
    assert len(asked) == 4
