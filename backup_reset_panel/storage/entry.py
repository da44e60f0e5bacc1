# SPDX-License-Identifier: Apache-2.0
"""What views call: check a backup on its region's store, begin to read it, read on.

None of them raises: a store that is not set, or fails, is a finding in doubt with its reason.
"""

from __future__ import annotations

import contextlib
import datetime
import secrets
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.storage import kept
from backup_reset_panel.core.storage.place import Place
from backup_reset_panel.core.storage.place import sample_size
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import Issue
from backup_reset_panel.core.storage.types import Weight
from backup_reset_panel.storage import reading
from backup_reset_panel.storage import stores
from backup_reset_panel.storage.access import Access
from backup_reset_panel.storage.check import Checked
from backup_reset_panel.storage.check import check as check_on
from backup_reset_panel.storage.look import RECENT
from backup_reset_panel.storage.look import doubt
from backup_reset_panel.storage.reading import Progress
from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Store

#: For a check of level 1, the chain included.
CHECK_SECONDS = 10.0
#: Of one step, and what a part may take on top that has to be read to its end at once.
STEP_SECONDS = 2.0
PART_SECONDS = 60.0

configured = stores.configured


@contextlib.contextmanager
def _store(access: Access, region: str, project_id: str | None, seconds: float) -> Iterator[Store]:
    with contextlib.closing(stores.open_store(region, project_id, access, seconds)) as store:
        yield store


def check(
    access: Access,
    region: str,
    backup: Backup,
    ancestors: Sequence[Backup] = (),
    *,
    seconds: float = CHECK_SECONDS,
    recent: datetime.timedelta = RECENT,
) -> Finding:
    """Level 1: list, read the manifests, hold one against the other.

    :param access: of the request, see ``Access.of``
    :param region: Keystone's name of it
    :param ancestors: records of what an incremental backup builds on, nearest first, as far as known
    :param seconds: for all of it
    :param recent: a part that was written no longer ago shows a job at work
    """
    return _checked(access, region, backup, ancestors, seconds, recent).finding


def _checked(
    access: Access,
    region: str,
    backup: Backup,
    ancestors: Sequence[Backup],
    seconds: float,
    recent: datetime.timedelta,
) -> Checked:
    try:
        with _store(access, region, backup.project_id, seconds) as store:
            return check_on(store, backup, ancestors, recent=recent)
    except StorageError as exc:
        now = datetime.datetime.now(datetime.timezone.utc)
        return Checked(Finding(backup.id, (doubt(exc),), now))


def begin(
    access: Access,
    region: str,
    backup: Backup,
    ancestors: Sequence[Backup] = (),
    *,
    sample: bool = False,
    seconds: float = CHECK_SECONDS,
) -> Progress:
    """Level 1, and the place from which to read: all parts of the chain, or a sample of them.

    :param sample: 1 % of the parts, at least 20
    :returns: its ``place`` is None where there is nothing to read on with: the manifest or an ancestor's is not there,
        or damage is proved already
    """
    checked = _checked(access, region, backup, ancestors, seconds, RECENT)
    found = checked.finding
    if not checked.links or any(issue.weight is Weight.DAMAGE for issue in found.issues):
        return Progress(None, found)
    total = sum(link.parts for link in checked.links)
    share = sample_size(total) / total if sample and total else 1
    place = Place(
        region,
        backup.project_id or "",
        checked.links,
        seed=secrets.randbits(32) if sample else None,
        bytes_total=round(checked.bytes_stored * share),
        base=kept.to_json(found),
        id=secrets.token_hex(8),
    )
    return reading.progress(place)


def step(access: Access, place: dict[str, Any], *, seconds: float = STEP_SECONDS) -> Progress:
    """Read on.

    :param place: of the last ``Progress``, its signature verified by the caller
    :param seconds: after which it halts, within a part if need be
    :raises KeyError, TypeError, ValueError: the place is not one of this release's
    """
    here = Place.from_json(place)
    try:
        with _store(access, here.region, here.project_id or None, seconds + PART_SECONDS) as store:
            return reading.step(store, here, seconds)
    except StorageError as exc:
        return _stopped(here, doubt(exc))


def _stopped(place: Place, issue: Issue) -> Progress:
    """The end of a reading whose store cannot be opened any more."""
    pairs = (*place.unread, (place.links[0].prefix, issue.code.value))
    return reading.progress(Place(**{**vars(place), "unread": pairs}))
