# SPDX-License-Identifier: Apache-2.0
"""Backups that are asked about together: one for a dialog, hundreds for a page or a bulk run, by the same questions.

For administrators every column of ``backups`` is a filter (29.0.0 ``api/common.py`` ``reject_invalid_filters``, since
26.3.0 at least), ``~`` behind a name meaning LIKE. Nobody promised that, so no answer is believed without its control:
for a match, an impossible value must give no row (whoever Cinder does not call an administrator may have such filters
dropped, and would see every row); for none, the same question without the filter must give the row.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable
from typing import Any

from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.cinder.questions import OLDEST_FIRST
from backup_reset_panel.cinder.questions import Filters
from backup_reset_panel.cinder.questions import Listed
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.records import Backup

IMPOSSIBLE = "backup-reset-panel-no-such-value"


@dataclasses.dataclass(frozen=True)
class Group:
    """Backups that one list shows; with a filter more, that list shows which of them pass.

    That list is in the same order and as long, and no row moves towards its end while it waits: so what it does not
    show does not pass.

    :param rows: the backups
    :param filters: those of the list
    :param limit: its length at most, None for that of one row by its id
    :param marker: id of the row behind which it begins
    """

    rows: tuple[Backup, ...]
    filters: Filters
    limit: int | None = None
    marker: str | None = None

    @classmethod
    def of_one(cls, backup: Backup) -> Group:
        """One backup, asked about by its id."""
        return cls((backup,), (("id", backup.id),))

    @property
    def is_one(self) -> bool:
        """Whether it is one backup, asked about by its id."""
        return self.limit is None

    @functools.cached_property
    def ids(self) -> frozenset[str]:
        """The ids of its backups."""
        return frozenset(row.id for row in self.rows)

    def passing(self, *more: tuple[str, str]) -> Listed:
        """Which of its backups have these values."""
        sort = "" if self.is_one else OLDEST_FIRST
        return Listed("backups", (*self.filters, *more), sort=sort, limit=self.limit, marker=self.marker)

    def only(self, ids: set[str]) -> Group:
        """Some of its backups."""
        return dataclasses.replace(self, rows=tuple(row for row in self.rows if row.id in ids))

    @property
    def control(self) -> Listed:
        """Which of them have an impossible value in a hidden column."""
        return self.passing(("service", IMPOSSIBLE))

    def found(self, answer: Any, control: Any) -> frozenset[str] | Unknown:
        """The ids that an answer names, if its control lets that be believed.

        :param answer: that to ``passing``
        :param control: that to ``control``
        """
        for each in (answer, control):
            if isinstance(each, Unknown):
                return each
        if control or (self.is_one and set(answer) - self.ids):
            return Unknown(Gap.CONTROLS_FAILED)
        return self.ids.intersection(answer)


@dataclasses.dataclass(frozen=True)
class Batch:
    """All backups of one collection.

    :param groups: Groups; no backup is in two of them
    """

    groups: tuple[Group, ...]

    @classmethod
    def of(cls, listed: Iterable[Group], single: Iterable[Backup] = ()) -> Batch:
        """Groups that have rows, and single ones."""
        return cls((*(group for group in listed if group.rows), *map(Group.of_one, single)))

    @functools.cached_property
    def rows(self) -> tuple[Backup, ...]:
        """All backups."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def is_one(self) -> bool:
        """Whether it is one backup, asked about by its id."""
        return len(self.groups) == 1 and self.groups[0].is_one

    def only(self, rows: Iterable[Backup]) -> Batch:
        """Some of its backups, asked about as before: equal questions stay equal."""
        ids = {row.id for row in rows}
        if ids >= {row.id for row in self.rows}:
            return self
        kept = (group.only(ids) for group in self.groups)
        return Batch(tuple(group for group in kept if group.rows))


class Column:
    """What is known of one hidden column of a group's backups, as it is asked for value by value."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.values: dict[str, str] = {}
        self.asked: set[str] = set()
        self.gap: Unknown | None = None

    @property
    def open_ids(self) -> frozenset[str]:
        """The ids of those whose value is not known yet."""
        return self.group.ids - self.values.keys()

    def take(self, value: str, found: frozenset[str] | Unknown) -> None:
        """Record which backups have a value."""
        self.asked.add(value)
        if known(found):
            self.values.update(dict.fromkeys(found, value))
        elif self.gap is None:
            self.gap = found

    def ask(self, name: str, values: Iterable[str]) -> Asking:
        """Ask which of the backups have these values, if some are still open."""
        wanted = [value for value in dict.fromkeys(values) if value not in self.asked]
        if not wanted or not self.open_ids:
            return
        group = self.group
        questions = {value: group.passing((name, value)) for value in wanted}
        answers = yield ask(group.control, *questions.values())
        for value, question in questions.items():
            self.take(value, group.found(answers[question], answers[group.control]))


def spread(rows: Iterable[Backup], answer: Any) -> dict[str, Any]:
    """The same answer for each of some backups."""
    return {row.id: answer for row in rows}
