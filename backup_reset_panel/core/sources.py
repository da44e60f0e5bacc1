# SPDX-License-Identifier: Apache-2.0
"""The sources of evidence, and which of them a backup's status needs at all."""

from __future__ import annotations

import enum

from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.records import Backup


class Source(enum.Enum):
    """What Cinder can be asked; the value is the field of ``Evidence`` that holds the answer."""

    TAKEN_UP = "taken_up"
    DRIVER = "driver"
    LAST_HOST = "last_host"
    VOLUME = "volume"
    PREVIOUS_STATUS = "previous_status"
    SNAPSHOT = "snapshot"
    RESTORE_TARGET = "restore_target"
    WAS_RESTORED = "was_restored"
    ANCESTORS = "ancestors"
    CHILDREN = "children"
    MESSAGES = "messages"
    SERVICES = "services"
    TEMP_VOLUME = "temp_volume"
    TEMP_SNAPSHOT = "temp_snapshot"
    OTHER_HOLDERS = "other_holders"


class Purpose(enum.Enum):
    """What evidence is wanted for.

    LIST: to say which backups need attention, and what their own record proves. DECIDE: to decide what to do, for one
    or for many. SHOW: to decide, and to warn of what does not bear on the decision.
    """

    LIST = "list"
    DECIDE = "decide"
    SHOW = "show"


_HOLDING = (Source.VOLUME, Source.PREVIOUS_STATUS, Source.SNAPSHOT, Source.OTHER_HOLDERS)
_TEMPORARY = (Source.TEMP_VOLUME, Source.TEMP_SNAPSHOT)
_ALWAYS = (Source.TAKEN_UP, Source.LAST_HOST, Source.SERVICES)
_SIGNS = (Source.DRIVER, Source.ANCESTORS, Source.MESSAGES)

_WANTED = {
    statuses.CREATING: (*_ALWAYS, Source.DRIVER, *_HOLDING, Source.ANCESTORS, *_TEMPORARY),
    statuses.RESTORING: (
        *_ALWAYS,
        Source.DRIVER,
        Source.VOLUME,
        Source.RESTORE_TARGET,
        Source.OTHER_HOLDERS,
        Source.ANCESTORS,
    ),
    statuses.DELETING: (*_ALWAYS, *_HOLDING, Source.CHILDREN),
    statuses.ERROR_DELETING: (*_ALWAYS, *_HOLDING, Source.CHILDREN),
    statuses.ERROR: (*_ALWAYS, *_SIGNS, *_HOLDING, Source.RESTORE_TARGET, Source.WAS_RESTORED, *_TEMPORARY),
    statuses.AVAILABLE: (*_ALWAYS, *_HOLDING, Source.RESTORE_TARGET, Source.CHILDREN, *_TEMPORARY),
}
_WANTED_OTHERWISE = (*_ALWAYS, *_HOLDING)

#: What a list can afford. What incremental backups build on is looked at when one is opened, or planned.
_IN_A_LIST = {Source.TAKEN_UP, Source.LAST_HOST, Source.SERVICES, Source.DRIVER, Source.VOLUME, Source.MESSAGES}


def wanted(backup: Backup, purpose: Purpose = Purpose.SHOW) -> tuple[Source, ...]:
    """The sources that can tell something about this backup: asking Cinder for another is time lost.

    :param backup: Backup as just read
    :param purpose: what they are for
    """
    pointless = _pointless(backup)
    if purpose is Purpose.DECIDE:
        pointless.add(Source.CHILDREN)
    if purpose is Purpose.LIST:
        # Whether the last backup of its volume failed speaks for or against a sign of a delete.
        has_sign = backup.status == statuses.ERROR and backup.object_count and backup.fail_reason
        pointless |= set(Source) - _IN_A_LIST - ({Source.PREVIOUS_STATUS} if has_sign else set())
    wished = _WANTED.get(backup.status or "", _WANTED_OTHERWISE)
    return tuple(source for source in wished if source not in pointless)


def _pointless(backup: Backup) -> set[Source]:
    pointless = {Source.PREVIOUS_STATUS} if backup.snapshot_id else {Source.SNAPSHOT}
    if not backup.is_incremental:
        pointless.add(Source.ANCESTORS)
    if backup.volume_id == statuses.NO_VOLUME:
        pointless.update(set(Source) - set(_ALWAYS))
    if not backup.volume_id:
        pointless.update((Source.VOLUME, Source.PREVIOUS_STATUS))
    return pointless


_LABELS = {
    Source.TAKEN_UP: _("whether it was ever started"),
    Source.DRIVER: _("which driver wrote it"),
    Source.LAST_HOST: _("the host last asked"),
    Source.VOLUME: _("its volume"),
    Source.PREVIOUS_STATUS: _("what its volume was before"),
    Source.SNAPSHOT: _("its snapshot"),
    Source.RESTORE_TARGET: _("the volume that it is restored into"),
    Source.WAS_RESTORED: _("whether it was ever restored"),
    Source.ANCESTORS: _("the backups that it builds on"),
    Source.CHILDREN: _("the backups that build on it"),
    Source.MESSAGES: _("Cinder's messages about it"),
    Source.SERVICES: _("the cinder-backup services"),
    Source.TEMP_VOLUME: _("a temporary volume"),
    Source.TEMP_SNAPSHOT: _("a temporary snapshot"),
    Source.OTHER_HOLDERS: _("other backups of its volume"),
}


def source_label(source: Source) -> Text:
    """What a source is called where it is told that it could not be asked."""
    return _LABELS[source]
