# SPDX-License-Identifier: Apache-2.0
"""Lists of backups of the whole cloud: the number of questions depends on the page, not on the cloud."""

from __future__ import annotations

import dataclasses
from typing import Any

from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.evidence.batch import Batch
from backup_reset_panel.cinder.evidence.batch import Group
from backup_reset_panel.cinder.evidence.collect import collect
from backup_reset_panel.cinder.filters import in_statuses
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import Interview
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.cinder.questions import OLDEST_FIRST
from backup_reset_panel.cinder.questions import Counted
from backup_reset_panel.cinder.questions import Filters
from backup_reset_panel.cinder.questions import Listed
from backup_reset_panel.cinder.questions import Services
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Service
from backup_reset_panel.core.sources import Purpose


@dataclasses.dataclass(frozen=True)
class BackupList:
    """One list of backups of all projects, the longest unchanged first.

    :param statuses: the statuses of all of them, see ``in_statuses``; none: any status
    :param filters: (name, value) pairs that Cinder filters by
    :param marker: id of the backup after which it begins, None: at the start
    :param limit: how many rows at most
    """

    statuses: tuple[str, ...]
    filters: Filters = ()
    marker: str | None = None
    limit: int = 50

    @property
    def name(self) -> str:
        """What it is called in the page's place in the list."""
        return "+".join(self.statuses) or "any"

    @property
    def _all_filters(self) -> Filters:
        return (*in_statuses(self.statuses).items(), *self.filters)

    @property
    def question(self) -> Listed:
        """What Cinder is asked for its rows."""
        return Listed("backups", self._all_filters, True, OLDEST_FIRST, self.limit, self.marker)

    def group(self, rows: tuple[Backup, ...]) -> Group:
        """Its rows, to be asked about together."""
        return Group(rows, self._all_filters, self.limit, self.marker)


@dataclasses.dataclass(frozen=True)
class Survey:
    """What some lists show.

    :param rows: of each list, Unknown where it could not be read (NONE_SUCH: its marker is gone)
    :param evidence: id of each backup to its Evidence
    :param services: all cinder-backup services, or Unknown
    :param counts: statuses to the number of backups in them, or Unknown
    """

    rows: dict[BackupList, Any]
    evidence: dict[str, Evidence]
    services: tuple[Service, ...] | Unknown
    counts: dict[tuple[str, ...], int | Unknown]

    @property
    def batch(self) -> Batch:
        """All their backups."""
        return Batch.of([each.group(rows) for each, rows in self.rows.items() if known(rows)])

    @property
    def missing(self) -> frozenset[str]:
        """Names of what could not be read: "backups", "services", or a source of evidence."""
        lost = {"backups"} if not all(map(known, (*self.rows.values(), *self.counts.values()))) else set()
        lost |= {"services"} if not known(self.services) else set()
        return frozenset(lost | {source.value for each in self.evidence.values() for source, _gap in each.missing})


def survey(
    interview: Interview, lists: tuple[BackupList, ...], purpose: Purpose, counted: tuple[tuple[str, ...], ...] = ()
) -> Survey:
    """Read some lists, and what can be told of their backups.

    :param counted: tuples of statuses, see ``in_statuses``, whose backups are counted in the whole cloud
    :raises CinderFault: TOKEN_REFUSED
    """
    counts = {group: Counted(tuple(in_statuses(group).items())) for group in counted}
    interview.begin([Services(), *(each.question for each in lists), *counts.values()])
    answers = interview.run([_all(tuple(each.question for each in lists))])[0]
    rows = {each: answers[each.question] for each in lists}
    groups = [each.group(found) for each, found in rows.items() if known(found)]
    evidence = collect(interview, Batch.of(groups), purpose)
    rest = interview.run([_all((Services(), *counts.values()))])[0]
    return Survey(rows, evidence, rest[Services()], {group: _number(rest[each]) for group, each in counts.items()})


def goes_on(cloud: Cloud, seen: Survey) -> bool | Unknown:
    """Whether one of the lists of a survey goes on behind its end: one that is shorter than it may be can.

    :returns: also True where the end itself is gone, which whoever goes on will see
    :raises CinderFault: TOKEN_REFUSED
    """
    further = tuple(each.question.behind(rows) for each, rows in seen.rows.items() if known(rows) and rows)
    answers = Interview(cloud).run([_all(further)])[0] if further else {}
    lost = [answer for answer in answers.values() if isinstance(answer, Unknown) and answer.why is not Gap.NONE_SUCH]
    return lost[0] if lost else any(answer != () for answer in answers.values())


def _all(questions: tuple[Any, ...]) -> Asking:
    answers = yield ask(*questions)
    return answers


def _number(answer: Any) -> int | Unknown:
    return Unknown(Gap.NOT_OFFERED) if answer is None else answer
