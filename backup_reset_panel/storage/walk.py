# SPDX-License-Identifier: Apache-2.0
"""Looks through a whole store for objects of backups, by their names; a part at a time, none of it for long.

A container of many backups is listed from prefix to prefix: a page tells of many small backups, and of a large one its
first page is enough. So it takes no more requests than there are backups, nor than there are pages.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import time
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping

from backup_reset_panel import conf
from backup_reset_panel.core.leftovers import SETTLED
from backup_reset_panel.core.storage import settings
from backup_reset_panel.core.storage.naming import ANY_VOLUME
from backup_reset_panel.core.storage.naming import Layout
from backup_reset_panel.core.storage.naming import named
from backup_reset_panel.core.storage.types import StoredObject
from backup_reset_panel.core.storage.unrecorded import Place
from backup_reset_panel.core.storage.unrecorded import Prefix
from backup_reset_panel.core.storage.unrecorded import Unlisted
from backup_reset_panel.core.storage.unrecorded import Unrecorded
from backup_reset_panel.core.storage.unrecorded import Walk
from backup_reset_panel.storage import stores
from backup_reset_panel.storage.access import Access
from backup_reset_panel.storage.look import doubt
from backup_reset_panel.storage.types import Listing
from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Store
from backup_reset_panel.storage.types import Trouble

#: So many backups are looked at in one go, for so long.
MOST_FOUND = 2000
WALK_SECONDS = 10.0
MEASURE_SECONDS = 8.0
_PAGE = 1000
#: Folders of files below the path: ``ab/cd/<id>``, as the posix and NFS drivers make them.
_DEPTH = 3
#: Sorts after every sign that can follow a prefix.
_BEHIND = "~"
#: Sorts after every name of a container.
_LAST = "\U0010ffff"


def is_per_project(region: str) -> bool:
    """Whether each project's backups are in an account of its own (Swift with ``backup_swift_auth = per_user``)."""
    entry = settings.of_region(conf.get("STORAGE"), region) or {}
    return entry.get("account") == "project"


def walk(access: Access, region: str, recorded: Mapping[str, Iterable[str]], begin: Place) -> Walk:
    """Look for the objects of all backups, from a place on.

    :param recorded: account to the names of containers that records name there; with one account for all, its key is
        the empty text
    :param begin: ``Place()`` for the beginning
    :raises nothing: what cannot be listed is told
    """
    steps = _Steps(begin)
    for account in sorted(recorded):
        if account < begin.account:
            continue
        try:
            with _opened(access, region, account, steps.left) as store:
                steps.through(store, account, recorded[account])
        except StorageError as exc:
            steps.cannot(account, exc)
        if steps.is_over:
            return steps.walked(steps.place)
        # Also of an account without containers it must be known that it was seen.
        steps.place = Place(account, _LAST)
    return steps.walked(None)


@contextlib.contextmanager
def _opened(access: Access, region: str, account: str, seconds: float) -> Iterator[Store]:
    with contextlib.closing(stores.open_store(region, account or None, access, seconds)) as store:
        yield store


