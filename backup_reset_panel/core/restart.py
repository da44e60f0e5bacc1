# SPDX-License-Identifier: Apache-2.0
"""What the start of the host last asked would do to a backup by itself.

On its start cinder-backup looks at every backup that names it as ``host`` and is not available (29.0.0, also 26 to 28,
``backup/manager.py`` ``_cleanup_incomplete_backup_operations``). A reset writes another ``host``: then no start heals.
"""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.kinds import Kind
from backup_reset_panel.core.liveness import last_asked
from backup_reset_panel.core.liveness import seen

_EFFECTS = {
    statuses.CREATING: _("Its start sets this backup to Error and frees its volume and snapshot by itself."),
    statuses.RESTORING: _(
        "Its start sets this backup to Available and the restored volume to Error restoring by itself."
    ),
    statuses.DELETING: _("Its start goes on with the deletion (of an encrypted backup: sets it to Error deleting)."),
    statuses.ERROR: _("Its start deletes a temporary volume or snapshot left over from this backup."),
}
_RESCUE_FIRST = _("Do this before you start it: on its start Cinder would set this complete backup to Error.")
_RESCUE_AFTER = _("It is complete and can be made Available again from Error afterwards.")


def restart_effect(evidence):
    """What the start of the host last asked would do to this backup; from ``_cleanup_one_backup`` (29.0.0).

    :param evidence: Evidence
    :returns: lazy text, or None where a start changes nothing
    """
    return _EFFECTS.get(evidence.status)


def restart_advice(evidence, verdict):
    """What to tell about starting the host last asked, if that one is not up; else None.

    A complete backup has to be rescued before it, or afterwards from ``error`` (``_cleanup_one_backup``, 29.0.0).

    :param evidence: Evidence
    :param verdict: Verdict of it
    :returns: lazy text or None
    """
    asked = last_asked(evidence)
    effect = restart_effect(evidence)
    is_up = asked is not None and asked.up
    if (
        is_up
        or effect is None
        or not known(evidence.services)
        or not known(evidence.last_host)
        or not evidence.last_host
    ):
        return None
    state = seen(asked, evidence.read_at) if asked else _("no longer listed")
    told = _RESCUE_FIRST if verdict.kind is Kind.COMPLETE else effect
    return format_lazy(_("cinder-backup on {host}: {seen}. {told}"), host=evidence.last_host, seen=state, told=told)


def blocked_advice(evidence, verdict):
    """What to tell when no reset can be sent and the host last asked has to be started first.

    :param evidence: Evidence
    :param verdict: Verdict of it
    :returns: lazy text or None; the effect is that of ``_cleanup_one_backup`` (29.0.0)
    """
    effect = restart_effect(evidence)
    if effect and verdict.kind is Kind.COMPLETE:
        return format_lazy("{effect} {after}", effect=effect, after=_RESCUE_AFTER)
    return effect
