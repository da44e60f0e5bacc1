# SPDX-License-Identifier: Apache-2.0
"""What a cinder-backup host has in progress, and what its start would do to it.

On its start cinder-backup goes through all backups that name it as ``host``, the host last asked, and are not available
(29.0.0 ``backup/manager.py`` ``_cleanup_incomplete_backup_operations``). Another host's start does nothing to them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from backup_reset_panel.core import statuses
from backup_reset_panel.core.bidi import isolated
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import counted
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.records import Service
from backup_reset_panel.core.records import Volume
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.verdict.table import judge
from backup_reset_panel.core.verdict.types import COMPLETE

#: So many restore targets are named; of further ones only the number is told.
MOST_NAMED = 5


@dataclasses.dataclass(frozen=True)
class Start:
    """What the start of a host does to the backups that name it.

    :param creating: how many become Error, the complete ones among them
    :param complete: how many of those are complete as recorded
    :param may_be_complete: how many more have data recorded, and could not be proved complete by a list
    :param restoring: how many restores end
    :param targets: the names of the volumes that are restored into, as far as they are known
    :param deleting: how many deletes go on
    """

    creating: int = 0
    complete: int = 0
    may_be_complete: int = 0
    restoring: int = 0
    targets: tuple[str, ...] = ()
    deleting: int = 0

    @classmethod
    def of(cls, rows: Iterable[Evidence], rules: Rules | None = None) -> Start:
        """That of a host with these backups.

        :param rows: on backups in progress; ``driver`` and ``restore_target`` are enough, each may be Unknown
        :param rules: None for the defaults
        """
        in_status: dict[str, list[Evidence]] = {status: [] for status in statuses.IN_FLIGHT}
        for each in rows:
            in_status[each.status or ""].append(each)
        creating, restoring = in_status[statuses.CREATING], in_status[statuses.RESTORING]
        complete = sum(judge(each, rules or Rules()).kind in COMPLETE for each in creating)
        found = (each.restore_target for each in restoring)
        return cls(
            creating=len(creating),
            complete=complete,
            may_be_complete=sum(counted(each.record) for each in creating) - complete,
            restoring=len(restoring),
            targets=tuple(isolated(volume.name or volume.id) for volume in found if isinstance(volume, Volume)),
            deleting=len(in_status[statuses.DELETING]),
        )

    @property
    def total(self) -> int:
        """How many backups are in progress."""
        return self.creating + self.restoring + self.deleting


@dataclasses.dataclass(frozen=True)
class Load:
    """One host, and what names it.

    :param host: its name; empty: that could not be determined
    :param service: its Service, None where it is none of the cinder-backup services
    :param start: what its start would do
    :param is_known: whether Cinder told what it has in progress, all of it
    """

    host: str
    service: Service | None
    start: Start = Start()
    is_known: bool = True

    @property
    def is_up(self) -> bool:
        """Whether Cinder calls it up."""
        return self.service is not None and self.service.up

    @property
    def is_cause(self) -> bool:
        """Whether backups wait for it that only its own start, or a reset, would release."""
        return bool(self.start.total) and not self.is_up


def effects(load: Load) -> tuple[Text, ...]:
    """What the start of a host would do, a sentence each, the most urgent first.

    :returns: empty where it has nothing in progress, or that is not known
    """
    start = load.start
    if not start.total:
        return ()
    told = [_first(load), *_of_creating(start), *_of_restoring(start)]
    if start.deleting:
        text = ngettext_lazy("{count} deletion would continue.", "{count} deletions would continue.", start.deleting)
        told.append(format_lazy(text, count=start.deleting))
    return tuple(text for text in told if text)


def _first(load: Load) -> Text:
    if load.service is None and load.host:
        return _("Only a cinder-backup that is started under this very name would do this:")
    if load.is_up:
        return _("It is up. A restart would end what it is working on:")
    return ""


def _of_creating(start: Start) -> list[Text]:
    if not start.creating:
        return []
    told: list[Text] = []
    if start.complete:
        text = ngettext_lazy(
            "{count} would become Error, {complete} of them complete: release that one first.",
            "{count} would become Error, {complete} of them complete: release those first.",
            start.complete,
        )
        told.append(format_lazy(text, count=start.creating, complete=start.complete))
    else:
        text = ngettext_lazy(
            "{count} would become Error, their volumes free.",
            "{count} would become Error, their volumes free.",
            start.creating,
        )
        told.append(format_lazy(text, count=start.creating))
    if start.may_be_complete:
        text = ngettext_lazy(
            "{count} of them may be complete: open it before.",
            "{count} of them may be complete: open them before.",
            start.may_be_complete,
        )
        told.append(format_lazy(text, count=start.may_be_complete))
    return told


def _of_restoring(start: Start) -> list[Text]:
    if not start.restoring:
        return []
    text = ngettext_lazy(
        "{count} restore would end: its backup Available, its target volume Error Restoring.",
        "{count} restores would end: their backups Available, their target volumes Error Restoring.",
        start.restoring,
    )
    told: list[Text] = [format_lazy(text, count=start.restoring)]
    names, unnamed = start.targets[:MOST_NAMED], start.restoring - len(start.targets[:MOST_NAMED])
    if names:
        told.append(format_lazy(_("Targets: {names}."), names=", ".join(names)))
    if unnamed:
        text = ngettext_lazy("{count} target is not named here.", "{count} targets are not named here.", unnamed)
        told.append(format_lazy(text, count=unnamed))
    return told