class _Steps:
    """A walk that is going on."""

    def __init__(self, begin: Place) -> None:
        self.begin = self.place = begin
        self.found: dict[tuple[Place, str], Prefix] = {}
        self.unlisted: list[Unlisted] = []
        self.containers = 0
        self._end = time.monotonic() + WALK_SECONDS

    @property
    def left(self) -> float:
        return max(0.0, self._end - time.monotonic())

    @property
    def is_over(self) -> bool:
        return len(self.found) >= MOST_FOUND or self.left <= 0

    def walked(self, following: Place | None) -> Walk:
        return Walk(tuple(self.found.values()), following, tuple(self.unlisted), self.containers)

    def cannot(self, what: str, exc: StorageError) -> None:
        """Tell what could not be listed; the end of the time is no such thing, it has a place to go on from."""
        if exc.trouble is not Trouble.TOO_SLOW or self.left > 0:
            self.unlisted.append(Unlisted(what, doubt(exc)))

    def through(self, store: Store, account: str, recorded: Iterable[str]) -> None:
        """All containers of one account, those that records name at least."""
        names = set[str]() if store.layout is Layout.FLAT else set(recorded)
        try:
            names |= set(store.list_containers())
        except StorageError as exc:
            # A project that has no account there.
            if not (account and exc.trouble is Trouble.NOT_FOUND):
                self.cannot(account or ("" if store.layout is Layout.NESTED else "/"), exc)
        for name in sorted(names):
            if self.is_over:
                return
            if store.layout is Layout.FLAT:
                self._folder(store, name, _DEPTH - 1)
            elif (account, name) >= (self.begin.account, self.begin.container):
                self._container(store, Place(account, name), is_recorded=name in recorded)

    def _container(self, store: Store, here: Place, *, is_recorded: bool) -> None:
        after = self.begin.after if here.container == self.begin.container else ""
        if here.container == self.begin.container and here.account == self.begin.account and not after:
            return
        self.containers += 1
        try:
            while not self.is_over:
                page = store.list_objects(here.container, ANY_VOLUME, after=after, limit=_PAGE)
                self._take(store, here, page)
                if not page.is_cut or not page.objects:
                    self.place = here
                    return
                last = page.objects[-1].name
                own = named(last, store.layout)
                after = own.prefix + _BEHIND if own else last
                self.place = Place(here.account, here.container, after)
        except StorageError as exc:
            # A container that records name, and that is gone, is for the check of those backups to tell.
            if not (is_recorded and exc.trouble is Trouble.NOT_FOUND):
                self.cannot(here.container, exc)

    def _folder(self, store: Store, container: str, depth: int) -> None:
        """A folder of files, and those below it; what was done before is passed by."""
        begin, here = self.begin.container.split("/"), container.split("/")
        if here < begin[: len(here)] or (self.begin.container and here == begin and depth == 0):
            return
        try:
            listing = store.list_objects(container, "", folders=True)
        except StorageError as exc:
            self.cannot(container, exc)
            return
        if not self.begin.container or here > begin:
            self._take(store, Place(container=container), listing)
            self.containers += any(each.name.startswith(ANY_VOLUME) for each in listing.objects)
            self.place = Place(container=container)
        for name in listing.folders if depth else ():
            if self.is_over:
                return
            self._folder(store, f"{container}/{name.rstrip('/')}", depth - 1)

    def _take(self, store: Store, here: Place, listing: Listing) -> None:
        for each in listing.objects:
            own = named(each.name, store.layout)
            if own:
                self.found[here, own.prefix] = Prefix(here, own.prefix, own.backup_id, own.volume_id, own.begun)


def first_of(walked: Walk, wanted: Collection[str], most: int) -> tuple[list[Prefix], Walk]:
    """The prefixes of some backups, about so many at most, and the walk that ends behind the last of them.

    :param wanted: ids of backups
    """
    mine = [each for each in walked.found if each.backup_id in wanted]
    if len(mine) <= most:
        return mine, walked
    last = mine[most - 1]
    here = last.place
    if "/" in last.prefix:
        kept, end = mine[:most], Place(here.account, here.container, last.prefix + _BEHIND)
    else:
        # A folder of files is passed by as a whole.
        kept, end = mine[:most] + [each for each in mine[most:] if each.place == here], here
    return kept, dataclasses.replace(walked, next=end)


def measure(access: Access, region: str, prefixes: Iterable[Prefix]) -> list[Unrecorded]:
    """Look at some once more: what is still there, and how large it is.

    An end of Cinder's deletes the objects before the record; so what is there after its record was seen to be gone
    will stay. A listing can lag: one of the objects is asked itself.

    :returns: those that are there or may be, and have not changed within SETTLED
    """
    end = time.monotonic() + MEASURE_SECONDS
    found: list[Unrecorded] = []
    by_account: dict[str, list[Prefix]] = {}
    for each in prefixes:
        by_account.setdefault(each.place.account, []).append(each)
    for account, mine in by_account.items():
        try:
            with _opened(access, region, account, max(0.0, end - time.monotonic())) as store:
                found += [kept for each in mine if (kept := _measured(store, each))]
        except StorageError:
            found += [Unrecorded(each) for each in mine]
    return found


def _measured(store: Store, prefix: Prefix) -> Unrecorded | None:
    container = prefix.place.container
    try:
        listing = store.list_objects(container, prefix.prefix)
        own = [each for each in listing.objects if each.name[len(prefix.prefix) :][:1] in ("-", "_")]
        if not own or not any(_is_there(store, container, each) for each in (own[-1], own[0])):
            return None
    except StorageError as exc:
        return None if exc.trouble is Trouble.NOT_FOUND else Unrecorded(prefix)
    written = max((each.modified for each in own if each.modified), default=None)
    now = listing.at or datetime.datetime.now(datetime.timezone.utc)
    if written and now - written < SETTLED:
        return None
    return Unrecorded(prefix, sum(each.size for each in own), len(own), written)


def _is_there(store: Store, container: str, each: StoredObject) -> bool:
    try:
        store.head(container, each.name)
    except StorageError as exc:
        if exc.trouble is Trouble.NOT_FOUND:
            return False
        raise
    return True
