# SPDX-License-Identifier: Apache-2.0
"""Source: whether cinder-backup ever took a backup up, and which driver wrote it (the hidden column ``service``)."""

from __future__ import annotations

from collections.abc import Iterator

from backup_reset_panel.cinder.evidence.batch import Batch
from backup_reset_panel.cinder.evidence.batch import Column
from backup_reset_panel.cinder.evidence.batch import Group
from backup_reset_panel.cinder.evidence.guesses import ALL_DRIVERS
from backup_reset_panel.cinder.evidence.guesses import COMMON_DRIVERS
from backup_reset_panel.cinder.evidence.guesses import driver_and_host
from backup_reset_panel.cinder.evidence.guesses import likely_drivers
from backup_reset_panel.cinder.interview import Answers
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.core.evidence import FOREIGN
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.sources import Source

_IS_SET = ("service~", ".")


def drivers(batch: Batch, rows: list[Backup]) -> Iterator[Asking]:
    """Whether each backup was taken up, and by which driver; FOREIGN: by none that we can name."""
    return (_drivers(group) for group in batch.only(rows).groups)


def _drivers(group: Group) -> Asking:
    column = Column(group)
    for (driver, _host), found in (yield from driver_and_host(group)).items():
        if known(found):
            column.values.update(dict.fromkeys(found, driver))
    yield from column.ask("service", [name for row in group.rows for name in likely_drivers(row.container)[:1]])
    untaken = yield from _not_taken_up(column)
    column.values.update({each: FOREIGN for each, is_proved in untaken.items() if is_proved is True})
    yield from column.ask("service", COMMON_DRIVERS)
    yield from column.ask("service", ALL_DRIVERS)
    rest: str | Unknown = FOREIGN if column.gap is None else column.gap
    named = column.values | dict.fromkeys(column.open_ids, rest)
    taken_up = {each: _taken_up(each, named, untaken) for each in group.ids}
    return {Source.DRIVER: named, Source.TAKEN_UP: taken_up}


def _taken_up(backup_id: str, named: dict[str, str | Unknown], untaken: dict[str, bool | Unknown]) -> bool | Unknown:
    is_named = known(named[backup_id]) and named[backup_id] != FOREIGN
    if backup_id in untaken and not is_named:
        is_proved = untaken[backup_id]
        return not is_proved if known(is_proved) else is_proved
    return True


def _not_taken_up(column: Column) -> Asking:
    """Which of the backups without a known driver no cinder-backup ever took up.

    :returns: id to True (proved for that row by itself: a list in which it is missing is no proof) or Unknown; those
        that were taken up are not in it
    """
    group = column.group
    if not column.open_ids:
        return {}
    is_set = group.passing(_IS_SET)
    answers = yield ask(is_set, group.control)
    found = group.found(answers[is_set], answers[group.control])
    if not known(found):
        return dict.fromkeys(column.open_ids, found)
    suspects = [Group.of_one(row) for row in group.rows if row.id in column.open_ids - found]
    questions = [question for each in suspects for question in (each.passing(_IS_SET), each.passing(), each.control)]
    if not questions:
        return {}
    answers = yield ask(*questions)
    return {next(iter(each.ids)): _is_proved(each, answers) for each in suspects}


def _is_proved(one: Group, answers: Answers) -> bool | Unknown:
    """Whether a backup's ``service`` is NULL: it is found by its id, and no longer with that filter."""
    found = one.found(answers[one.passing(_IS_SET)], answers[one.control])
    itself = answers[one.passing()]
    if not known(found):
        return found
    if isinstance(itself, Unknown):
        return itself
    if one.ids != set(itself):
        return Unknown(Gap.CONTROLS_FAILED)
    return not found
