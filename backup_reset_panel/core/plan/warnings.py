# SPDX-License-Identifier: Apache-2.0
"""What to be warned of before a choice is carried out, most decisive first: the dialog shows one in the open."""

from __future__ import annotations

import enum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import is_late
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.liveness import Life
from backup_reset_panel.core.liveness import in_zone
from backup_reset_panel.core.notes import Note
from backup_reset_panel.core.plan.repairs import are_unread
from backup_reset_panel.core.plan.repairs import candidates
from backup_reset_panel.core.plan.repairs import holders
from backup_reset_panel.core.plan.restart import restart_advice
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.verdict.types import COMPLETE
from backup_reset_panel.core.verdict.types import Kind
from backup_reset_panel.core.verdict.types import Verdict


class Warn(enum.Enum):
    """What the warnings are about."""

    SLOW = "slow"
    RESCUE_FIRST = "rescue_first"
    HIDES_GOOD = "hides_good"
    QUEUED_DELETE = "queued_delete"
    RESTART_INSTEAD = "restart_instead"
    TARGET_WRITTEN_LATER = "target_written_later"
    CHILDREN = "children"
    LEFT_OVER_STAYS = "left_over_stays"
    OTHER_HOST = "other_host"
    HELD_BY_ANOTHER = "held_by_another"
    VOLUME_UNREAD = "volume_unread"
    NOT_ALLOWED = "not_allowed"


def warnings(evidence: Evidence, verdict: Verdict, choice: Choice, *, cleans_up: bool) -> tuple[Note, ...]:
    """The warnings for one choice, most decisive first.

    :param cleans_up: whether the plan also deletes left-over temporary resources
    """
    if verdict.kind is Kind.UNREADABLE:
        return ()
    if choice in (Choice.REPAIR, Choice.REMOVE):
        return tuple(note for note in (_held_by_another(evidence), _volume_unread(evidence)) if note)
    found = (
        _slow(evidence, verdict),
        _rescue_first(evidence, verdict, choice),
        _hides_good(verdict, choice),
        _queued_delete(evidence),
        _restart_instead(evidence, verdict),
        _target_written_later(evidence, verdict),
        _children(evidence, choice),
        _left_over_stays(evidence, choice, cleans_up),
        _other_host(evidence, choice),
        _held_by_another(evidence),
        _volume_unread(evidence),
    )
    return tuple(note for note in found if note)


def _slow(evidence: Evidence, verdict: Verdict) -> Note | None:
    """What was not answered in time is no verdict."""
    is_life_late = verdict.life is Life.CANNOT_TELL and (is_late(evidence.services) or is_late(evidence.last_host))
    if verdict.kind is Kind.NOT_ANSWERED or is_life_late:
        return Note(Warn.SLOW, _("Cinder answers slowly, so nothing is recommended. Check again in a moment."))
    return None


def _rescue_first(evidence: Evidence, verdict: Verdict, choice: Choice) -> Note | None:
    if verdict.kind not in COMPLETE or choice is not Choice.AVAILABLE:
        return None
    advice = restart_advice(evidence, verdict)
    return Note(Warn.RESCUE_FIRST, advice) if advice is not None else None


def _hides_good(verdict: Verdict, choice: Choice) -> Note | None:
    """The API restores from ``available`` only, and builds incrementals on nothing else (29.0.0 ``backup/api.py``)."""
    good = (*COMPLETE, Kind.AVAILABLE, Kind.WAS_AVAILABLE, Kind.WAS_AVAILABLE_UNTOLD)
    if choice is Choice.ERROR and verdict.kind in good:
        return Note(Warn.HIDES_GOOD, _("Nobody can restore from this backup while it is in Error."))
    return None


def _queued_delete(evidence: Evidence) -> Note | None:
    if evidence.status not in statuses.BEING_DELETED:
        return None
    return Note(Warn.QUEUED_DELETE, _("A delete that is still queued will remove this backup all the same."))


def _restart_instead(evidence: Evidence, verdict: Verdict) -> Note | None:
    if verdict.kind in COMPLETE or evidence.status not in (statuses.CREATING, statuses.RESTORING):
        return None
    advice = restart_advice(evidence, verdict)
    if advice is None:
        return None
    text = _("{advice} If you can start it there, do that instead.")
    return Note(Warn.RESTART_INSTEAD, format_lazy(text, advice=advice))


def _target_written_later(evidence: Evidence, verdict: Verdict) -> Note | None:
    """A queued or frozen restore writes the target's status or data when its host comes back (run on 29.0.0)."""
    if evidence.status != statuses.RESTORING or verdict.life not in (Life.OUT_OF_SIGHT, Life.NOBODY):
        return None
    text = _(
        "If its host comes back, a restore that is waiting there still writes to the restored volume: start it first."
    )
    return Note(Warn.TARGET_WRITTEN_LATER, text)


def _children(evidence: Evidence, choice: Choice) -> Note | None:
    """A restore of a child reads its parents (29.0.0 ``chunkeddriver.py`` ``restore``)."""
    if choice is not Choice.ERROR or not known(evidence.children) or not evidence.children:
        return None
    count = len(evidence.children)
    text = ngettext_lazy(
        "{count} incremental backup builds on this one.", "{count} incremental backups build on this one.", "count"
    )
    return Note(Warn.CHILDREN, format_lazy(text, count=count))


def _left_over_stays(evidence: Evidence, choice: Choice, cleans_up: bool) -> Note | None:
    """Only a reset to ``error`` cleans up; a temporary snapshot blocks the deletion of its volume (run on 29.0.0)."""
    if choice is not Choice.AVAILABLE or cleans_up or not evidence.is_left_over_known:
        return None
    text = _("A temporary volume or snapshot of this backup stays behind: only a reset to Error removes it.")
    return Note(Warn.LEFT_OVER_STAYS, text)


def _other_host(evidence: Evidence, choice: Choice) -> Note | None:
    """The next incremental goes to its posix parent's ``host``; a reset rewrites that (29.0.0 ``backup/api.py``)."""
    is_posix = known(evidence.driver) and ".posix" in evidence.driver
    hosts = {service.host for service in in_zone(evidence)}
    if choice is not Choice.AVAILABLE or not is_posix or len(hosts) < 2:
        return None
    text = _("Later incremental backups go to the host that takes this reset, which may not see this backup's files.")
    return Note(Warn.OTHER_HOST, text)


def _held_by_another(evidence: Evidence) -> Note | None:
    """Cinder's own restart frees a volume without looking (29.0.0 ``_cleanup_one_volume``); we do not."""
    others = [other for step in candidates(evidence) for other in holders(step, evidence)]
    if not others:
        return None
    text = _("Its volume or snapshot is not freed: backup {name} is using it too.")
    other = others[0]
    return Note(Warn.HELD_BY_ANOTHER, format_lazy(text, name=other.label))


def _volume_unread(evidence: Evidence) -> Note | None:
    if are_unread(evidence):
        return Note(Warn.VOLUME_UNREAD, _("Its volume or snapshot could not be read, so it is not freed."))
    return None
