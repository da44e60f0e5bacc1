# SPDX-License-Identifier: Apache-2.0
"""The three stores behind one interface: what they give, how they fail, and what they keep away from."""

import os
import threading
import time

import pytest

from backup_reset_panel.storage import limits
from backup_reset_panel.storage.files import FilesStore
from backup_reset_panel.storage.types import Deadline
from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Trouble
from backup_reset_panel.storage.types import read


def trouble(call, *args, **kwargs):
    with pytest.raises(StorageError) as caught:
        call(*args, **kwargs)
    return caught.value.trouble


@pytest.fixture
def row(host):
    return host.library.row("full", "none")


def test_listing_gives_names_sizes_times_and_md5s_where_there_are_any(host, row):
    found = host.store().list_objects(row["container"], row["prefix"])
    own = {name: data for name, data in host.objects[row["container"]].items() if name.startswith(row["prefix"])}
    assert {each.name: each.size for each in found.objects} == {name: len(data) for name, data in own.items()}
    assert all(each.modified.tzinfo for each in found.objects)
    assert {each.md5 is None for each in found.objects} == {host.name == "files"}
    assert not found.is_cut
    assert (found.at is None) == (host.name == "files")


def test_head_says_what_the_listing_says(host, row):
    store = host.store()
    listed = store.list_objects(row["container"], row["prefix"]).objects[3]
    asked = store.head(row["container"], listed.name)
    assert (asked.name, asked.size, asked.md5) == (listed.name, listed.size, listed.md5)


def test_listing_can_be_limited_and_gone_on_with(host, row):
    store = host.store()
    all_names = [each.name for each in store.list_objects(row["container"], row["prefix"]).objects]
    first = store.list_objects(row["container"], row["prefix"], limit=2)
    assert [each.name for each in first.objects] == all_names[:2]
    assert first.is_cut
    then = store.list_objects(row["container"], row["prefix"], after=all_names[1])
    assert [each.name for each in then.objects] == all_names[2:]


def test_long_listing_takes_as_many_pages_as_it_needs(server_host):
    server_host.objects["many"] = {f"volume_{number:06}": b"x" for number in range(5500)}
    server_host.faults.page = 2000
    found = server_host.store().list_objects("many", "volume_")
    del server_host.objects["many"]
    assert [each.name for each in found.objects] == [f"volume_{number:06}" for number in range(5500)]


def test_names_with_special_signs_are_found(server_host):
    name = "a b/ü&<>?#%2F+'"
    server_host.objects["odd"] = {name: b"1234"}
    store = server_host.store()
    assert [each.name for each in store.list_objects("odd", "a b/ü").objects] == [name]
    assert read(store, "odd", name, 4) == b"1234"
    del server_host.objects["odd"]


def test_object_is_read_whole_in_part_or_not_at_all(host, row):
    store, name = host.store(), row["prefix"] + "_metadata"
    data = host.objects[row["container"]][name]
    assert read(store, row["container"], name, len(data)) == data
    assert read(store, row["container"], name, 10, beginning=True) == data[:10]
    assert read(store, row["container"], name, len(data) + 5, beginning=True) == data
    assert trouble(read, store, row["container"], name, len(data) - 1) is Trouble.TOO_LARGE


def test_empty_object_is_read(host, row):
    host.objects[row["container"]]["volume_empty"] = b""
    store = host.store()
    assert read(store, row["container"], "volume_empty", 10) == b""
    assert read(store, row["container"], "volume_empty", 10, beginning=True) == b""


def test_what_is_not_there_is_not_found(host, row):
    store = host.store()
    assert trouble(store.head, row["container"], "volume_none") is Trouble.NOT_FOUND
    assert trouble(read, store, row["container"], "volume_none", 1) is Trouble.NOT_FOUND
    assert trouble(store.list_objects, "no-such-container", "volume") is Trouble.NOT_FOUND
    assert trouble(store.head, "no-such-container", "volume") is Trouble.NOT_FOUND


def test_time_that_is_up_is_up_for_every_call(host, row):
    store = host.store(seconds=0)
    for call in (store.list_objects, store.head):
        assert trouble(call, row["container"], "volume") is Trouble.TOO_SLOW
    assert trouble(read, store, row["container"], "volume", 1) is Trouble.TOO_SLOW


def test_server_that_sends_less_than_it_says_is_broken(server_host):
    row = server_host.library.row("full", "none")
    server_host.faults.cut = True
    assert trouble(read, server_host.store(), row["container"], row["prefix"] + "-00001", 10**6) is Trouble.BROKEN


def test_wrong_token_or_key_is_denied(server_host):
    store = server_host.store()
    if server_host.name == "swift":
        store._session.auth.token = "another"
    else:
        from backup_reset_panel.storage import s3

        store._client = s3.client(server_host.server.url, ("who", "knows"), "us-east-1", path_style=True, verify=True)
    assert trouble(store.list_objects, "volumebackups", "volume") is Trouble.DENIED


