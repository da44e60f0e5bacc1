# SPDX-License-Identifier: Apache-2.0
"""The whole cloud looked through once, by the survey and the rules of the Stuck Backups page."""

from __future__ import annotations

import collections
import dataclasses
import datetime
from typing import TypeAlias

from backup_reset_panel import cinder
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.liveness import age
from backup_reset_panel.core.records import Service
from backup_reset_panel.core.triage import Tile
from backup_reset_panel.listing import page as listing
from backup_reset_panel.listing.filters import Query
from backup_reset_panel.listing.locked import still_locked

#: How many backups of each list one request asks for.
AT_ONCE = 500
#: How many backups with a locked volume are told one by one.
MOST_LOCKED = 500
_InFlight: TypeAlias = "tuple[list[listing.Row], tuple[Service, ...] | None, frozenset[str]]"
#: A list whose marker was deleted meanwhile is begun anew, so often.
ATTEMPTS = 3


@dataclasses.dataclass(frozen=True)
class Found:
    """One backup that needs attention, or may.

    :param verdict: a ``Kind`` of verdict
    :param recommended: the status, or what else is recommended; empty: nothing
    :param why: a ``Need``; empty: it could not be judged
    :param host: last asked, empty where its name is not known
    :param seconds: without a change, None where that is not known
    """

    id: str
    name: str
    project_id: str
    volume_id: str
    status: str
    verdict: str
    recommended: str
    why: str
    zone: str
    host: str
    seconds: int | None


@dataclasses.dataclass(frozen=True)
class Report:
    """What one look at the whole cloud found.

    :param at: aware datetime
    :param region: Keystone's
    :param stuck: what needs attention
    :param unjudged: what is in flight and could not be judged
    :param long_running: how many are in flight for long, and may be live
    :param locked: how many volumes are locked though no backup works on them
    :param hosts_down: host to how many backups in flight it was asked for last, of hosts that are not up
    :param missing: names of what could not be read, in order
    """

    at: datetime.datetime
    region: str
    stuck: tuple[Found, ...]
    unjudged: tuple[Found, ...]
    long_running: int
    locked: int
    hosts_down: tuple[tuple[str, int], ...]
    missing: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether everything answered, and every backup in flight was judged."""
        return not self.missing and not self.unjudged

    @property
    def exit_status(self) -> int:
        """1: something needs attention. 2: nothing does as far as is known, but not all is known. 0: nothing does."""
        if self.stuck or self.locked:
            return 1
        return 0 if self.is_complete else 2

    @property
    def oldest(self) -> int:
        """Seconds for which the oldest of what needs attention has not changed; 0 if nothing does."""
        return max((found.seconds or 0 for found in self.stuck), default=0)


def report(cloud: cinder.Cloud) -> Report:
    """Look through the whole cloud.

    :raises CinderFault: TOKEN_REFUSED
    """
    rows, services, missing = _in_flight(cloud)
    # With a large table each list of backups is a pass through it.
    at_work = None if "backups" in missing else tuple(row.backup for row in rows)
    locked = still_locked(cloud, MOST_LOCKED, at_work=at_work)
    if not locked.is_known or locked.is_cut:
        missing |= {"volume"}
    held = [listing.row_of(evidence) for evidence in locked.evidence]
    stuck = [row for row in [*rows, *held] if row.need]
    return Report(
        at=datetime.datetime.now(datetime.timezone.utc),
        region=cloud.region,
        stuck=tuple(_found(row) for row in stuck),
        unjudged=tuple(_found(row) for row in rows if not row.is_judged),
        long_running=sum(Tile.LONG_RUNNING in row.tiles for row in rows),
        locked=locked.count,
        hosts_down=_hosts_down(rows, services),
        missing=tuple(sorted(missing)),
    )


def _in_flight(cloud: cinder.Cloud) -> _InFlight:
    """Every backup in flight, the services (None: not read), and the names of what could not be read."""
    for _attempt in range(ATTEMPTS):
        found = _read_to_the_end(cloud)
        if found is not None:
            return found
    return [], None, frozenset({"backups"})


def _read_to_the_end(cloud: cinder.Cloud) -> _InFlight | None:
    """As ``_in_flight``; None where the list changed so that its next part cannot be found."""
    rows: dict[str, listing.Row] = {}
    services: tuple[Service, ...] | None = None
    missing: frozenset[str] = frozenset()
    query = Query()
    while True:
        seen = listing.survey(cinder.Interview(cloud), query.lists(AT_ONCE))
        if any(map(listing.is_lost, seen.rows.values())):
            return None
        rows |= {row.id: row for row in listing.in_order(seen)}
        services = seen.services if known(seen.services) else services
        missing |= seen.missing
        goes_on = cinder.goes_on(cloud, seen)
        if not known(goes_on):
            missing |= {"backups"}
        if "backups" in missing or not known(goes_on) or not goes_on:
            return list(rows.values()), services, missing
        query = query.behind(listing.end_of(seen, query))


def _hosts_down(rows: list[listing.Row], services: tuple[Service, ...] | None) -> tuple[tuple[str, int], ...]:
    if services is None:
        return ()
    up = {service.host for service in services if service.up}
    hosts = collections.Counter(host for row in rows if (host := _host(row)) and host not in up)
    return tuple(sorted(hosts.items()))


def _host(row: listing.Row) -> str:
    host = row.evidence.last_host
    return host if isinstance(host, str) else ""


def _found(row: listing.Row) -> Found:
    backup, unchanged = row.backup, age(row.evidence)
    return Found(
        id=backup.id,
        name=backup.name or "",
        project_id=backup.project_id or "",
        volume_id=backup.volume_id or "",
        status=backup.status or "",
        verdict=row.verdict.kind.value,
        recommended=row.verdict.recommended.value,
        why=row.need.code.value if row.need else "",
        zone=backup.availability_zone or "",
        host=_host(row),
        seconds=int(unchanged.total_seconds()) if unchanged is not None else None,
    )
