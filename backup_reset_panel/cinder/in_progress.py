# SPDX-License-Identifier: Apache-2.0
"""All backups in progress, by the host that was asked last about each: what the Hosts page reads.

What it costs does not grow with the cloud: three lists of services and backups, up to MOST_HOSTS questions for hosts
(none any more once each backup has its host; the likeliest are asked first), up to MOST_GUESSED for hosts that are no
service, up to MOST_TARGETS for volumes that are restored into, and some thirty for the drivers of complete ones. Where
one host died that is about twenty in all, with 300 hosts as with three.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterable
from typing import Any

from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.evidence.batch import Batch
from backup_reset_panel.cinder.evidence.batch import Column
from backup_reset_panel.cinder.evidence.batch import Group
from backup_reset_panel.cinder.evidence.drivers import drivers
from backup_reset_panel.cinder.evidence.guesses import by_likelihood
from backup_reset_panel.cinder.evidence.targets import targets
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import Interview
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.cinder.lists import BackupList
from backup_reset_panel.cinder.questions import OLDEST_FIRST
from backup_reset_panel.cinder.questions import Listed
from backup_reset_panel.cinder.questions import Services
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import NOT_ASKED
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import counted
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.records import Service
from backup_reset_panel.core.sources import Source

#: So many backups in progress are looked at, the longest unchanged first.
MOST_BACKUPS = 1000
#: Hosts are asked for in parts, until each backup has its host.
PARTS = (8, 24, 96, 256)
MOST_HOSTS = sum(PARTS)
#: So many names are tried for a host that is none of the services.
MOST_GUESSED = 40
#: So many volumes that may be restored into are asked about, the likeliest first.
MOST_TARGETS = 40
_ALL = Services(None)
#: Where such volumes are, or were, cinder-backup may have run as well.
_HELD = (statuses.BACKING_UP, statuses.RESTORING_BACKUP)


@dataclasses.dataclass(frozen=True)
class Whose:
    """What is in progress, and where.

    :param services: all cinder-backup services, or Unknown
    :param evidence: on each backup in progress, or Unknown; ``last_host`` is a name, None (none was asked yet), or
        Unknown with NOT_LISTED (none of the services, and its name could not be found out), or with another reason
    :param is_cut: whether there may be more in progress than was looked at
    :param asked: the hosts of which it is known what they have, if nothing is cut
    """

    services: tuple[Service, ...] | Unknown
    evidence: tuple[Evidence, ...] | Unknown
    is_cut: bool = False
    asked: frozenset[str] = frozenset()


def whose(cloud: Cloud, typed: str = "") -> Whose:
    """Read it.

    :param typed: a name that may be that of a host
    :raises CinderFault: TOKEN_REFUSED
    """
    found: Whose = Interview(cloud).run([_whose(typed)])[0]
    return found


def _whose(typed: str) -> Asking:
    wanted = BackupList((*statuses.IN_FLIGHT, statuses.ERROR_DELETING), limit=MOST_BACKUPS)
    answers = yield ask(Services(), wanted.question)
    services, listed = answers[Services()], answers[wanted.question]
    if not known(listed):
        return Whose(services, listed)
    rows = tuple(row for row in listed if row.status in statuses.IN_FLIGHT)
    if not rows:
        return Whose(services, (), is_cut=False, asked=_names(services))
    # A list can end before its limit: at what Cinder lets one be (osapi_max_limit).
    further = wanted.question.behind(listed)
    answers = yield ask(further)
    group = wanted.group(rows)
    hosts, asked = yield from _hosts(group, services, typed)
    written = yield from _drivers(group)
    into = yield from _targets(group)
    now = datetime.datetime.now(datetime.timezone.utc)
    evidence = tuple(
        Evidence(
            row,
            now,
            services=services,
            last_host=hosts[row.id],
            taken_up=row.id in written or NOT_ASKED,
            driver=written.get(row.id, NOT_ASKED),
            restore_target=into.get(row.id, NOT_ASKED),
        )
        for row in rows
    )
    return Whose(services, evidence, answers[further] != (), asked)


def _names(services: tuple[Service, ...] | Unknown) -> frozenset[str]:
    return frozenset(service.host for service in services) if known(services) else frozenset()


def _hosts(group: Group, services: tuple[Service, ...] | Unknown, typed: str) -> Asking:
    """The host of each backup, and the hosts of which all is known that they have."""
    column = Column(group)
    wanted = [service.host for service in by_likelihood(services, group.rows)] if known(services) else []
    for end in (sum(PARTS[: number + 1]) for number in range(len(PARTS))):
        yield from column.ask("host", wanted[:end])
    if not column.open_ids:
        return column.values, _names(services)
    unset = yield from _without_host(column)
    yield from _by_guess(column, unset, wanted, typed)
    asked = column.asked if column.gap is None else set()
    lost = _lost(services, column, is_cut=len(wanted) > MOST_HOSTS)
    rest = {each: None if each in unset else lost for each in column.open_ids}
    return column.values | rest, frozenset(asked)


def _lost(services: tuple[Service, ...] | Unknown, column: Column, is_cut: bool) -> Unknown:
    """Why the host of a backup is not known that has one."""
    if not known(services):
        return services
    return column.gap if column.gap is not None else Unknown(Gap.NOT_UP if is_cut else Gap.NOT_LISTED)


def _without_host(column: Column) -> Asking:
    """The ids of those still open for which no host was asked yet (``host`` is NULL)."""
    group = column.group
    is_set = group.passing(("host~", "_"))
    answers = yield ask(is_set, group.control)
    found = group.found(answers[is_set], answers[group.control])
    return column.open_ids - found if known(found) else frozenset()


def _by_guess(column: Column, unset: frozenset[str], hosts: list[str], typed: str) -> Asking:
    """Try names for a host that is none of the services: Cinder tells none, and says of each whether it is the one."""
    if not column.open_ids - unset:
        return
    held = [Listed("volumes", (("status", each),), True, OLDEST_FIRST, MOST_GUESSED) for each in _HELD]
    answers = yield ask(_ALL, *held)
    others = answers[_ALL] if known(answers[_ALL]) else ()
    volumes = [volume.host for each in held if known(answers[each]) for volume in answers[each]]
    names = [typed, *(service.host.partition("@")[0] for service in others), *volumes, *gaps(hosts)]
    tried = [name for name in dict.fromkeys(names) if name and name not in column.asked]
    yield from column.ask("host", tried[:MOST_GUESSED])


def gaps(hosts: Iterable[str]) -> list[str]:
    """Names that are missing in a row of numbered ones: of node-1, node-2 and node-4, node-3 and node-5."""
    rows: dict[tuple[str, str], list[str]] = {}
    for host in hosts:
        if match := re.fullmatch(r"(.*?)(\d{1,9})(\D*)", host):
            before, number, behind = match.groups()
            rows.setdefault((before, behind), []).append(number)
    found = []
    for (before, behind), numbers in rows.items():
        width = max((len(number) for number in numbers if number.startswith("0")), default=0)
        taken = {int(number) for number in numbers}
        span = range(max(0, min(taken) - 1), min(max(taken) + 2, min(taken) + 1000))
        found += [f"{before}{number:0{width}d}{behind}" for number in span if number not in taken]
    return found


def _drivers(group: Group) -> Asking:
    """The drivers of those that may be complete: id to driver, or Unknown."""
    rows = [row for row in group.rows if row.status == statuses.CREATING and counted(row)]
    written: dict[str, Any] = {}
    for source in drivers(Batch((group,)), rows) if rows else ():
        found = yield from source
        written |= {row.id: found[Source.DRIVER][row.id] for row in rows}
    return written


def _targets(group: Group) -> Asking:
    """The volumes that are restored into, by the id of their backup; those that are not known are not volumes."""
    restored = [row for row in group.rows if row.status == statuses.RESTORING]
    if not restored:
        return {}
    return (yield from targets(Batch((group,)).only(restored), MOST_TARGETS))