def test_encryption_with_a_key_of_its_own_is_denied_not_broken(hosts):
    host = hosts("s3")
    host.reset()
    host.faults.status = 400
    assert trouble(host.store().head, "volumebackups", "volume") is Trouble.DENIED


def test_process_has_no_more_than_so_many_connections(server_host, monkeypatch):
    monkeypatch.setattr(limits, "_FREE", threading.BoundedSemaphore(1))
    monkeypatch.setattr(limits, "PATIENCE", 0.1)
    row = server_host.library.row("full", "none")
    store = server_host.store()
    first = store.get(row["container"], row["prefix"] + "-00001", 10**6)
    next(first)
    assert trouble(store.head, row["container"], row["prefix"] + "-00001") is Trouble.TOO_SLOW
    first.close()
    assert store.head(row["container"], row["prefix"] + "-00001").size


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "secret").write_text("outside")
    root = tmp_path / "backups"
    (root / "ab" / "cd").mkdir(parents=True)
    (root / "ab" / "cd" / "volume_1").write_text("inside")
    return root


def files(tree, seconds=5):
    return FilesStore(str(tree), Deadline(seconds))


@pytest.mark.parametrize("container", ["..", "../backups", "ab/../..", "/etc", "ab//cd", ".", "ab/cd/..", "", "ab\0"])
def test_container_outside_of_the_path_is_denied(tree, container):
    for call in (files(tree).list_objects, files(tree).head):
        assert trouble(call, container, "secret") is Trouble.DENIED


@pytest.mark.parametrize("name", ["../../../secret", "/etc/passwd", "..", ".", "", "a/b", "volume_1\0"])
def test_name_outside_of_the_container_is_denied(tree, name):
    assert trouble(files(tree).head, "ab/cd", name) is Trouble.DENIED
    assert trouble(read, files(tree), "ab/cd", name, 100) is Trouble.DENIED


def test_symbolic_links_are_not_followed(tree):
    (tree / "ab" / "out").symlink_to(tree.parent)
    (tree / "ab" / "cd" / "volume_2").symlink_to(tree.parent / "secret")
    store = files(tree)
    assert trouble(store.list_objects, "ab/out", "") in {Trouble.DENIED, Trouble.NOT_FOUND}
    assert trouble(read, store, "ab/cd", "volume_2", 100) is Trouble.DENIED
    assert trouble(store.head, "ab/cd", "volume_2") is Trouble.DENIED
    assert [each.name for each in store.list_objects("ab/cd", "volume").objects] == ["volume_1"]


def test_path_itself_may_be_a_link(tree):
    link = tree.parent / "link"
    link.symlink_to(tree)
    assert read(files(link), "ab/cd", "volume_1", 100) == b"inside"


def test_what_is_no_plain_file_is_denied_and_does_not_hang(tree):
    os.mkfifo(tree / "ab" / "cd" / "volume_pipe")
    (tree / "ab" / "cd" / "volume_folder").mkdir()
    for name in ("volume_pipe", "volume_folder"):
        assert trouble(read, files(tree), "ab/cd", name, 100) is Trouble.DENIED
    assert len(files(tree).list_objects("ab/cd", "volume").objects) == 1


def test_folder_that_may_not_be_entered_is_denied(tree, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert trouble(files(tree).list_objects, "ab/cd", "volume") is Trouble.DENIED


def test_file_that_becomes_shorter_is_broken(tree):
    path = tree / "ab" / "cd" / "volume_1"
    path.write_bytes(bytes(3 * 1024 * 1024))
    pieces = files(tree).get("ab/cd", "volume_1", 10**8)
    next(pieces)
    path.write_bytes(b"")
    assert trouble(list, pieces) is Trouble.BROKEN


def test_file_system_that_hangs_is_too_slow_and_leaves_no_file_open(tree, monkeypatch):
    gate, opened = threading.Event(), os.open
    before = len(os.listdir("/proc/self/fd"))

    def hang(*args, **kwargs):
        gate.wait(10)
        return opened(*args, **kwargs)

    monkeypatch.setattr(os, "open", hang)
    begin = time.monotonic()
    for _ in range(limits.MOST_FILE_CALLS + 2):
        assert trouble(read, files(tree, seconds=0.1), "ab/cd", "volume_1", 100) is Trouble.TOO_SLOW
    assert time.monotonic() - begin < 3
    gate.set()
    limits._FILE_CALLS.submit(time.time).result(10)
    end = time.monotonic() + 10
    while len(os.listdir("/proc/self/fd")) > before and time.monotonic() < end:
        time.sleep(0.01)
    assert len(os.listdir("/proc/self/fd")) <= before
