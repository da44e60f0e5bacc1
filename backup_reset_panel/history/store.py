# SPDX-License-Identifier: Apache-2.0
"""Writing and reading the history. No database, whatever becomes of it, stops a reset or holds it up for long."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import datetime
import logging
import re
from collections.abc import Iterable
from collections.abc import Sequence

from django.db import DataError
from django.db import connections
from django.db.models import Q
from django.db.models import QuerySet

from backup_reset_panel.core.history import COLUMNS
from backup_reset_panel.core.history import LONGEST_HOST
from backup_reset_panel.core.history import OPEN_ENDINGS
from backup_reset_panel.core.history import Entry
from backup_reset_panel.core.history import Settled
from backup_reset_panel.core.history import fit
from backup_reset_panel.history import backlog
from backup_reset_panel.history import settings
from backup_reset_panel.history.bounded import BOUNDS
from backup_reset_panel.history.bounded import Unavailable
from backup_reset_panel.history.models import PastReset

LOG = logging.getLogger(__name__)

#: For how long a reset waits for the database, a page, and a dialog that has its other facts.
WRITE_SECONDS, PAGE_SECONDS, DIALOG_SECONDS = 0.5, 2.0, 0.3
#: How many records that are too old go with each write.
_PRUNED_BY_A_WRITE = 300
#: How many parts of the backlog are written at once, of 50 changes each.
_PARTS_AT_ONCE = 10
#: How many resets of one backup are looked at; more are "50 or more".
MOST_OF_A_BACKUP = 50
_PLACE = re.compile(r"(\d{1,17})-(\d{1,18})", re.ASCII)
_EPOCH = datetime.datetime.fromtimestamp(0, datetime.timezone.utc)
_MICROSECOND = datetime.timedelta(microseconds=1)


@dataclasses.dataclass(frozen=True)
class Query:
    """Which part of the history.

    :param region: of the cloud; no record of another one is given
    :param backup_id: only of this backup, empty for all
    :param user: only of this user, by name or by id, empty for all
    :param host: only with this cinder-backup, empty for all
    :param after: the place in the list, as ``Page.next_after`` has it; anything else is the beginning
    """

    region: str
    backup_id: str = ""
    user: str = ""
    host: str = ""
    after: str = ""


@dataclasses.dataclass(frozen=True)
class Page:
    """A part of the history, newest first; ``next_after`` is the place behind it, empty at the end."""

    rows: list[PastReset]
    next_after: str = ""


def write(changes: Iterable[Entry | Settled]) -> None:
    """Write down what was done and seen; each once, however often it is written. What cannot be written waits."""
    kept, made = settings.kept(), list(changes)
    if kept is None or not made:
        return
    try:
        BOUNDS.call(kept.database, lambda: _put(kept, made), WRITE_SECONDS)
    except Unavailable as exc:
        LOG.warning("The history's database %r: %s", kept.database, exc)
        backlog.add(made)
        return
    # What was seen may be of an act that is waiting: then it is told again, behind it.
    _catch_up(kept, WRITE_SECONDS, [each for each in made if isinstance(each, Settled)])


def _catch_up(kept: settings.Kept, seconds: float, more: Sequence[Settled] = ()) -> None:
    """Write what was waiting for the database."""
    parts = backlog.read(_PARTS_AT_ONCE)
    waiting = [change for part in parts.values() for change in part]
    if not parts:
        return
    try:
        BOUNDS.call(kept.database, lambda: _put(kept, [*waiting, *more]), seconds)
    except Unavailable as exc:
        LOG.warning("The history's database %r: %s", kept.database, exc)
        return
    backlog.drop(parts)


def _put(kept: settings.Kept, changes: Sequence[Entry | Settled]) -> None:
    table = PastReset.objects.using(kept.database)
    rows = [PastReset(key=each.key, at=each.at, **each.columns) for each in changes if isinstance(each, Entry)]
    if rows:
        try:
            table.bulk_create(rows, ignore_conflicts=True)
        except DataError:
            _put_one_by_one(table, rows)
    # One request for all that ended alike: each of its own would be a write to the disk of its own.
    alike: dict[tuple[str, datetime.datetime, str], list[str]] = {}
    for each in changes:
        if isinstance(each, Settled):
            alike.setdefault((each.outcome, each.at, " ".join(each.locked)), []).append(each.key)
    for (outcome, at, locked), keys in alike.items():
        rows_of = table.filter(key__in=keys, outcome__in=OPEN_ENDINGS)
        rows_of.update(outcome=outcome, seen_at=at, seen_locked=locked)
    prune(kept, _PRUNED_BY_A_WRITE)


def _put_one_by_one(table: QuerySet[PastReset], rows: Iterable[PastReset]) -> None:
    """One row that the database does not take must not keep the others out, nor be tried for ever."""
    for row in rows:
        try:
            table.bulk_create([row], ignore_conflicts=True)
        except DataError as exc:
            LOG.error("The history does not take the audit line of backup %s: %s", row.backup_id, exc)


def prune(kept: settings.Kept, most: int) -> int:
    """Delete records that are older than they are to be kept, at most that many; returns how many there were.

    Not bounded in time: for the thread of a write, and for the command.
    """
    table = PastReset.objects.using(kept.database)
    limit = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=kept.days)
    old = list(table.filter(at__lt=limit).order_by("at").values_list("pk", flat=True)[:most])
    if old:
        table.filter(pk__in=old).delete()
    return len(old)


def read(kept: settings.Kept, query: Query, size: int) -> Page:
    """A page of the history; what was waiting for the database is written first.

    :raises Unavailable: the database did not answer, or could not
    """
    BOUNDS.wait(PAGE_SECONDS)
    _catch_up(kept, PAGE_SECONDS)
    rows = BOUNDS.call(kept.database, lambda: list(_found(kept, query)[: size + 1]), PAGE_SECONDS)
    return Page(rows[:size], _place(rows[size - 1]) if len(rows) > size else "")


def _found(kept: settings.Kept, query: Query) -> QuerySet[PastReset]:
    found = PastReset.objects.using(kept.database).filter(region=fit(query.region, COLUMNS["region"]))
    if query.backup_id:
        found = found.filter(backup_id=fit(query.backup_id, COLUMNS["backup_id"]))
    if query.user:
        name, user_id = fit(query.user, COLUMNS["user_name"]), fit(query.user, COLUMNS["user_id"])
        found = found.filter(Q(user_name=name) | Q(user_id=user_id))
    if query.host:
        found = found.filter(host=fit(query.host, LONGEST_HOST))
    place = _PLACE.fullmatch(query.after)
    if place:
        at, row_id = _EPOCH + int(place[1]) * _MICROSECOND, int(place[2])
        found = found.filter(Q(at__lt=at) | Q(at=at, pk__lt=row_id))
    return found.order_by("-at", "-pk")


def _place(row: PastReset) -> str:
    return f"{(row.at - _EPOCH) // _MICROSECOND}-{row.pk}"


def begin_of_backup(region: str, backup_id: str) -> concurrent.futures.Future[list[PastReset]] | None:
    """Ask for what was done about one backup, while other things are asked for.

    :returns: Future for ``of_backup``; None where no history is kept
    """
    kept = settings.kept()
    if kept is None:
        return None
    query = Query(region, backup_id)
    return BOUNDS.begin(kept.database, lambda: list(_found(kept, query).defer("line")[:MOST_OF_A_BACKUP]))


def of_backup(begun: concurrent.futures.Future[list[PastReset]] | None) -> list[PastReset] | None:
    """What was done about one backup, the newest first; None: the database did not say so in time."""
    if begun is None:
        return []
    try:
        return BOUNDS.result(begun, DIALOG_SECONDS)
    except Unavailable as exc:
        LOG.warning("The history's database: %s", exc)
        return None


def is_migrated(kept: settings.Kept) -> bool:
    """Whether the table is there.

    :raises Unavailable: the database did not answer, or could not
    """

    def tables() -> list[str]:
        # In the thread, whose connection it is.
        return connections[kept.database].introspection.table_names()

    return PastReset._meta.db_table in BOUNDS.call(kept.database, tables, PAGE_SECONDS)
