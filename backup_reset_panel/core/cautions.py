# SPDX-License-Identifier: Apache-2.0
"""What to be warned of before a choice is carried out, most decisive first: the dialog shows one in the open."""

import enum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.kinds import Choice
from backup_reset_panel.core.kinds import Kind
from backup_reset_panel.core.liveness import Life
from backup_reset_panel.core.liveness import in_zone
from backup_reset_panel.core.liveness import life
from backup_reset_panel.core.notes import Note
from backup_reset_panel.core.repairs import candidates
from backup_reset_panel.core.repairs import holders
from backup_reset_panel.core.restart import restart_advice


class Caution(enum.Enum):
    """What the warnings are about; the Cinder code behind each is named at its test below."""

    RESCUE_FIRST = "rescue_first"
    HIDES_GOOD = "hides_good"
    TEMPORARY_IN_USE = "temporary_in_use"
    QUEUED_DELETE = "queued_delete"
    RESTART_INSTEAD = "restart_instead"
    TARGET_WRITTEN_LATER = "target_written_later"
    CHILDREN = "children"
    LEFT_OVER_STAYS = "left_over_stays"
    OTHER_HOST = "other_host"
    HELD_BY_ANOTHER = "held_by_another"
    VOLUME_UNREAD = "volume_unread"


def cautions(evidence, verdict, choice, *, cleans_up):
    """The warnings for one choice.

    :param evidence: Evidence
    :param verdict: Verdict of it
    :param choice: Choice
    :param cleans_up: whether the plan rids the backup of left-over temporary resources on its way
    :returns: tuple of Note with codes of Caution, most decisive first; sources in Cinder at each test in this module
    """
    if choice is Choice.REPAIR or verdict.kind is Kind.UNREADABLE:
        return ()
    found = (
        _rescue_first(evidence, verdict, choice),
        _hides_good(verdict, choice),
        _temporary_in_use(evidence, verdict, choice),
        _queued_delete(evidence),
        _restart_instead(evidence, verdict),
        _target_written_later(evidence),
        _children(evidence, choice),
        _left_over_stays(evidence, choice, cleans_up),
        _other_host(evidence, choice),
        _held_by_another(evidence),
        _volume_unread(evidence),
    )
    return tuple(note for note in found if note)


def _rescue_first(evidence, verdict, choice):
    advice = restart_advice(evidence, verdict)
    if advice and verdict.kind is Kind.COMPLETE and choice is Choice.AVAILABLE:
        return Note(Caution.RESCUE_FIRST, advice)
    return None


def _hides_good(verdict, choice):
    """The API restores from ``available`` only, and builds incrementals on nothing else (29.0.0 ``backup/api.py``)."""
    good = (Kind.COMPLETE, Kind.AVAILABLE, Kind.WAS_AVAILABLE, Kind.WAS_AVAILABLE_UNTOLD)
    if choice is Choice.ERROR and verdict.kind in good:
        return Note(Caution.HIDES_GOOD, _("Nobody can restore from this backup while it is in Error."))
    return None


def _temporary_in_use(evidence, verdict, choice):
    """A reset to ``error`` sends the deletion of the temporary volume or snapshot (29.0.0 ``reset_status``)."""
    is_creating = evidence.status == statuses.CREATING and verdict.kind is not Kind.COMPLETE
    if choice is Choice.ERROR and is_creating and _has_left_over(evidence):
        text = _("Error makes Cinder delete the temporary volume or snapshot that a live job would be reading.")
        return Note(Caution.TEMPORARY_IN_USE, text)
    return None


def _queued_delete(evidence):
    if evidence.status not in (statuses.DELETING, statuses.ERROR_DELETING):
        return None
    return Note(Caution.QUEUED_DELETE, _("A delete that is still queued will remove this backup all the same."))


def _restart_instead(evidence, verdict):
    advice = restart_advice(evidence, verdict)
    if (
        advice is None
        or verdict.kind is Kind.COMPLETE
        or evidence.status not in (statuses.CREATING, statuses.RESTORING)
    ):
        return None
    text = _("{advice} If you can start it there, do that instead.")
    return Note(Caution.RESTART_INSTEAD, format_lazy(text, advice=advice))


def _target_written_later(evidence):
    """A queued or frozen restore writes the target's status or data when its host comes back (run on 29.0.0)."""
    if evidence.status != statuses.RESTORING or life(evidence) not in (Life.LAST_HOST_DOWN, Life.NONE_UP):
        return None
    text = _("If its host comes back, the restore that waits there still touches the restored volume: start it first.")
    return Note(Caution.TARGET_WRITTEN_LATER, text)


def _children(evidence, choice):
    """A restore of a child reads its parents (29.0.0 ``chunkeddriver.py`` ``restore``)."""
    if choice is not Choice.ERROR or not known(evidence.children) or not evidence.children:
        return None
    count = len(evidence.children)
    text = ngettext_lazy(
        "{count} incremental backup builds on this one.", "{count} incremental backups build on this one.", "count"
    )
    return Note(Caution.CHILDREN, format_lazy(text, count=count))


def _left_over_stays(evidence, choice, cleans_up):
    """Only a reset to ``error`` cleans up; a temporary snapshot blocks the deletion of its volume (run on 29.0.0)."""
    if choice is not Choice.AVAILABLE or cleans_up or not _has_left_over(evidence):
        return None
    text = _("A temporary volume or snapshot of this backup stays behind: only a reset to Error removes it.")
    return Note(Caution.LEFT_OVER_STAYS, text)


def _other_host(evidence, choice):
    """The next incremental goes to its posix parent's ``host``; a reset rewrites that (29.0.0 ``backup/api.py``)."""
    is_posix = known(evidence.driver) and ".posix" in evidence.driver
    hosts = {service.host for service in in_zone(evidence)}
    if choice is not Choice.AVAILABLE or not is_posix or len(hosts) < 2:
        return None
    text = _("Later incremental backups go to the host that takes this reset, which may not see this backup's files.")
    return Note(Caution.OTHER_HOST, text)


def _held_by_another(evidence):
    """Cinder's own restart frees a volume without looking (29.0.0 ``_cleanup_one_volume``); we do not."""
    others = [other for step in candidates(evidence) for other in holders(step, evidence)]
    if not others:
        return None
    text = _("Its volume or snapshot is not repaired: backup {name} is at work on it too.")
    other = others[0]
    return Note(Caution.HELD_BY_ANOTHER, format_lazy(text, name=other.name or other.id))


def _volume_unread(evidence):
    answers = (evidence.volume, evidence.snapshot, evidence.restore_target)
    if any(not known(answer) and answer.why is not Gap.NOT_ASKED for answer in answers):
        return Note(Caution.VOLUME_UNREAD, _("Its volume or snapshot could not be read and is not repaired."))
    return None


def _has_left_over(evidence):
    return says(evidence.temp_volume, True) or says(evidence.temp_snapshot, True)
