# SPDX-License-Identifier: Apache-2.0
"""Finding left-overs: what might be one first, then all that may hold it, then once more what might be one.

The order tells. A backup that begins after the first look holds nothing that was seen in it. One that ends after it,
which sets its volume free, is seen in the second: what has changed by then was none.

What it costs does not grow with the cloud's volumes or healthy backups: eight lists of volumes and snapshots, twice,
each with one question for what is behind its end; what ``evidence/at_work.py`` asks: the list of all backups in
progress to its end; and what ``holding.py`` asks: up to MOST_ASKED questions about volumes that are restored into, and
as many about temporary ones. Where there is nothing, it is eight questions.
"""

from __future__ import annotations

import dataclasses
import datetime
import time
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any

from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.evidence.at_work import IN_ORDER
from backup_reset_panel.cinder.evidence.at_work import all_at_work
from backup_reset_panel.cinder.holding import recorded_as_temporary
from backup_reset_panel.cinder.holding import restored_into_now
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import Interview
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.cinder.questions import Listed
from backup_reset_panel.cinder.reads import read_snapshot
from backup_reset_panel.cinder.reads import read_volume
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.leftovers import SNAPSHOT_NAME
from backup_reset_panel.core.leftovers import VOLUME_NAME
from backup_reset_panel.core.leftovers import Holders
from backup_reset_panel.core.leftovers import LeftOver
from backup_reset_panel.core.leftovers import is_settled
from backup_reset_panel.core.leftovers import judge
from backup_reset_panel.core.leftovers import source_of
from backup_reset_panel.core.leftovers import touched
from backup_reset_panel.core.records import Snapshot
from backup_reset_panel.core.records import Volume

#: So many volumes or snapshots of each list are looked at, the oldest first.
MOST = 500
#: For all of it. A list that hangs ends by its own time-out long before.
LONGEST_SECONDS = 12.0
_VOLUMES = (statuses.BACKING_UP, statuses.RESTORING_BACKUP, statuses.ERROR_RESTORING)
_NAMES = {"volumes": VOLUME_NAME, "snapshots": SNAPSHOT_NAME}


@dataclasses.dataclass(frozen=True)
class LeftOvers:
    """What was found.

    :param found: the oldest first
    :param missing: names of what could not be read: "volumes", "snapshots", "backups"
    :param is_cut: whether there may be more than were looked at
    :param unjudged: of how many it could not be told
    """

    found: tuple[LeftOver, ...] = ()
    missing: frozenset[str] = frozenset()
    is_cut: bool = False
    unjudged: int = 0


