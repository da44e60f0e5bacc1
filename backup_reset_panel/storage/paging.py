# SPDX-License-Identifier: Apache-2.0
"""Long listings: pages one after the other, and some side by side where their names let guess where pages begin.

A guess costs a request at most. What is listed never depends on it: pages are joined where they meet, a gap between two
is filled by asking for it, and what two of them show counts once.
"""

from __future__ import annotations

import concurrent.futures
import dataclasses
import datetime
import re
from collections.abc import Callable
from typing import TypeAlias

from backup_reset_panel.core.storage.types import StoredObject
from backup_reset_panel.storage.types import Listing
from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Trouble

MOST_OBJECTS = 500_000
#: Pages that are asked for at once, after the first one; the rest of the connections is for others.
SIDE_BY_SIDE = 3
#: A server's limit is a round number: a page of another length is the last one.
ROUND = 1000
_NUMBERED = re.compile(r"(.*-)(\d{5,9})")
_POOL = concurrent.futures.ThreadPoolExecutor(2 * SIDE_BY_SIDE, thread_name_prefix="backup-reset-panel-pages")


@dataclasses.dataclass(frozen=True)
class Page:
    """One answer.

    :param last: the last name in it, a folder's too; empty: there is none
    :param is_cut: more may follow
    :param folders: with a delimiter: what names have up to and with it
    :param at: the time by the store's clock; None: it does not say
    """

    objects: list[StoredObject]
    last: str
    is_cut: bool
    folders: tuple[str, ...] = ()
    at: datetime.datetime | None = None


Fetch: TypeAlias = Callable[[str], Page]


def listed(fetch: Fetch, after: str = "", limit: int | None = None) -> Listing:
    """All that is listed after a name; with a limit the first page of it.

    :param fetch: gives the page of the names that sort after one; called from several threads at once
    :raises StorageError: BROKEN where the server goes in circles; TOO_LARGE; whatever ``fetch`` raises
    """
    first = fetch(after)
    if limit is not None:
        return Listing(tuple(first.objects), first.folders, first.at, first.is_cut)
    objects, folders = list(first.objects), dict.fromkeys(first.folders)
    page = first
    ahead: dict[str, concurrent.futures.Future[Page]] = {}
    try:
        while page.is_cut:
            if len(objects) > MOST_OBJECTS:
                raise StorageError(Trouble.TOO_LARGE, "listing")
            at = page.last
            if not ahead:
                ahead = {after: _POOL.submit(fetch, after) for after in guesses(page)}
            page = _next(fetch, ahead, at)
            if page.is_cut and page.last <= at:
                raise StorageError(Trouble.BROKEN, "listing")
            objects += [each for each in page.objects if each.name > at]
            folders |= dict.fromkeys(page.folders)
    finally:
        for future in ahead.values():
            future.cancel()
    return Listing(tuple(objects), tuple(folders), first.at)


def _next(fetch: Fetch, ahead: dict[str, concurrent.futures.Future[Page]], at: str) -> Page:
    """The page after a name: one that was asked for ahead, if it begins there or before; else by asking."""
    for after in sorted(ahead):
        if after > at:
            break
        guessed = ahead.pop(after)
        if guessed.cancel():
            # Not begun: all threads are busy, perhaps with a server that hangs.
            continue
        try:
            page = guessed.result()
        except StorageError:
            # A guess may fail for being one too many at once.
            continue
        if not page.is_cut or page.last > at:
            return page
    return fetch(at)


def guesses(page: Page) -> list[str]:
    """Names after which the next pages begin, where parts are numbered without a gap."""
    size = len(page.objects)
    found = _NUMBERED.fullmatch(page.last)
    if found is None or not size or size % ROUND:
        return []
    stem, number = found[1], found[2]
    return [f"{stem}{int(number) + index * size:0{len(number)}}" for index in range(SIDE_BY_SIDE)]
