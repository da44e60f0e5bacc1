# SPDX-License-Identifier: Apache-2.0
"""What the administrator has to take upon themselves before a choice is carried out, and in which words.

One of them unlocks all that a live job would be hurt by, or would hurt: *its process is dead, I looked on HOST*.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.durations import span
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.liveness import Life
from backup_reset_panel.core.liveness import is_long_running
from backup_reset_panel.core.liveness_texts import hosts_to_look_at
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.plan.types import Confirmation
from backup_reset_panel.core.plan.types import RepairKind
from backup_reset_panel.core.plan.types import RepairStep
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.verdict.types import Kind
from backup_reset_panel.core.verdict.types import Permission
from backup_reset_panel.core.verdict.types import Verdict

_OVERRIDE = _(
    "Allow Available without proof: a restore may fail or give wrong data, and later incremental backups build on it."
)
_OVERRIDE_DELETED = _(
    "Allow Available although some of its data may be gone: a restore may fail or give wrong data, and later "
    "incremental backups build on it."
)
_NEVER_DELETED = _("This backup was never being deleted: I know that its data is all there.")
_NO_MARK = _(
    "Continue without a note in its metadata, which Cinder refused: later nothing will show that it was being deleted."
)
_EARLIER = _(
    "Continue although an earlier reset to {target} ({since} ago, {who}) may still be applied over this one by {host}."
)
_DEAD = _("Its process is dead: I looked on {hosts}.")
_DEAD_ANYWHERE = _("Its process is dead: I looked on every host that it may have run on.")
_LOST = _("Nothing will take this request up any more: I looked on {hosts}.")
_LOST_ANYWHERE = _("Nothing will take this request up any more: I looked on every host that it may have run on.")

_HARMS = {
    statuses.CREATING: _("(A live one would continue, and set Available in the end.)"),
    statuses.RESTORING: _("(This cancels a live restore, and its volume is then useless.)"),
    statuses.DELETING: _("(A live one would continue deleting.)"),
}
_EFFECTS = {
    RepairKind.VOLUME: _("Then volume {name} is freed: {before} → {after}."),
    RepairKind.SNAPSHOT: _("Then snapshot {name} is freed: {before} → {after}."),
    RepairKind.RESTORE_TARGET: _("Then volume {name} is freed: {before} → {after}. Restore again: it is incomplete."),
}
_CLEANS = _("Its temporary volume or snapshot is deleted.")


def confirmations(
    evidence: Evidence, verdict: Verdict, choice: Choice, steps: tuple[RepairStep, ...], rules: Rules
) -> tuple[Confirmation, ...]:
    """The tick boxes without which this choice is not carried out.

    ``available`` without proof is a blind write (29.0.0 ``reset_status``; the check that the specification asked for
    was removed in 15.0.0); what a live job does after a reset was run on 29.0.0.

    :param steps: the repairs that the plan has
    """
    needed = [*_for_available(verdict, choice), *_for_earlier(evidence, choice)]
    if _needs_dead(evidence, verdict, choice, rules):
        needed.append(process_dead(evidence, choice, steps))
    return tuple(needed)


def _for_available(verdict: Verdict, choice: Choice) -> Iterator[Confirmation]:
    if choice is not Choice.AVAILABLE:
        return
    if verdict.available is Permission.OVERRIDE:
        is_deleted = verdict.kind in (Kind.DELETE_BEGUN, Kind.DELETE_TRIED)
        yield Confirmation(Tick.OVERRIDE, _OVERRIDE_DELETED if is_deleted else _OVERRIDE)
    if verdict.available is Permission.CONFIRM:
        yield Confirmation(Tick.NEVER_DELETED, _NEVER_DELETED)


def _for_earlier(evidence: Evidence, choice: Choice) -> Iterator[Confirmation]:
    """The same reset again can only repeat itself; the other one could be overtaken by it (run on 29.0.0)."""
    if choice not in (Choice.AVAILABLE, Choice.ERROR):
        return
    others = [each for each in evidence.pending if each.target and each.target != choice.value]
    if not others:
        return
    earlier = others[0]
    yield Confirmation(
        Tick.EARLIER_RESET,
        format_lazy(
            _EARLIER,
            target=statuses.label(earlier.target),
            since=span(max(evidence.read_at - earlier.since, datetime.timedelta())),
            who=earlier.by or _("by someone"),
            host=earlier.host or _("a cinder-backup"),
        ),
    )


def no_mark() -> Confirmation:
    """The tick box for what cannot be noted in a backup's metadata."""
    return Confirmation(Tick.NO_MARK, _NO_MARK)


def _needs_dead(evidence: Evidence, verdict: Verdict, choice: Choice, rules: Rules) -> bool:
    """Whether a live job would be hurt, or would undo it: then nothing is sent without the word that there is none."""
    if choice in (Choice.REPAIR, Choice.REMOVE):
        return True
    if verdict.life in (Life.RUNNING, Life.CANNOT_TELL) or is_long_running(evidence, rules):
        return True
    if verdict.kind is Kind.BEING_WRITTEN:
        return True
    return cancels_restore(evidence) or deletes_temporary(evidence, choice)


def cancels_restore(evidence: Evidence) -> bool:
    """Whether a reset would cancel a restore that is alive (29.0.0 ``chunkeddriver.py`` ``restore``)."""
    return evidence.status == statuses.RESTORING


def deletes_temporary(evidence: Evidence, choice: Choice) -> bool:
    """Whether a reset would delete what a live job reads: ``error`` deletes temporary volumes and snapshots (29.0.0
    ``backup/manager.py`` ``reset_status``).
    """
    return choice is Choice.ERROR and evidence.has_left_over


def process_dead(evidence: Evidence, choice: Choice, steps: tuple[RepairStep, ...]) -> Confirmation:
    """The one word that unlocks repairs, cleaning up, and cancelling a restore, and what it brings about.

    :param steps: the repairs that the plan has
    """
    is_lost = says(evidence.taken_up, False) and evidence.status in statuses.IN_FLIGHT
    parts = [_looked(evidence, is_lost), *_effects(evidence, choice, steps)]
    if not is_lost and evidence.status in _HARMS:
        parts.append(_HARMS[evidence.status])
    return Confirmation(Tick.PROCESS_DEAD, format_lazy(" ".join(["{}"] * len(parts)), *parts))


def _looked(evidence: Evidence, is_lost: bool) -> Text:
    hosts = hosts_to_look_at(evidence)
    if not hosts:
        return _LOST_ANYWHERE if is_lost else _DEAD_ANYWHERE
    return format_lazy(_LOST if is_lost else _DEAD, hosts=", ".join(hosts))


def _effects(evidence: Evidence, choice: Choice, steps: tuple[RepairStep, ...]) -> Iterator[Text]:
    for step in steps:
        if step.note is None:
            yield format_lazy(_EFFECTS[step.kind], name=step.label, **in_words(step))
    if evidence.has_left_over and choice in (Choice.AVAILABLE, Choice.ERROR):
        yield _CLEANS


def in_words(step: RepairStep) -> dict[str, Text]:
    """The two statuses of a repair in words."""
    return {"before": statuses.volume_label(step.before), "after": statuses.volume_label(step.after)}
