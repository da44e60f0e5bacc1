# SPDX-License-Identifier: Apache-2.0
"""Evidence on many backups at once, by lists: the number of calls depends on the page, not on the cloud.

A region is what one list of backups shows: a status, some filters, a place to go on from. A second list of the same
region with a filter on a hidden column more shows which of its rows pass: it is asked for as many rows, so none of
the region's can be cut off.
"""

import concurrent.futures
import dataclasses
import datetime
import time

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.client import asked
from backup_reset_panel.cinder.collect import POOL
from backup_reset_panel.cinder.collect import gap
from backup_reset_panel.cinder.probes import IMPOSSIBLE
from backup_reset_panel.cinder.reads import to_backup
from backup_reset_panel.cinder.reads import to_service
from backup_reset_panel.cinder.reads import to_volume
from backup_reset_panel.cinder.sources import drivers_by_container
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.outcome import FaultKind

#: For all lists of a survey together.
BUDGET_SECONDS = 4
#: Hosts whose backups are told apart; a cloud with more gets "not known" for the rest.
MOST_HOSTS = 8
#: Rows that are asked about one by one, whether they were never taken up.
MOST_SINGLE_ROWS = 20
#: The longest list that Cinder gives (``osapi_max_limit``).
LONGEST_LIST = 1000
OLDEST_FIRST = "updated_at:asc"


@dataclasses.dataclass(frozen=True)
class Region:
    """One list of backups of all projects, the longest unchanged first.

    :param status: the status of all of them
    :param filters: (name, value) pairs that Cinder filters by
    :param marker: id of the backup after which it begins, None: at the start
    :param limit: how many rows at most
    """

    status: str
    filters: tuple[tuple[str, str], ...] = ()
    marker: str | None = None
    limit: int = 100

    def options(self, **more):
        """Search options for python-cinderclient, with some more filters."""
        return {"all_tenants": 1, "sort": OLDEST_FIRST, "status": self.status, **dict(self.filters), **more}


@dataclasses.dataclass(frozen=True)
class Seen:
    """What a survey saw.

    :param backups: Region to tuple of Backup, or Unknown where the list could not be read
    :param evidence: backup id to Evidence
    :param services: tuple of Service, or Unknown
    :param counts: status to the number of backups in it, or Unknown
    :param missing: names of the sources that failed
    """

    backups: dict
    evidence: dict
    services: object
    counts: dict
    missing: tuple[str, ...]


class _Lists:
    """Lists asked for side by side under one budget; each may fail by itself, but a refused token ends them all."""

    def __init__(self, cloud, clock):
        self.cloud = cloud
        self.clock = clock
        self.end = clock() + BUDGET_SECONDS
        self.refused = None

    def ask(self, questions):
        """Ask (key, function, arguments) questions; returns key to answer, Unknown where there was none."""
        asking = {POOL.submit(self._one, call, kwargs): key for key, call, kwargs in questions}
        concurrent.futures.wait(asking, timeout=max(0, self.end - self.clock()))
        answers = {}
        for future, key in asking.items():
            answers[key] = future.result() if future.done() else Unknown(Gap.TIMED_OUT)
            future.cancel()
        if self.refused:
            raise CinderFault(self.refused)
        return answers

    def _one(self, call, kwargs):
        if self.clock() > self.end:
            return Unknown(Gap.TIMED_OUT)
        try:
            return asked(call, **kwargs)
        except CinderFault as exc:
            if exc.fault.kind is FaultKind.TOKEN_REFUSED:
                self.refused = exc.fault
            if exc.fault.kind is FaultKind.NO_SUCH_BACKUP:
                return Unknown(Gap.FAILED, "marker")
            return gap(exc.fault)


def survey(cloud, regions, counted=(), clock=time.monotonic):
    """Read the backups of some regions, and what lists can tell about them.

    :param cloud: Cloud
    :param regions: Regions, at most one a status
    :param counted: statuses whose backups are counted in the whole cloud
    :returns: Seen
    :raises CinderFault: TOKEN_REFUSED
    """
    lists = _Lists(cloud, clock)
    first = lists.ask(_first_questions(cloud.reads, regions, counted))
    backups = {region: _records(first["region", region], to_backup) for region in regions}
    services = _records(first["services",], to_service)
    second = lists.ask(_second_questions(cloud.reads, backups, services))
    volumes = {key: _records(first[key], to_volume) for key in first if key[0] == "volumes"}
    facts = _Facts(services, volumes, second, _trusted(first["control",]))
    facts.prove_nulls(lists.ask(_null_questions(cloud.reads, backups, facts)))
    evidence = {
        backup.id: facts.evidence(region, backup)
        for region, found in backups.items()
        if known(found)
        for backup in found
    }
    counts = {key[1]: _count(answer) for key, answer in first.items() if key[0] == "count"}
    missing = {_name(key) for key, answer in {**first, **second}.items() if not known(answer)}
    return Seen(backups, evidence, services, counts, tuple(sorted(missing)))


