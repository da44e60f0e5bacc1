# SPDX-License-Identifier: Apache-2.0
"""Collecting evidence: the one way in which dialog, page, plan and run learn about backups."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Any

from backup_reset_panel.cinder.evidence.batch import Batch
from backup_reset_panel.cinder.evidence.batch import Group
from backup_reset_panel.cinder.evidence.chains import ancestors
from backup_reset_panel.cinder.evidence.chains import children
from backup_reset_panel.cinder.evidence.drivers import drivers
from backup_reset_panel.cinder.evidence.further import messages
from backup_reset_panel.cinder.evidence.further import temporary
from backup_reset_panel.cinder.evidence.holders import other_holders
from backup_reset_panel.cinder.evidence.hosts import last_hosts
from backup_reset_panel.cinder.evidence.hosts import services
from backup_reset_panel.cinder.evidence.targets import restore_targets
from backup_reset_panel.cinder.evidence.volumes import previous_statuses
from backup_reset_panel.cinder.evidence.volumes import snapshots
from backup_reset_panel.cinder.evidence.volumes import volumes
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import Interview
from backup_reset_panel.cinder.questions import Question
from backup_reset_panel.cinder.questions import Services
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.sources import Purpose
from backup_reset_panel.core.sources import Source
from backup_reset_panel.core.sources import wanted

Rows = list[Backup]

#: Which function answers which sources. To add one, write the function and put it here: nothing else changes.
#: Each is given all backups, whose shared questions are asked once for all, and those that need it.
SOURCES: tuple[tuple[Callable[[Batch, Rows], Iterator[Asking]], frozenset[Source]], ...] = (
    (services, frozenset({Source.SERVICES})),
    (drivers, frozenset({Source.TAKEN_UP, Source.DRIVER})),
    (last_hosts, frozenset({Source.LAST_HOST})),
    (volumes, frozenset({Source.VOLUME})),
    (previous_statuses, frozenset({Source.PREVIOUS_STATUS})),
    (other_holders, frozenset({Source.OTHER_HOLDERS})),
    (restore_targets, frozenset({Source.RESTORE_TARGET, Source.WAS_RESTORED})),
    (ancestors, frozenset({Source.ANCESTORS})),
    (snapshots, frozenset({Source.SNAPSHOT})),
    (messages, frozenset({Source.MESSAGES})),
    (children, frozenset({Source.CHILDREN})),
    (temporary, frozenset({Source.TEMP_VOLUME, Source.TEMP_SNAPSHOT})),
)


def first_questions(backup_id: str) -> tuple[Question, ...]:
    """What can be asked about a backup before it is read."""
    return Services(), Group.of_one(Backup(backup_id)).control


def collect(interview: Interview, batch: Batch, purpose: Purpose) -> dict[str, Evidence]:
    """Ask what is needed to decide on some backups.

    :param interview: Interview; what it has begun to ask already is not asked again
    :param batch: the backups as just read
    :param purpose: what the evidence is for
    :returns: id of each backup to its Evidence
    :raises CinderFault: TOKEN_REFUSED
    """
    needed = {row.id: frozenset(wanted(row, purpose)) for row in batch.rows}
    sources = list(_sources(batch, needed))
    answers: dict[str, dict[Source, Any]] = {row.id: {} for row in batch.rows}
    for found in interview.run(sources):
        for source, by_id in found.items():
            for backup_id, answer in by_id.items():
                if source in needed.get(backup_id, ()):
                    answers[backup_id][source] = answer
    now = datetime.datetime.now(datetime.timezone.utc)
    return {
        row.id: Evidence(backup=row, read_at=now, **{each.value: answer for each, answer in answers[row.id].items()})
        for row in batch.rows
    }


def _sources(batch: Batch, needed: dict[str, frozenset[Source]]) -> Iterable[Asking]:
    """Every source that one of the backups needs, for those that need it."""
    for function, given in SOURCES:
        rows = [row for row in batch.rows if needed[row.id] & given]
        if rows:
            yield from function(batch, rows)
