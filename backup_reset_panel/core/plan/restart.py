# SPDX-License-Identifier: Apache-2.0
"""What the start of the host last asked would do to a backup by itself.

On its start cinder-backup looks at every backup that names it as ``host`` and is not available (29.0.0, also 26 to 28,
``backup/manager.py`` ``_cleanup_incomplete_backup_operations``). A reset writes another ``host``: then no start heals.
"""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.liveness import last_asked
from backup_reset_panel.core.liveness_texts import seen
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.verdict.types import COMPLETE
from backup_reset_panel.core.verdict.types import Verdict

_EFFECTS = {
    statuses.CREATING: _("Starting it sets this backup to Error and frees its volume and snapshot."),
    statuses.RESTORING: _("Starting it sets this backup to Available and the restored volume to Error Restoring."),
    statuses.DELETING: _("Starting it continues the deletion (of an encrypted backup: sets it to Error deleting)."),
    statuses.ERROR: _("Starting it deletes a temporary volume or snapshot left over from this backup."),
}
_RESCUE_FIRST = _("Do this before you start it: when it starts, Cinder would set this complete backup to Error.")
_RESCUE_AFTER = _("It is complete and can be made Available again from Error afterwards.")


def restart_effect(evidence: Evidence) -> Text | None:
    """What the start of the host last asked would do to this backup; from ``_cleanup_one_backup`` (29.0.0).

    :returns: lazy text, or None where a start changes nothing, or it has been started already
    """
    asked = last_asked(evidence)
    if asked is None or asked.up:
        return None
    return _EFFECTS.get(evidence.status or "")


def restart_advice(evidence: Evidence, verdict: Verdict) -> Text | None:
    """What to tell about starting the host last asked, if that one is not up; else None.

    A complete backup has to be rescued before it, or afterwards from ``error`` (``_cleanup_one_backup``, 29.0.0).
    """
    asked, effect = last_asked(evidence), restart_effect(evidence)
    if asked is None or effect is None:
        return None
    told = _RESCUE_FIRST if verdict.kind in COMPLETE else effect
    state = seen(asked, evidence.read_at)
    return format_lazy(_("cinder-backup on {host}: {seen}. {told}"), host=asked.host, seen=state, told=told)


def blocked_advice(evidence: Evidence, verdict: Verdict) -> Text | None:
    """What to tell when no reset can be sent and the host last asked has to be started first."""
    effect = restart_effect(evidence)
    if effect is not None and verdict.kind in COMPLETE:
        return format_lazy("{effect} {after}", effect=effect, after=_RESCUE_AFTER)
    return effect