@dataclasses.dataclass(frozen=True)
class _Looked:
    """What might be left over.

    :param temporary: id of what is named like a temporary one to whether it is one, or Unknown
    """

    volumes: tuple[Volume, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    temporary: dict[str, bool | Unknown] = dataclasses.field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    is_cut: bool = False

    @property
    def records(self) -> dict[str, Volume | Snapshot]:
        """All of them, by id."""
        records: tuple[Volume | Snapshot, ...] = (*self.volumes, *self.snapshots)
        return {each.id: each for each in records}


def leftovers(cloud: Cloud) -> LeftOvers:
    """Find those of the whole cloud.

    :raises CinderFault: TOKEN_REFUSED
    """
    # An interview asks each question once, so each look is one of its own; all of them have one time limit.
    end = time.monotonic() + LONGEST_SECONDS
    looked: _Looked = _interview(cloud, end).run([_looked()])[0]
    judged: LeftOvers = _interview(cloud, end).run([_judged(looked)])[0]
    if not judged.found:
        return judged
    again: _Looked = _interview(cloud, end).run([_looked()])[0]
    found = tuple(each for each in judged.found if _is_same(each, again.records.get(each.id)))
    lost = sum(table_of(each) in again.missing for each in judged.found)
    return dataclasses.replace(
        judged, found=found, missing=judged.missing | again.missing, unjudged=judged.unjudged + lost
    )


def _interview(cloud: Cloud, end: float) -> Interview:
    return Interview(cloud, max(0.0, end - time.monotonic()))


def table_of(found: LeftOver) -> str:
    """Where it is: volumes or snapshots."""
    return "snapshots" if found.kind.is_snapshot else "volumes"


def _is_same(found: LeftOver, now: Volume | Snapshot | None) -> bool:
    return now is not None and (now.status, touched(now)) == (found.status, found.touched)


def read_leftover(cloud: Cloud, table: str, record_id: str) -> tuple[LeftOver | Unknown | None, str | None]:
    """One volume or snapshot, judged as in the list of all.

    :param table: volumes or snapshots
    :returns: what it is, None: no left-over, Unknown: that could not be told; and its status
    :raises CinderFault: NO_SUCH_BACKUP: it is gone; or it could not be read
    """
    read: Callable[[Cloud, str], Any] = read_snapshot if table == "snapshots" else read_volume
    record = read(cloud, record_id)
    looked: _Looked = Interview(cloud).run([_looked_at_one(table, record)])[0]
    found: LeftOvers = Interview(cloud).run([_judged(looked)])[0]
    if found.missing or found.unjudged:
        return Unknown(Gap.FAILED), record.status
    now = read(cloud, record_id)
    left = [each for each in found.found if _is_same(each, now)]
    return next(iter(left), None), now.status


def _looked_at_one(table: str, record: Any) -> Asking:
    temporary: dict[str, bool | Unknown] = {}
    if source_of(record):
        named = _named(table, ("id", record.id))
        answers = yield ask(*named.values())
        temporary = _temporary((record,), named, answers)
    of_table = {table: (record,)}
    return _Looked(of_table.get("volumes", ()), of_table.get("snapshots", ()), temporary)


def _looked() -> Asking:
    """All volumes and snapshots that might be left over."""
    lists = {status: _list("volumes", ("status", status)) for status in _VOLUMES}
    held = _list("snapshots", ("status", statuses.BACKING_UP))
    named = {table: _named(table) for table in _NAMES}
    questions = [*lists.values(), held, *(each for pair in named.values() for each in pair.values())]
    answers = yield ask(*questions)
    is_cut = yield from _is_cut([each for each in questions if each.whole], answers)
    missing: set[str] = set()
    temporary: dict[str, bool | Unknown] = {}
    found: dict[str, dict[str, Any]] = {"volumes": {}, "snapshots": {}}
    for question in questions:
        if not known(answers[question]):
            missing.add(question.table)
        elif question.whole:
            found[question.table] |= {record.id: record for record in answers[question]}
    for table, pair in named.items():
        temporary |= _temporary(found[table].values(), pair, answers)
    volumes, snapshots = (tuple(found[table].values()) for table in ("volumes", "snapshots"))
    return _Looked(volumes, snapshots, temporary, frozenset(missing), is_cut)


def _list(table: str, *filters: tuple[str, str], whole: bool = True) -> Listed:
    return Listed(table, filters, whole, IN_ORDER, MOST)


def _named(table: str, *more: tuple[str, str]) -> dict[bool, Listed]:
    """The questions for what is named like a temporary one: what counts for no quota, and what does (its control).

    Cinder counts what it makes itself for no quota (29.0.0; the column is there from 19, Xena, on).
    """
    name = ("name~", _NAMES[table])
    return {counts: _list(table, name, ("use_quota", str(counts)), *more, whole=not counts) for counts in (False, True)}


def _temporary(records: Iterable[Any], named: dict[bool, Listed], answers: dict[Any, Any]) -> dict[str, bool | Unknown]:
    """Which of those that are named like temporary ones are.

    What is in both lists was not filtered; what is in neither is not told by a Cinder that has no such column.
    """
    free, counted = answers[named[False]], answers[named[True]]
    told: dict[str, bool | Unknown] = {}
    for record in records:
        if not source_of(record):
            continue
        if not known(free) or not known(counted):
            told[record.id] = free if not known(free) else counted
            continue
        is_free, is_counted = record.id in {each.id for each in free}, record.id in set(counted)
        told[record.id] = is_free if is_free != is_counted else Unknown(Gap.CONTROLS_FAILED)
    return told


def _is_cut(questions: Iterable[Listed], answers: dict[Any, Any]) -> Asking:
    """Whether a list goes on behind its end: Cinder may give less than was asked for (``osapi_max_limit``)."""
    further = [each.behind(answers[each]) for each in questions if known(answers[each]) and answers[each]]
    answers = (yield ask(*further)) if further else {}
    return any(answer != () for answer in answers.values())


def _judged(looked: _Looked) -> Asking:
    """What of all that is left over."""
    now = datetime.datetime.now(datetime.timezone.utc)
    records = [each for each in looked.records.values() if is_settled(each, now)]
    if not records:
        return LeftOvers((), looked.missing, looked.is_cut)
    at_work = yield from all_at_work()
    if not known(at_work):
        return LeftOvers((), looked.missing | {"backups"}, looked.is_cut, len(records))
    into, is_cut_there = yield from restored_into_now(records, at_work)
    recorded, is_cut_here = yield from recorded_as_temporary(records, at_work, looked.temporary)
    holders = Holders(at_work, into, looked.temporary, recorded)
    judged = [judge(record, holders, now) for record in records]
    found = sorted((each for each in judged if isinstance(each, LeftOver)), key=lambda each: each.touched)
    asked = [*into.values(), *recorded.values()]
    missing = {"backups"} if any(_is_lost(each) for each in asked) else set()
    return LeftOvers(
        tuple(found),
        looked.missing | missing,
        looked.is_cut or is_cut_there or is_cut_here,
        sum(not known(each) for each in judged),
    )


def _is_lost(answer: object) -> bool:
    return isinstance(answer, Unknown) and answer.why is not Gap.NOT_ASKED
