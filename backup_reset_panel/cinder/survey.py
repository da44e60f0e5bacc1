# SPDX-License-Identifier: Apache-2.0
"""Evidence on many backups at once, by lists: the number of calls depends on the page, not on the cloud.

A region is what one list of backups shows: a status, some filters, a place to go on from. A second list of the same
region with a filter on a hidden column more shows which of its rows pass: it is asked for as many rows, so none of
the region's can be cut off.
"""

import dataclasses
import datetime
import json
import time

from backup_reset_panel.cinder.filters import in_statuses
from backup_reset_panel.cinder.probes import IMPOSSIBLE
from backup_reset_panel.cinder.reads import to_backup
from backup_reset_panel.cinder.reads import to_service
from backup_reset_panel.cinder.reads import to_volume
from backup_reset_panel.cinder.regions import Lists
from backup_reset_panel.cinder.regions import Region
from backup_reset_panel.cinder.takers import drivers_by_container
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.evidence import says

#: For all lists of a survey together.
BUDGET_SECONDS = 4
#: Hosts whose backups are told apart; a cloud with more gets "not known" for the rest.
MOST_HOSTS = 8
#: Rows that are asked about one by one, whether they were never taken up.
MOST_SINGLE_ROWS = 20
#: Volumes that one list is asked for: an address of 4,094 bytes is what a default gunicorn takes.
VOLUMES_AT_ONCE = 75
#: Whether any cinder-backup took a backup up.
_TAKEN_UP = (("service~", "."),)
_CONTROL = ("control",)
_LEFT_OVER = ((("temp_volume_id~", "-"),), (("temp_snapshot_id~", "-"),))


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


def survey(cloud, regions, counted=(), for_plan=False, clock=time.monotonic):
    """Read the backups of some regions, and what lists can tell about them.

    :param cloud: Cloud
    :param regions: Regions, at most one a status
    :param counted: tuples of statuses, see ``in_statuses``, whose backups are counted in the whole cloud
    :param for_plan: whether plans are to be made of it: then also what is left over of each
    :returns: Seen
    :raises CinderFault: TOKEN_REFUSED
    """
    lists = Lists(cloud, clock, BUDGET_SECONDS)
    first = lists.ask(_first_questions(cloud.reads, regions, counted))
    backups = {region: _records(first["region", region], to_backup) for region in regions}
    services = _records(first["services",], to_service)
    hidden = _hidden_questions(cloud.reads, backups, _likely_columns(services, for_plan))
    volumes = _volume_questions(cloud.reads, backups)
    facts = _Facts(services)
    facts.take(lists.ask([*_control_question(cloud.reads, backups), *volumes, *hidden]))
    facts.take(lists.ask(_hidden_questions(cloud.reads, backups, facts.further_columns)))
    facts.prove_nulls(lists.ask(_null_questions(cloud.reads, backups, facts)))
    evidence = {
        backup.id: facts.evidence(region, backup)
        for region, found in backups.items()
        if known(found)
        for backup in found
    }
    counts = {key[1]: _count(answer) for key, answer in first.items() if key[0] == "count"}
    missing = {_name(key) for key, answer in {**first, **facts.answers}.items() if not known(answer)}
    return Seen(backups, evidence, services, counts, tuple(sorted(missing)))


def _name(key):
    """What a question is called where it is told that it got no answer."""
    if isinstance(key[0], Region):
        return "details"
    return "backups" if key[0] in ("region", "count", "control") else key[0]


def _first_questions(reads, regions, counted):
    yield ("services",), reads.services.list, {"binary": "cinder-backup"}
    for region in regions:
        options = {"search_opts": region.options(), "marker": region.marker, "limit": region.limit}
        yield ("region", region), reads.backups.list, options
    for group in counted:
        options = {"all_tenants": 1, **in_statuses(group), "with_count": "true"}
        yield ("count", group), reads.backups.list, {"search_opts": options, "detailed": False, "limit": 1}


def _volume_questions(reads, backups):
    """The questions for the source volumes, many at once.

    A filter's value that reads as a list is one of SQL's IN (29.0.0 ``volume/api.py`` ``check_volume_filters``,
    ``db/api.py`` ``_process_volume_filters``): so the cost depends on the rows of the page, not on how many volumes of
    the cloud are held.
    """
    wanted = {backup.volume_id for found in backups.values() if known(found) for backup in found}
    ids = sorted(wanted - {None, "", statuses.NO_VOLUME})
    for start in range(0, len(ids), VOLUMES_AT_ONCE):
        some = ids[start : start + VOLUMES_AT_ONCE]
        options = {"all_tenants": 1, "id": json.dumps(some, separators=(",", ":"))}
        yield ("volumes", start), reads.volumes.list, {"search_opts": options, "limit": len(some)}


def _control_question(reads, backups):
    """Whether this cloud's filters on hidden columns work for this user: an impossible value gives no row.

    Asked about one row, which Cinder finds by its key: one of all rows would be another pass through them.
    """
    anyone = next((backup for found in backups.values() if known(found) for backup in found), None)
    if anyone:
        options = {"all_tenants": 1, "id": anyone.id, "service": IMPOSSIBLE}
        yield _CONTROL, reads.backups.list, {"search_opts": options, "detailed": False}


