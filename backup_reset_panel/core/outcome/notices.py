# SPDX-License-Identifier: Apache-2.0
"""Notices: a level, a headline and what to do next; and the one for each request that failed."""

from __future__ import annotations

import dataclasses

from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import FaultKind

#: Names of Bootstrap's alerts.
GOOD, NEUTRAL, WARN, BAD = "success", "info", "warning", "danger"


@dataclasses.dataclass(frozen=True)
class Notice:
    """A level (a Bootstrap alert's name), a headline and what to do next."""

    level: str
    headline: Text
    advice: Text = ""

    @property
    def text(self) -> str:
        """Both as one text."""
        return f"{self.headline} {self.advice}".strip()


_SEND_ID = _("Send the request ID to whoever runs Cinder, then look again.")
_FAULTS = {
    FaultKind.BAD_REQUEST: Notice(BAD, _("Cinder refused the request as wrong. Nothing was changed.")),
    FaultKind.TOKEN_REFUSED: Notice(
        BAD, _("Cinder no longer accepts your session. Nothing was changed."), _("Log in again, then repeat this.")
    ),
    FaultKind.FORBIDDEN: Notice(
        BAD,
        _("Cinder does not allow you to do this. Nothing was changed by this request."),
        _(
            "Its rule is volume_extension:backup_admin_actions:reset_status for a reset, and "
            "volume_extension:backup_admin_actions:force_delete for a removal. Ask whoever runs Cinder."
        ),
    ),
    FaultKind.NO_SUCH_BACKUP: Notice(
        BAD,
        _("Cinder has no such backup."),
        _("It may have been deleted, or belong to another region than the one you are working in."),
    ),
    FaultKind.NO_SERVICE: Notice(
        BAD,
        _("No cinder-backup can take this request. Nothing was changed."),
        _(
            "The backup is still there. Start cinder-backup in its availability zone. Where backup_use_same_host is "
            "set it has to be the host last asked: start that one, or move the backup with cinder-manage backup "
            "update_backup_host."
        ),
    ),
    FaultKind.NOT_SUPPORTED: Notice(
        BAD,
        _("The backup driver of this cloud does not support this. Nothing was changed."),
        _("The Ceph driver, for one, deletes nothing by force: ask whoever runs Cinder."),
    ),
    FaultKind.CONFLICT: Notice(
        BAD,
        _("Cinder says that this conflicts with something else. Nothing was changed."),
        _("Look again, then repeat this."),
    ),
    FaultKind.OVER_LIMIT: Notice(
        BAD, _("Cinder accepts no more requests for now. Nothing was changed."), _("Wait a minute, then repeat this.")
    ),
    FaultKind.SERVER_ERROR: Notice(BAD, _("Cinder failed to answer."), _SEND_ID),
    FaultKind.OTHER_ANSWER: Notice(BAD, _("Cinder gave an unexpected answer."), _SEND_ID),
    FaultKind.GARBLED: Notice(
        BAD,
        _("Something other than Cinder answered."),
        _("A proxy or load balancer in front of Cinder may be answering in its place."),
    ),
    FaultKind.TIMED_OUT: Notice(
        BAD, _("Cinder did not answer in time."), _("Check that cinder-api is alive, then look again.")
    ),
    FaultKind.BROKEN_OFF: Notice(
        BAD, _("The connection to Cinder broke off."), _("Check that cinder-api is alive, then look again.")
    ),
    FaultKind.NO_CONNECTION: Notice(
        BAD,
        _("Cinder could not be reached. Nothing was changed."),
        _("Check that cinder-api is running, then repeat this."),
    ),
    FaultKind.UNTRUSTED: Notice(
        BAD,
        _("Cinder's certificate is not trusted by Horizon. Nothing was changed."),
        _("Check the certificate of Cinder's endpoint, and OPENSTACK_SSL_CACERT in Horizon's settings."),
    ),
    FaultKind.BUSY: Notice(
        BAD,
        _("Cinder did not answer in time. Nothing was sent, and nothing was changed."),
        _("Too much is waiting for Cinder already. Check again in a moment."),
    ),
    FaultKind.NO_ENDPOINT: Notice(
        BAD, _("Your service catalog lists no block storage service."), _("Check the region that you are logged in to.")
    ),
    FaultKind.NOT_VISIBLE: Notice(
        WARN,
        _("Cinder does not show this backup to you any more."),
        _("It may have been deleted; or the project or role that you are working in now may not see it."),
    ),
    FaultKind.OTHER_REGION: Notice(
        BAD,
        _("You have changed to another region since this was opened. Nothing was sent."),
        _("Change back, or open the backup in this region."),
    ),
}


def of_fault(fault: Fault) -> Notice:
    """What to say of a request that failed."""
    return _FAULTS[fault.kind]
