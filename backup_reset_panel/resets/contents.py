# SPDX-License-Identifier: Apache-2.0
"""Reading a backup's contents, a step a request: the browser asks for the next one, and nothing is kept in between."""

from __future__ import annotations

import dataclasses
import datetime
import time
from typing import Any

from django.utils.translation import gettext as _

from backup_reset_panel import cinder
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Chain
from backup_reset_panel.core.fingerprint import Change
from backup_reset_panel.core.fingerprint import changed
from backup_reset_panel.core.fingerprint import fingerprint
from backup_reset_panel.core.outcome.types import FaultKind
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.storage import reading_texts
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.resets import places
from backup_reset_panel.resets import readings
from backup_reset_panel.resets import stored
from backup_reset_panel.resets.case import Case
from backup_reset_panel.resets.execute import where
from backup_reset_panel.resets.tokens import BadToken
from backup_reset_panel.storage import entry
from backup_reset_panel.storage import limits
from backup_reset_panel.storage.access import Access
from backup_reset_panel.storage.reading import Progress
from backup_reset_panel.web import policy

#: After one of these the next step from the same place may do better.
_PASSING = {Code.UNREACHABLE.value, Code.TOO_SLOW.value, Code.BROKEN.value, Code.DENIED.value, Code.NOT_FOUND.value}


@dataclasses.dataclass(frozen=True)
class Step:
    """What one step came to.

    :param place: token to go on with; empty: it is over
    :param result: token of what was found; empty while there is nothing that counts
    :param told: how far it is, or how it ended
    :param percent: of the bytes; None: the step did not get anywhere
    :param is_busy: others are reading: ask again in a moment, from the same place
    :param is_passing: it ended by what may pass: the same place can be tried again
    """

    place: str = ""
    result: str = ""
    told: str = ""
    percent: int | None = None
    is_busy: bool = False
    is_passing: bool = False


def begin(request: Any, cloud: cinder.Cloud, case: Case, *, sample: bool) -> Step:
    """Look at the store once more, and find the place from which to read.

    :param sample: 1 % of the parts, at least 20
    """
    if not stored.can_tell(case):
        return Step(told=_("There is nothing on a store to read of this backup."))
    chain = case.evidence.ancestors
    ancestors = chain.ancestors if isinstance(chain, Chain) else ()
    begun = entry.begin(Access.of(request), case.region, case.backup, ancestors, sample=sample)
    return _told(cloud, case.backup, begun, 0.0)


def go_on(request: Any, cloud: cinder.Cloud, backup_id: str, token: str) -> Step:
    """Read for some seconds.

    :raises BadToken: the place is not one of this backup, region and person, or too old
    :raises CinderFault: the backup could not be read; the place is still good
    :raises NotAuthorized: not theirs to reset
    """
    reading = places.reading(token, backup_id, where(cloud))
    backup = _same(request, cloud, reading)
    if isinstance(backup, Step):
        return backup
    with limits.turn_to_read() as has_turn:
        if not has_turn:
            return Step(place=token, is_busy=True)
        began = time.monotonic()
        try:
            now = entry.step(Access.of(request), reading.place)
        except (KeyError, TypeError, ValueError) as exc:
            raise BadToken from exc
        seconds = reading.seconds + time.monotonic() - began
    if now.finding.state is State.DAMAGED:
        # A delete takes parts away as well: what is gone with the backup is no damage.
        backup = _same(request, cloud, reading)
        if isinstance(backup, Step):
            return backup
    return _told(cloud, backup, now, seconds)


def _same(request: Any, cloud: cinder.Cloud, reading: places.Reading) -> Backup | Step:
    """The backup as it is now; a Step where it is not the one that the reading was begun of."""
    try:
        backup = cinder.read_backup(cloud, reading.backup_id)
    except cinder.CinderFault as exc:
        if exc.fault.kind is not FaultKind.NO_SUCH_BACKUP:
            raise
        return Step(told=_("Reading ended: the backup was deleted meanwhile."))
    policy.require(request, policy.RESET_BACKUP, backup.project_id)
    if changed(reading.record, backup) is Change.CHANGED:
        text = _("Reading ended: the backup changed meanwhile. It is %(status)s now; what was read does not count.")
        return Step(told=text % {"status": statuses.label(backup.status)})
    return backup


def _told(cloud: cinder.Cloud, backup: Backup, now: Progress, seconds: float) -> Step:
    finding = _timed(now, seconds)
    size = (now.bytes_done, now.bytes_total)
    is_bad = finding.state is State.DAMAGED
    result = ""
    if is_bad or (now.place is None and _counts(finding, now)):
        result = places.result(finding, where(cloud))
        readings.remember(cloud.region, finding)
    if now.place is None:
        is_passing = now.broken_by in _PASSING and not is_bad
        told = reading_texts.ended(finding, now.broken_by)
        percent = reading_texts.percent(size) if now.parts_total else None
        return Step(result=result, told=told, percent=percent, is_passing=is_passing)
    record = fingerprint(backup)
    try:
        place = places.place(places.Reading(backup.id, where(cloud), record, now.place, seconds))
    except places.TooLarge:
        return Step(told=_("It builds on too many backups to be read from here."))
    told = reading_texts.so_far((now.parts_done, now.parts_total), size, seconds, is_bad)
    return Step(place, result, told, reading_texts.percent(size))


def _counts(finding: Finding, now: Progress) -> bool:
    """Whether a reading that is over says more than the look that it began with."""
    return bool(finding.parts_read) and not now.broken_by


def _timed(now: Progress, seconds: float) -> Finding:
    if not now.finding.parts_read:
        return now.finding
    at = datetime.datetime.now(datetime.timezone.utc)
    return dataclasses.replace(now.finding, read_at=at, seconds_read=seconds)
