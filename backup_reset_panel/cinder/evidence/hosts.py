# SPDX-License-Identifier: Apache-2.0
"""Sources: the cinder-backup services, and which of them was asked last about each backup.

Who is *up* is the short list that decides: a backup whose host is none of those is not at work there, whatever became
of that host. Of the others it is only asked for their names.
"""

from __future__ import annotations

from collections.abc import Iterator

from backup_reset_panel.cinder.evidence.batch import Batch
from backup_reset_panel.cinder.evidence.batch import Column
from backup_reset_panel.cinder.evidence.batch import Group
from backup_reset_panel.cinder.evidence.batch import spread
from backup_reset_panel.cinder.evidence.guesses import by_likelihood
from backup_reset_panel.cinder.evidence.guesses import driver_and_host
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.cinder.questions import Services
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.sources import Source

#: Hosts that are not up and that are asked for by name; the backups of further ones are only known not to be up.
MOST_NAMED = 24


def services(batch: Batch, rows: list[Backup]) -> Iterator[Asking]:
    """All cinder-backup services of the cloud, the same for every backup."""

    def source() -> Asking:
        answers = yield ask(Services())
        return {Source.SERVICES: spread(rows, answers[Services()])}

    yield source()


def last_hosts(batch: Batch, rows: list[Backup]) -> Iterator[Asking]:
    """The host that was asked last about each backup (the hidden column ``host``).

    None: none was. Unknown with NOT_LISTED: one that is no longer among the services. With NOT_UP: none of those that
    are up, and more others than are asked for by name.
    """
    return (_last_hosts(group) for group in batch.only(rows).groups)


def _last_hosts(group: Group) -> Asking:
    answers = yield ask(Services())
    listed = answers[Services()]
    if not known(listed):
        return {Source.LAST_HOST: spread(group.rows, listed)}
    column = Column(group)
    for pair, found in (yield from driver_and_host(group)).items():
        column.take(pair[1], found)
    up = [service.host for service in listed if service.up]
    yield from column.ask("host", up)
    unasked_up = column.gap
    others = [service.host for service in by_likelihood(listed, group.rows) if not service.up]
    yield from column.ask("host", others[:MOST_NAMED])
    rest = yield from _the_rest(column, unasked_up, is_cut=len(others) > MOST_NAMED)
    return {Source.LAST_HOST: column.values | rest}


def _the_rest(column: Column, unasked_up: Unknown | None, is_cut: bool) -> Asking:
    """What is known of backups whose host is none of those that were asked for."""
    if not column.open_ids:
        return {}
    if unasked_up is not None:
        return dict.fromkeys(column.open_ids, unasked_up)
    if is_cut or column.gap is not None:
        return dict.fromkeys(column.open_ids, Unknown(Gap.NOT_UP))
    group = column.group
    is_set, itself = group.passing(("host~", "_")), group.passing()
    controls = (itself,) if group.is_one else ()
    answers = yield ask(is_set, group.control, *controls)
    found = group.found(answers[is_set], answers[group.control])
    if not known(found):
        return dict.fromkeys(column.open_ids, Unknown(Gap.NOT_UP))
    is_told = not controls or (known(answers[itself]) and group.ids <= set(answers[itself]))
    unset = None if is_told else Unknown(Gap.CONTROLS_FAILED)
    return {each: Unknown(Gap.NOT_LISTED) if each in found else unset for each in column.open_ids}
