# SPDX-License-Identifier: Apache-2.0
"""Long listings are the same whatever was guessed of their pages."""

import concurrent.futures
import datetime
import threading

import pytest

from backup_reset_panel.core.storage.types import StoredObject
from backup_reset_panel.storage import paging
from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Trouble

MORNING, NOON = (datetime.datetime(2026, 11, 28, hour, tzinfo=datetime.timezone.utc) for hour in (9, 12))


class Server:
    """Lists names in pages; what is in ``fails`` is refused to those who guess."""

    def __init__(self, names, size, fails=()):
        self.names, self.size, self.fails = sorted(names), size, set(fails)
        self.asked, self.lock = [], threading.Lock()

    def fetch(self, after):
        with self.lock:
            self.asked.append(after)
        if after in self.fails and threading.current_thread() is not threading.main_thread():
            raise StorageError(Trouble.TOO_SLOW)
        left = [name for name in self.names if name > after]
        page = [StoredObject(name, 1) for name in left[: self.size]]
        return paging.Page(page, page[-1].name if page else "", len(left) > self.size)

    def all(self):
        return [found.name for found in paging.listed(self.fetch).objects]


def numbered(count, stem="volume/az_nova_backup-"):
    return [f"{stem}{number:05}" for number in range(1, count + 1)]


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 2000, 7500, 21_000])
def test_numbered_parts_are_listed_once_each(count):
    names = [*numbered(count), "volume/az_nova_backup_metadata", "volume/az_nova_backup_sha256file"]
    assert Server(names, 1000).all() == sorted(names)


@pytest.mark.parametrize(
    "names",
    [
        [name for name in numbered(9000) if not 2500 < int(name[-5:]) < 6100],  # a gap where pages were guessed
        [name for each in numbered(4000) for name in (each, f"{each}-more")],  # twice as many as the numbers say
        [f"part-{number}" for number in range(98_000, 104_000)],  # longer numbers sort before
        [f"{'x' * number}" for number in range(1, 3500)],
    ],
)
def test_names_that_are_numbered_otherwise_are_listed_once_each(names):
    assert Server(names, 1000).all() == sorted(names)


def test_guess_that_fails_is_made_up_for():
    names = numbered(9000)
    assert Server(names, 1000, fails=[names[1999], names[3999]]).all() == names


def test_page_that_fails_when_it_is_asked_for_again_is_an_error():
    names = numbered(9000)
    server = Server(names, 1000)

    def fetch(after):
        if after == names[2999]:
            raise StorageError(Trouble.UNREACHABLE)
        return server.fetch(after)

    with pytest.raises(StorageError, match="unreachable"):
        paging.listed(fetch)


def test_page_of_no_round_length_is_followed_by_one_request():
    server = Server(numbered(3000), 1500)
    assert server.all() == numbered(3000)
    assert len(server.asked) == 2


def test_more_than_is_wanted_is_too_large(monkeypatch):
    monkeypatch.setattr(paging, "MOST_OBJECTS", 3000)
    with pytest.raises(StorageError, match="too_large"):
        Server(numbered(9000), 1000).all()


def test_server_that_gives_the_same_page_again_is_broken():
    server = Server(numbered(9000), 1000)
    first = server.fetch("")
    with pytest.raises(StorageError, match="broken"):
        paging.listed(lambda after: first)


def test_folders_of_all_pages_are_listed_once_each_with_the_time_of_the_first():
    pages = {
        "": paging.Page([StoredObject("a", 1)], "b/", True, ("b/",), MORNING),
        "b/": paging.Page([], "d/", True, ("b/", "d/"), NOON),
        "d/": paging.Page([StoredObject("e", 1)], "e", False, (), NOON),
    }
    found = paging.listed(pages.__getitem__)
    assert ([each.name for each in found.objects], found.folders, found.at) == (["a", "e"], ("b/", "d/"), MORNING)
    assert not found.is_cut


def test_with_a_limit_one_page_is_asked_for_and_tells_whether_more_may_follow():
    server = Server(numbered(3000), 1000)
    found = paging.listed(server.fetch, numbered(3000)[999], 1000)
    assert [each.name for each in found.objects] == numbered(3000)[1000:2000]
    assert found.is_cut
    assert len(server.asked) == 1


def test_busy_threads_hold_nobody_up(monkeypatch):
    class Busy:
        @staticmethod
        def submit(call, after):
            return concurrent.futures.Future()

    monkeypatch.setattr(paging, "_POOL", Busy)
    names = numbered(9000)
    server = Server(names, 1000)
    assert server.all() == names
    assert len(server.asked) == 9
