# SPDX-License-Identifier: Apache-2.0
"""The statuses of a volume backup, of Cinder 29.0.0 (``cinder/objects/fields.py``, ``BackupStatus``)."""

from django.utils.translation import pgettext_lazy

AVAILABLE = "available"
ERROR = "error"
CREATING = "creating"
RESTORING = "restoring"
DELETING = "deleting"
ERROR_DELETING = "error_deleting"

#: What ``os-reset_status`` takes; anything else is answered with 400 (``cinder/api/validation/validators.py``).
SETTABLE = (AVAILABLE, ERROR)

#: A job should be at work on a backup in one of these.
IN_FLIGHT = (CREATING, RESTORING, DELETING)

#: The all-zero volume id of a backup whose import has not finished (``cinder/backup/api.py``, ``import_record``).
NO_VOLUME = "00000000-0000-0000-0000-000000000000"

_LABELS = {
    AVAILABLE: pgettext_lazy("Current status of a volume backup", "Available"),
    ERROR: pgettext_lazy("Current status of a volume backup", "Error"),
    CREATING: pgettext_lazy("Current status of a volume backup", "Creating"),
    RESTORING: pgettext_lazy("Current status of a volume backup", "Restoring"),
    DELETING: pgettext_lazy("Current status of a volume backup", "Deleting"),
    ERROR_DELETING: pgettext_lazy("Current status of a volume backup", "Error deleting"),
}


def label(status):
    """The words for a backup status: translated for the ones we know, as Cinder gave it for others.

    :param status: str or None (a backup's status may be NULL in Cinder's database)
    :returns: lazy or plain str, never empty
    """
    if not status:
        return pgettext_lazy("Current status of a volume backup", "None")
    return _LABELS.get(status, status)


def offered(current):
    """The statuses that a reset can bring about from ``current``; never the present one, since X to X
    cannot be observed.
    """
    return tuple(status for status in SETTABLE if status != current)