def _hidden_questions(reads, backups, columns):
    """The questions about hidden columns that a function of region and backups finds worth asking."""
    for region, found in backups.items():
        for pairs in columns(region, found) if known(found) and found else ():
            options = {"search_opts": region.options(**dict(pairs)), "marker": region.marker, "limit": region.limit}
            yield (region, pairs), reads.backups.list, {**options, "detailed": False}


def _likely_columns(services, for_plan):
    """What tells most with few lists: the hosts, and the driver that each container speaks for; both together where all
    speak for the same. After an outage what is stuck was with a host that is down: those come first.
    """
    hosts = _host_columns([service for service in services if not service.up]) if known(services) else []
    hosts = hosts or _host_columns(services)

    def columns(region, backups):
        likely = [drivers_by_container(backup.container)[0] for backup in backups]
        drivers = [("service", driver) for driver in sorted({found[0] for found in likely if found})]
        left_over = _LEFT_OVER if for_plan and statuses.CREATING in region.statuses else ()
        if all(likely) and len(drivers) == 1 and hosts:
            return [*(tuple(drivers) + host for host in hosts), *left_over]
        taken_up = [] if all(likely) else [_TAKEN_UP]
        return [*((driver,) for driver in drivers), *taken_up, *hosts, *left_over]

    return columns


def _host_columns(services):
    return [(("host", service.host),) for service in services][:MOST_HOSTS] if known(services) else []


def _null_questions(reads, backups, facts):
    """One question for each row that was in no list of those with a service: absence from a list is no proof."""
    suspects = [
        backup
        for region, found in backups.items()
        if known(found)
        for backup in found
        if says(facts.passes(region, backup, _TAKEN_UP), False)
    ]
    for backup in suspects[:MOST_SINGLE_ROWS]:
        options = {"all_tenants": 1, "id": backup.id, "service~": "."}
        yield backup.id, reads.backups.list, {"search_opts": options, "detailed": False}


def _records(answer, convert):
    return tuple(convert(raw) for raw in answer) if known(answer) else answer


def _count(answer):
    """The number of ``with_count``; a cloud that does not count (before 3.45) leaves it unknown."""
    if known(answer) and isinstance(answer, tuple):
        return answer[1]
    return answer if not known(answer) else Unknown(Gap.NOT_OFFERED)


class _Facts:
    """What the lists say about single backups."""

    def __init__(self, services):
        self.read_at = datetime.datetime.now(datetime.timezone.utc)
        self.services = services
        self.volumes = {}
        self.is_trusted = False
        self.nulls = {}
        self.answers = {}
        self.hidden = {}

    def take(self, answers):
        """Take up the answers to ``_hidden_questions`` and ``_volume_questions``, and to ``_control_question`` where it
        was among them.
        """
        self.answers.update(answers)
        if _CONTROL in answers:
            self.is_trusted = known(answers[_CONTROL]) and len(answers[_CONTROL]) == 0
        for key, answer in answers.items():
            if key[0] == "volumes":
                self.volumes.update({raw.id: to_volume(raw) for raw in answer} if known(answer) else {})
            elif key != _CONTROL:
                self.hidden[key] = {raw.id for raw in answer} if known(answer) and self.is_trusted else None

    def further_columns(self, region, backups):
        """What to ask next: the hosts and the other drivers that fit those rows for which no driver is known, and
        whether there is one.
        """
        unexplained = [backup for backup in backups if not known(self._which(region, backup, "service"))]
        if not unexplained:
            return []
        drivers = {driver for backup in unexplained for driver in drivers_by_container(backup.container)[0]}
        wanted = {_TAKEN_UP, *((("service", driver),) for driver in drivers), *_host_columns(self.services)}
        return sorted(pairs for pairs in wanted if (region, pairs) not in self.hidden)

    def evidence(self, region, backup):
        """The Evidence on one backup of a region; what lists cannot tell (chains, messages) stays unknown."""
        driver = self._which(region, backup, "service")
        return Evidence(
            backup=backup,
            read_at=self.read_at,
            taken_up=True if known(driver) else self._taken_up(region, backup),
            driver=driver,
            last_host=self._which(region, backup, "host"),
            volume=self.volumes.get(backup.volume_id, Unknown(Gap.FAILED)),
            services=self.services,
            temp_volume=self.passes(region, backup, _LEFT_OVER[0]),
            temp_snapshot=self.passes(region, backup, _LEFT_OVER[1]),
        )

    def prove_nulls(self, answers):
        """Take up the answers to ``_null_questions``."""
        self.nulls = {backup_id: len(answer) == 1 if known(answer) else answer for backup_id, answer in answers.items()}

    def _taken_up(self, region, backup):
        listed = self.passes(region, backup, _TAKEN_UP)
        return self.nulls.get(backup.id, Unknown(Gap.NOT_ASKED)) if says(listed, False) else listed

    def passes(self, region, backup, pairs):
        """Whether the backup was in the region's list with those filters, Unknown if there was none."""
        ids = self.hidden.get((region, pairs))
        return Unknown(Gap.FAILED) if ids is None else backup.id in ids

    def _which(self, region, backup, column):
        """The value for which the backup was in the region's list."""
        for (where, pairs), ids in self.hidden.items():
            if where == region and ids and backup.id in ids and column in dict(pairs):
                return dict(pairs)[column]
        return Unknown(Gap.NOT_ASKED)
