# SPDX-License-Identifier: Apache-2.0
"""The statuses of a volume backup, of Cinder 29.0.0 (``cinder/objects/fields.py``, ``BackupStatus``)."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from backup_reset_panel.core.notes import Text

AVAILABLE = "available"
ERROR = "error"
CREATING = "creating"
RESTORING = "restoring"
DELETING = "deleting"
ERROR_DELETING = "error_deleting"

#: A job should be at work on a backup in one of these.
IN_FLIGHT = (CREATING, RESTORING, DELETING)

#: Somebody asked for a backup in one of these to be deleted.
BEING_DELETED = (DELETING, ERROR_DELETING)

#: A restore sets its target free when it ends; before that, or after a reset, one of these may still hold a volume.
MAY_HAVE_TARGET = (RESTORING, AVAILABLE, ERROR)

#: What a backup sets its volume or snapshot to, what is left of a failed one in the volume's ``previous_status``, and
#: what a restore sets its target to (29.0.0 ``cinder/objects/fields.py``, ``VolumeStatus``).
BACKING_UP = "backing-up"
ERROR_BACKING_UP = "error_backing-up"
RESTORING_BACKUP = "restoring-backup"
IN_USE = "in-use"
ERROR_RESTORING = "error_restoring"

#: The all-zero volume id of a backup whose import has not finished (``cinder/backup/api.py``, ``import_record``).
NO_VOLUME = "00000000-0000-0000-0000-000000000000"

# With Horizon's own contexts and spelling, so that its translations come along.
_LABELS = {
    AVAILABLE: pgettext_lazy("Current status of a Volume Backup", "Available"),
    ERROR: pgettext_lazy("Current status of a Volume Backup", "Error"),
    CREATING: pgettext_lazy("Current status of a Volume Backup", "Creating"),
    RESTORING: pgettext_lazy("Current status of a Volume Backup", "Restoring"),
    DELETING: pgettext_lazy("Current status of a Volume Backup", "Deleting"),
    ERROR_DELETING: pgettext_lazy("Current status of a Volume Backup", "Error deleting"),
}
_VOLUME_LABELS = {
    AVAILABLE: pgettext_lazy("Current status of a Volume", "Available"),
    IN_USE: pgettext_lazy("Current status of a Volume", "In-use"),
    CREATING: pgettext_lazy("Current status of a Volume", "Creating"),
    ERROR: pgettext_lazy("Current status of a Volume", "Error"),
    BACKING_UP: pgettext_lazy("Current status of a Volume", "Backing Up"),
    RESTORING_BACKUP: pgettext_lazy("Current status of a Volume", "Restoring Backup"),
    ERROR_RESTORING: pgettext_lazy("Current status of a Volume", "Error Restoring"),
    ERROR_BACKING_UP: pgettext_lazy("Current status of a Volume", "Error Backing Up"),
    "attaching": pgettext_lazy("Current status of a Volume", "Attaching"),
    "detaching": pgettext_lazy("Current status of a Volume", "Detaching"),
    "deleting": pgettext_lazy("Current status of a Volume", "Deleting"),
    "error_deleting": pgettext_lazy("Current status of a Volume", "Error deleting"),
    "maintenance": pgettext_lazy("Current status of a Volume", "Maintenance"),
    "reserved": pgettext_lazy("Current status of a Volume", "Reserved"),
}


def label(status: str | None) -> Text:
    """The words for a backup's status: translated for the ones we know, as Cinder gave it for others.

    :param status: None: it has none (NULL in Cinder's database)
    :returns: lazy or plain text, never empty
    """
    if not status:
        return pgettext_lazy("Current status of a Volume Backup", "None")
    return _LABELS.get(status, status)


def volume_label(status: str | None) -> Text:
    """As ``label``, for the status of a volume or snapshot."""
    return _VOLUME_LABELS.get(status or "", status or "–")
