# SPDX-License-Identifier: Apache-2.0
"""Whether a reset that Cinder accepted was thrown away by cinder-backup, and why.

Two cases, neither of which reaches the caller (29.0.0 ``backup/manager.py`` ``reset_status``): ``service`` is NULL,
and it returns without a word; or the host that took it runs another driver, then the reason is in its log only.
"""

import datetime
import enum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core.evidence import FOREIGN
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.liveness import answering
from backup_reset_panel.core.liveness import last_asked
from backup_reset_panel.core.notes import Note

#: An idle cinder-backup applies a reset in some 40 ms (run on 29.0.0); after this long it is not merely slow.
PATIENCE = datetime.timedelta(seconds=10)


class Cause(enum.Enum):
    """Why cinder-backup threw a reset away (29.0.0 ``backup/manager.py`` ``reset_status``)."""

    NOT_TAKEN_UP = "not_taken_up"
    OTHER_DRIVER = "other_driver"


_NOT_TAKEN_UP = _("No cinder-backup ever took this backup up, and Cinder then ignores a reset.")
_OTHER_DRIVER = _(
    "cinder-backup on {host} answers and has nothing else to do: it most likely runs another driver than the one that "
    "wrote this backup. Its log has the reason."
)
_OTHER_DRIVER_NAMED = _(
    "cinder-backup on {host} answers and has nothing else to do: it most likely runs another driver than {driver}, "
    "which wrote this backup. Its log has the reason."
)


def why_ignored(evidence, waited, others_at_work):
    """The cause for which an accepted reset will never be applied, or None: it may still come.

    A busy host is told apart by its other jobs: all its threads may wait behind ``backup_max_operations`` while its
    heartbeat goes on (29.0.0 ``backup/manager.py``).

    :param evidence: Evidence as read after the reset was accepted; ``host`` then names the one that took it
    :param waited: timedelta since the acceptance
    :param others_at_work: number of other backups in flight at that host, or Unknown
    :returns: Note with a code of Cause, or None
    """
    if says(evidence.taken_up, False):
        return Note(Cause.NOT_TAKEN_UP, _NOT_TAKEN_UP)
    host = last_asked(evidence)
    if waited < PATIENCE or host is None or not says(others_at_work, 0):
        return None
    if not answering(host, evidence.read_at):
        return None
    is_named = known(evidence.driver) and evidence.driver != FOREIGN
    text = _OTHER_DRIVER_NAMED if is_named else _OTHER_DRIVER
    return Note(Cause.OTHER_DRIVER, format_lazy(text, host=host.host, driver=evidence.driver))
