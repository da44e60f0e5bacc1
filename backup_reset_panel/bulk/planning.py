# SPDX-License-Identifier: Apache-2.0
"""Planning a bulk run, a chunk at a time: the same evidence, decided by the same function, as in the dialog."""

from __future__ import annotations

import dataclasses
from typing import Any

from backup_reset_panel import cinder
from backup_reset_panel.core.bulk import BulkLine
from backup_reset_panel.core.bulk import LeftOut
from backup_reset_panel.core.bulk import Mode
from backup_reset_panel.core.bulk import left_out
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.outcome.types import NEVER_LEFT
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import FaultKind
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.triage import Tile
from backup_reset_panel.listing import page
from backup_reset_panel.listing.filters import Query
from backup_reset_panel.listing.locked import locked_of
from backup_reset_panel.resets import case as cases
from backup_reset_panel.resets import stored
from backup_reset_panel.resets.tokens import Order

#: How many backups are planned by one request.
AT_ONCE = 100
#: How many backups of each list one request looks at, where all that match are planned.
LOOKED_AT = 150
#: How many backups whose volume is locked, though they are over, one plan takes.
MOST_LOCKED = 500
#: After one of these there is no plan: the rest would only fail the same way, and a refused token must not be tried
#: again.
STOPPING = frozenset({FaultKind.TOKEN_REFUSED, FaultKind.FORBIDDEN, *NEVER_LEFT})


@dataclasses.dataclass(frozen=True)
class Settings:
    """What a run is for.

    :param mode: core.bulk.Mode
    :param dead: the hosts last asked of whose processes the administrator said that they are dead; "" stands for those
        whose name is not known
    """

    mode: Mode = Mode.RECOMMENDED
    dead: frozenset[str] = frozenset()

    def ticks(self, case: cases.Case) -> frozenset[Tick]:
        """What was confirmed for one backup."""
        return frozenset({Tick.PROCESS_DEAD}) if host_of(case) in self.dead else frozenset()


@dataclasses.dataclass(frozen=True)
class Planned:
    """One row of a plan.

    :param case: what it rests on
    :param line: what a run does with it
    :param ticks: what was confirmed for it
    """

    case: cases.Case
    line: BulkLine
    ticks: frozenset[Tick]

    @property
    def host(self) -> str:
        """The host last asked, by which the word is given that its process is dead."""
        return host_of(self.case)

    def order(self, mode: Mode) -> Order:
        """What the browser hands back to have it carried out; only of one that is not left out."""
        assert self.line.plan is not None  # nosec B101  # noqa: S101  (asked for no other)
        decided = self.case.decision(self.line.plan, self.ticks)
        return Order(self.case.backup.id, decided, mode, self.ticks)


@dataclasses.dataclass(frozen=True)
class Part:
    """A part of a plan.

    :param rows: id to Planned, or to the Fault for which the backup could not be read
    :param after: the place behind them in the list, empty if nothing can come after it
    :param ids: of further ones that match, and are to be planned by their ids
    """

    rows: dict[str, Planned | Fault]
    after: str = ""
    ids: tuple[str, ...] = ()


class NotRead(Exception):
    """The list of backups could not be read to its end, so there is no plan."""


def host_of(case: cases.Case) -> str:
    """The host that was asked last about a backup, empty where its name is not known."""
    host = case.evidence.last_host
    return host if isinstance(host, str) else ""


def planned(request: Any, case: cases.Case, settings: Settings) -> Planned:
    """Plan one backup."""
    ticks = settings.ticks(case)
    if not cases.may_reset(request, case.backup):
        return Planned(case, left_out(LeftOut.NOT_ALLOWED), ticks)
    return Planned(case, case.line(settings.mode, ticks), ticks)


def plan_ids(request: Any, cloud: cinder.Cloud, ids: list[str], settings: Settings) -> Part:
    """Plan some backups.

    :param ids: of backups, each once
    :raises CinderFault: one of STOPPING
    """
    return Part(_plan(request, cloud, cases.gather(request, cloud, dict.fromkeys(ids)), settings))


def plan_query(request: Any, cloud: cinder.Cloud, query: Query, settings: Settings) -> Part:
    """Plan the next part of all that match a filter.

    :raises NotRead: a list could not be read to its end
    :raises CinderFault: TOKEN_REFUSED
    """
    if query.tile is Tile.VOLUME_LOCKED:
        return Part({}, ids=_locked(cloud, query) if query.has_locked else ())
    interview = cinder.Interview(cloud)
    seen = page.survey(interview, query.lists(LOOKED_AT))
    if any(isinstance(found, Unknown) for found in seen.rows.values()):
        raise NotRead
    listed = page.in_order(seen)
    if any(page.is_of_another_host(row, query) for row in listed):
        raise NotRead
    wanted = {row.id for row in listed if page.belongs(row, query)}
    rows = [row for found in seen.rows.values() if known(found) for row in found if row.id in wanted]
    found = cases.examine(request, interview, seen.batch.only(rows))
    ordered: dict[str, cases.Case | Fault] = {row.id: found[row.id] for row in sorted(rows, key=cinder.place)}
    rows_of_it = _plan(request, cloud, ordered, settings)
    return Part(rows_of_it, page.after(seen, query), _locked(cloud, query) if query.has_locked else ())


def _locked(cloud: cinder.Cloud, query: Query) -> tuple[str, ...]:
    """The ids of backups that match a filter and are over, but hold something.

    :raises NotRead: a list could not be read to its end
    """
    locked = locked_of(cloud, query, MOST_LOCKED)
    if not locked.is_known:
        raise NotRead
    return tuple(each.record.id for each in locked.evidence)


def _plan(
    request: Any, cloud: cinder.Cloud, read: dict[str, cases.Case | Fault], settings: Settings
) -> dict[str, Planned | Fault]:
    for each in read.values():
        if isinstance(each, Fault) and each.kind in STOPPING:
            raise cinder.CinderFault(each)
    found = stored.planned_on(request, cloud, read)
    return {
        backup_id: each if isinstance(each, Fault) else planned(request, each, settings)
        for backup_id, each in found.items()
    }