def _name(key):
    """What a question is called where it is told that it got no answer."""
    if isinstance(key[0], Region):
        return "details"
    return "backups" if key[0] in ("region", "count", "control") else key[0]


def _first_questions(reads, regions, counted):
    def backups(**options):
        return {"search_opts": {"all_tenants": 1, **options}}

    yield ("services",), reads.services.list, {"binary": "cinder-backup"}
    for status in ("backing-up", "restoring-backup"):
        yield ("volumes", status), reads.volumes.list, {**backups(status=status), "limit": LONGEST_LIST}
    yield ("control",), reads.backups.list, {**backups(service=IMPOSSIBLE), "detailed": False, "limit": 1}
    for region in regions:
        options = {"search_opts": region.options(), "marker": region.marker, "limit": region.limit}
        yield ("region", region), reads.backups.list, options
    for status in counted:
        yield (
            ("count", status),
            reads.backups.list,
            {**backups(status=status, with_count="true"), "detailed": False, "limit": 1},
        )


def _second_questions(reads, backups, services):
    hosts = [service.host for service in services][:MOST_HOSTS] if known(services) else []
    for region, found in backups.items():
        if not known(found) or not found:
            continue
        drivers = {driver for backup in found for driver in drivers_by_container(backup.container)[0]}
        asked_for = [("service~", ".")] + [("service", driver) for driver in sorted(drivers)]
        asked_for += [("host", host) for host in hosts]
        if region.status == "creating":
            asked_for += [("temp_volume_id~", "-"), ("temp_snapshot_id~", "-")]
        for column, value in asked_for:
            options = {"search_opts": region.options(**{column: value}), "marker": region.marker, "limit": region.limit}
            yield (region, column, value), reads.backups.list, {**options, "detailed": False}


def _null_questions(reads, backups, facts):
    """One question for each row that was in no list of those with a service: absence from a list is no proof."""
    suspects = [
        backup
        for region, found in backups.items()
        if known(found)
        for backup in found
        if says(facts.passes(region, backup, "service~", "."), False)
    ]
    for backup in suspects[:MOST_SINGLE_ROWS]:
        options = {"all_tenants": 1, "id": backup.id, "service~": "."}
        yield backup.id, reads.backups.list, {"search_opts": options, "detailed": False}


def _records(answer, convert):
    return tuple(convert(raw) for raw in answer) if known(answer) else answer


def _trusted(control):
    """Whether this cloud's filters on hidden columns work for this user: an impossible value gives no row."""
    return known(control) and len(control) == 0


def _count(answer):
    """The number of ``with_count``; a cloud that does not count (before 3.45) leaves it unknown."""
    if known(answer) and isinstance(answer, tuple):
        return answer[1]
    return answer if not known(answer) else Unknown(Gap.NOT_OFFERED)


class _Facts:
    """What the lists say about single backups."""

    def __init__(self, services, volumes, hidden, trusted):
        self.read_at = datetime.datetime.now(datetime.timezone.utc)
        self.services = services
        self.volumes = {volume.id: volume for found in volumes.values() if known(found) for volume in found}
        self.nulls = {}
        self.hidden = {
            key: {raw.id for raw in answer} if known(answer) and trusted else None for key, answer in hidden.items()
        }

    def evidence(self, region, backup):
        """The Evidence on one backup of a region; what lists cannot tell (chains, messages) stays unknown."""
        driver = self._which(region, backup, "service")
        volume = self.volumes.get(backup.volume_id)
        return Evidence(
            backup=backup,
            read_at=self.read_at,
            taken_up=True if known(driver) else self._taken_up(region, backup),
            driver=driver,
            last_host=self._which(region, backup, "host"),
            volume=volume if volume else Unknown(Gap.NOT_ASKED),
            services=self.services,
            temp_volume=self.passes(region, backup, "temp_volume_id~", "-"),
            temp_snapshot=self.passes(region, backup, "temp_snapshot_id~", "-"),
        )

    def prove_nulls(self, answers):
        """Take up the answers to ``_null_questions``."""
        self.nulls = {backup_id: len(answer) == 1 if known(answer) else answer for backup_id, answer in answers.items()}

    def _taken_up(self, region, backup):
        listed = self.passes(region, backup, "service~", ".")
        return self.nulls.get(backup.id, Unknown(Gap.NOT_ASKED)) if says(listed, False) else listed

    def passes(self, region, backup, column, value):
        """Whether the backup was in the region's list with that filter, Unknown if there was none."""
        ids = self.hidden.get((region, column, value))
        return Unknown(Gap.FAILED) if ids is None else backup.id in ids

    def _which(self, region, backup, column):
        """The value for which the backup was in the region's list."""
        for (where, name, value), ids in self.hidden.items():
            if where == region and name == column and ids and backup.id in ids:
                return value
        return Unknown(Gap.NOT_ASKED)
