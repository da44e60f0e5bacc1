# SPDX-License-Identifier: Apache-2.0
"""The sources of evidence, and which of them a backup's status needs at all."""

import enum

from backup_reset_panel.core import statuses


class Source(enum.Enum):
    """What Cinder can be asked; the value is the field of ``Evidence`` that holds the answer."""

    TAKEN_UP = "taken_up"
    DRIVER = "driver"
    LAST_HOST = "last_host"
    VOLUME = "volume"
    PREVIOUS_STATUS = "previous_status"
    SNAPSHOT = "snapshot"
    RESTORE_TARGET = "restore_target"
    ANCESTORS = "ancestors"
    CHILDREN = "children"
    MESSAGES = "messages"
    SERVICES = "services"
    TEMP_VOLUME = "temp_volume"
    TEMP_SNAPSHOT = "temp_snapshot"
    OTHER_HOLDERS = "other_holders"


_HOLDING = (Source.VOLUME, Source.PREVIOUS_STATUS, Source.SNAPSHOT, Source.OTHER_HOLDERS)
_TEMPORARY = (Source.TEMP_VOLUME, Source.TEMP_SNAPSHOT)
_ALWAYS = (Source.TAKEN_UP, Source.LAST_HOST, Source.SERVICES)

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
    statuses.ERROR: (
        *_ALWAYS,
        Source.DRIVER,
        *_HOLDING,
        Source.RESTORE_TARGET,
        Source.ANCESTORS,
        Source.MESSAGES,
        *_TEMPORARY,
    ),
    statuses.AVAILABLE: (*_ALWAYS, *_HOLDING, Source.RESTORE_TARGET, Source.CHILDREN, *_TEMPORARY),
}
_WANTED_OTHERWISE = (*_ALWAYS, *_HOLDING)


def wanted(backup):
    """The sources that the verdict and the plan for this backup can use: asking Cinder for another is time lost.

    :param backup: Backup as just read
    :returns: tuple of Source, most telling first
    """
    pointless = set()
    if not backup.is_incremental:
        pointless.add(Source.ANCESTORS)
    if backup.volume_id == statuses.NO_VOLUME:
        pointless.update(set(Source) - set(_ALWAYS))
    if not backup.volume_id:
        pointless.update((Source.VOLUME, Source.PREVIOUS_STATUS))
    if backup.snapshot_id:
        pointless.add(Source.PREVIOUS_STATUS)
    else:
        pointless.add(Source.SNAPSHOT)
    return tuple(source for source in _WANTED.get(backup.status, _WANTED_OTHERWISE) if source not in pointless)
