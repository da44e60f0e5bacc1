# SPDX-License-Identifier: Apache-2.0
"""Level 3: the contents of all parts, or of a sample, in steps of some seconds, with nothing kept in between.

What a step needs to know is in its ``Place``; the process keeps the last few manifests, to save reading them anew, and
parts that a step halted in (``one_part``).
"""

from __future__ import annotations

import dataclasses
import hashlib
import threading
import time
from collections.abc import Callable
from typing import Any

from backup_reset_panel.core.storage import kept
from backup_reset_panel.core.storage import manifest as manifests
from backup_reset_panel.core.storage import naming
from backup_reset_panel.core.storage.manifest import Manifest
from backup_reset_panel.core.storage.place import ENOUGH_DAMAGE
from backup_reset_panel.core.storage.place import Link
from backup_reset_panel.core.storage.place import Place
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Depth
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import Issue
from backup_reset_panel.storage import one_part
from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Store
from backup_reset_panel.storage.types import read

_MOST_KEPT = 4
_MANIFESTS: dict[tuple[str, str, str], Manifest] = {}
_LOCK = threading.Lock()


@dataclasses.dataclass(frozen=True)
class Progress:
    """How far a reading has come.

    :param place: plain JSON, to be handed to the next step; None: it is over
    :param finding: what is known by now; its depth says whether all was read
    :param bytes_done: stored bytes that were read since the beginning; :param bytes_total: of those to be read
    :param broken_by: why it ended before its time (a ``Code`` value, what follows a colon is a detail); empty: it did
        not
    """

    place: dict[str, Any] | None
    finding: Finding
    parts_done: int = 0
    parts_total: int = 0
    bytes_done: int = 0
    bytes_total: int = 0
    broken_by: str = ""


def progress(place: Place) -> Progress:
    """What there is to tell at a place."""
    is_over = place.done >= place.wanted or bool(place.unread) or len(place.differing) >= ENOUGH_DAMAGE
    return Progress(
        None if is_over else place.to_json(),
        finding(place),
        place.done,
        place.wanted,
        place.bytes_read + place.inside,
        max(place.bytes_total, place.bytes_read + place.inside),
        place.unread[-1][1] if place.unread else "",
    )


def step(store: Store, place: Place, seconds: float, clock: Callable[[], float] = time.monotonic) -> Progress:
    """Read on for some seconds, at least one part or some megabytes of it.

    :param store: with a deadline that leaves room for one more part
    """
    end, order = clock() + seconds, place.order()
    now = progress(place)
    while now.place is not None:
        place = _read_one(store, place, order[place.done], lambda: clock() >= end)
        now = progress(place)
        if clock() >= end:
            break
    return now


def _read_one(store: Store, place: Place, number: int, is_over: Callable[[], bool]) -> Place:
    """Go on with one part; a second time from its beginning before anything bad is said of it."""
    link, index = place.locate(number)
    try:
        part = _manifest(store, link).parts[index]
    except StorageError as exc:
        return dataclasses.replace(place, unread=(*place.unread, (link.prefix, exc.trouble.value)))
    except (manifests.ManifestError, IndexError):
        return dataclasses.replace(place, unread=(*place.unread, (link.prefix, Code.CHANGED.value)))
    size, differs, trouble, is_halted = one_part.read_on(store, place, link, part, is_over)
    if is_halted:
        return dataclasses.replace(place, inside=size, halts=place.halts + 1)
    if (differs or trouble) and not place.tried and not trouble.startswith(Code.NOT_READ.value):
        return _read_one(store, dataclasses.replace(place, inside=0, halts=0, tried=1), number, is_over)
    if differs:
        trouble = _not_itself(store, link)
    place = dataclasses.replace(place, bytes_read=place.bytes_read + size, inside=0, halts=0, tried=0)
    if trouble:
        return dataclasses.replace(place, unread=(*place.unread, (part.name, trouble)))
    if differs:
        place = dataclasses.replace(place, differing=(*place.differing, (part.name, differs)))
    return dataclasses.replace(place, done=place.done + 1)


def _not_itself(store: Store, link: Link) -> str:
    """Whether the place where parts are missing or differ is still that of level 1: the control of all that is bad.

    A share that was unmounted has no parts either, and a backup that was written anew has others.

    :returns: empty where the manifest is what it was; else why nothing can be said
    """
    try:
        _manifest(store, link, anew=True)
    except StorageError as exc:
        return exc.trouble.value
    except manifests.ManifestError:
        return Code.CHANGED.value
    return ""


def _manifest(store: Store, link: Link, *, anew: bool = False) -> Manifest:
    """The manifest that level 1 saw.

    :param anew: read it from the store, whatever this process remembers
    :raises ManifestError: CHANGED, when it is another one by now
    """
    key = (link.prefix, link.backup_id, link.manifest_md5)
    with _LOCK:
        known = _MANIFESTS.get(key)
    if known is not None and not anew:
        return known
    data = read(store, link.container, link.prefix + naming.MANIFEST, manifests.MOST_BYTES)
    if hashlib.md5(data, usedforsecurity=False).hexdigest() != link.manifest_md5:
        raise manifests.ManifestError(Code.CHANGED)
    made = manifests.parse(data, link.prefix, link.backup_id, link.volume_id)
    with _LOCK:
        _MANIFESTS.pop(key, None)
        while len(_MANIFESTS) >= _MOST_KEPT:
            _MANIFESTS.pop(next(iter(_MANIFESTS)))
        _MANIFESTS[key] = made
    return made


def finding(place: Place) -> Finding:
    """The finding of level 1, and what was read since."""
    base = kept.from_json(place.base)
    own = place.links[0]
    issues = list(base.issues)
    for link in place.links:
        bad = [(name, how) for name, how in place.differing if name.startswith(link.prefix)]
        if bad and link is own:
            issues.append(Issue(Code.CONTENT_DIFFERS, len(bad), f"{bad[0][0]}: {bad[0][1]}"))
        elif bad:
            issues.append(Issue(Code.ANCESTOR_DAMAGED, len(bad), Code.CONTENT_DIFFERS.value, link.backup_id))
    for name, why in place.unread:
        # Level 1 stands where the contents could not be read, but not for a backup that is another one by now.
        issues.append(Issue(Code.CHANGED if why == Code.CHANGED.value else Code.NOT_READ, 1, f"{name}: {why}"))
    is_all = place.done >= place.wanted and not place.unread
    depth = Depth.LISTED if not is_all else Depth.READ if place.done == place.total else Depth.SAMPLED
    return dataclasses.replace(
        base, issues=tuple(issues), depth=depth, parts_read=place.done, bytes_read=place.bytes_read
    )
