# SPDX-License-Identifier: Apache-2.0
"""Real stores that lag, refuse, fail, hang or are the wrong ones: no whole backup is ever called bad."""

import contextlib
import time

import pytest
from django.test import override_settings

from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.storage.access import Access
from tests.damage import parts
from tests.lab.objects import damaged

PATIENCE_SECONDS = 15


@contextlib.contextmanager
def without(house, name):
    """A server of Swift is dead inside the block."""
    house.kill(name)
    try:
        yield
    finally:
        house.start(name)


@contextlib.contextmanager
def frozen(house, name):
    """A server of Swift takes connections and says nothing inside the block."""
    house.freeze(name)
    try:
        yield
    finally:
        house.thaw(name)


def counted(results, shelf, what, found):
    """Count what was called bad."""
    bad = [each for each in found if each.state is State.DAMAGED]
    results.row(f"{what}: called bad", shelf.name, f"{len(bad)} of {len(found)}")
    assert bad == []


def some(shelf):
    """The ten full ones."""
    return [row for row in shelf.rows if row["kind"].startswith("full ")][:10]


@pytest.mark.waits
def test_parts_that_are_there_and_not_listed_yet(server_shelf, house, results):
    """Their container's server was away when they were written: Swift takes them, and lists them later."""
    rows = some(server_shelf)
    objects = server_shelf.live(rows[0]["container"])
    lost = {name: objects[name] for row in rows for name in parts(objects, row["prefix"])[3:5]}
    with damaged(objects):
        for name in lost:
            del objects[name]
        with without(house, "swift-container"):
            for name, data in lost.items():
                objects[name] = data
        listed = set(server_shelf.writer.names(rows[0]["container"]))
        assert not listed & lost.keys()
        found = [server_shelf.check(row) for row in rows]
    counted(results, server_shelf, "parts are there, not listed yet", found)
    assert {each.state for each in found} == {State.WHOLE}


@pytest.mark.waits
def test_parts_that_are_listed_and_gone(server_shelf, house, results):
    """A part too many, whose removal the listing does not know yet."""
    rows = some(server_shelf)
    objects = server_shelf.live(rows[0]["container"])
    with damaged(objects):
        for row in rows:
            objects[row["prefix"] + "-00099"] = b"left over"
        with without(house, "swift-container"):
            for row in rows:
                del objects[row["prefix"] + "-00099"]
        found = [server_shelf.check(row) for row in rows]
    counted(results, server_shelf, "a part is gone, still listed", found)
    assert {each.state for each in found} == {State.WHOLE}


@pytest.mark.waits
@pytest.mark.parametrize("server", ["swift-container", "swift-object"])
def test_servers_behind_the_proxy_are_dead(server_shelf, house, results, server):
    with without(house, server):
        found = [server_shelf.check(row) for row in some(server_shelf)[:3]]
    counted(results, server_shelf, f"{server.removeprefix('swift-')} server dead, 5xx", found)
    assert State.WHOLE not in {each.state for each in found}


@pytest.mark.waits
def test_store_is_dead(server_shelf, house, results):
    with without(house, "swift"):
        found = [server_shelf.check(row) for row in some(server_shelf)]
    counted(results, server_shelf, "nothing answers", found)
    assert {issue.code for each in found for issue in each.issues} == {Code.UNREACHABLE}


@pytest.mark.waits
@pytest.mark.parametrize("server", ["swift", "swift-object"])
def test_store_hangs(server_shelf, house, results, server):
    row = server_shelf.row("full 0")
    with frozen(house, server):
        begun = time.monotonic()
        found = [server_shelf.check(row, seconds=10)]
        took = time.monotonic() - begun
    counted(results, server_shelf, f"{'proxy' if server == 'swift' else 'object server'} hangs", found)
    assert found[0].state is State.UNKNOWN
    assert took < PATIENCE_SECONDS


@pytest.mark.parametrize("container", ["elsewhere", "xx/yy/zz"])
def test_another_container(shelf, results, container):
    found = [shelf.check(row, container=container) for row in some(shelf)]
    counted(results, shelf, "container that is not there", found)
    assert {each.state for each in found} == {State.UNKNOWN}


def test_container_without_backups(server_shelf, results):
    server_shelf.writer.make(container := f"no-backups-{server_shelf.name}")
    server_shelf.writer.put(container, "something-else", b"x")
    found = [server_shelf.check(row, container=container) for row in some(server_shelf)]
    counted(results, server_shelf, "container without backups", found)
    assert {issue.code for each in found for issue in each.issues} == {Code.NO_CONTROL}


def test_folder_that_is_not_mounted(shelves, house, results, tmp_path):
    shelf = shelves("posix")
    with override_settings(BACKUP_RESET_PANEL={"STORAGE": {"posix": {"store": "files", "path": str(tmp_path)}}}):
        found = [shelf.check(row) for row in some(shelf)]
    counted(results, shelf, "the share is not mounted", found)
    assert {each.state for each in found} == {State.UNKNOWN}


def test_token_without_a_role(shelves, house, results):
    """A user of another project; and the administrator without a reader's role would be no better."""
    shelf = shelves("swift")
    token = house.token("member")
    entry = {key: value for key, value in house.settings()["swift"].items() if key != "login"}
    access = Access("swift", "demo", token, house.account)
    with override_settings(BACKUP_RESET_PANEL={"STORAGE": {"swift": entry}}):
        found = [shelf.check(row, access=access) for row in some(shelf)]
    counted(results, shelf, "no role (403)", found)
    assert {issue.code for each in found for issue in each.issues} == {Code.DENIED}


def test_token_that_has_expired_or_never_was(shelves, house, results):
    shelf = shelves("swift")
    entry = {key: value for key, value in house.settings()["swift"].items() if key != "login"}
    access = Access("swift", "demo", "gAAAA-no-token", house.account)
    with override_settings(BACKUP_RESET_PANEL={"STORAGE": {"swift": entry}}):
        found = [shelf.check(row, access=access) for row in some(shelf)]
    counted(results, shelf, "wrong token or keys (401, 403)", found)
    assert {issue.code for each in found for issue in each.issues} == {Code.DENIED}


def test_keys_that_are_wrong(shelves, house, results, tmp_path):
    shelf = shelves("s3")
    keys = tmp_path / "keys"
    access = house.state.swift["reader"]["access"]
    keys.write_text(f"[default]\naws_access_key_id = {access}\naws_secret_access_key = {'0' * 32}\n")
    entry = house.settings()["s3"] | {"keys": str(keys)}
    with override_settings(BACKUP_RESET_PANEL={"STORAGE": {"s3": entry}}):
        found = [shelf.check(row) for row in some(shelf)]
    counted(results, shelf, "wrong token or keys (401, 403)", found)
    assert {issue.code for each in found for issue in each.issues} == {Code.DENIED}
