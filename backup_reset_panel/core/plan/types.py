# SPDX-License-Identifier: Apache-2.0
"""The values that plans are made of."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Set

from backup_reset_panel.core.bidi import isolated
from backup_reset_panel.core.notes import Note
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.rules import Tick


class Choice(enum.Enum):
    """What the administrator asks for.

    AVAILABLE and ERROR: one of the two statuses that ``os-reset_status`` takes; anything else is answered with 400
    (29.0.0 ``api/validation/validators.py``). REPAIR: to free volume or snapshot,
    without a reset. REMOVE: to free them, then to delete the record of a backup that was never started.
    """

    AVAILABLE = "available"
    ERROR = "error"
    REPAIR = "repair"
    REMOVE = "remove"


class RepairKind(enum.Enum):
    """What else a stuck backup can hold: source volume or snapshot, or restored volume (29.0.0 ``backup/api.py``)."""

    VOLUME = "volume"
    SNAPSHOT = "snapshot"
    RESTORE_TARGET = "restore_target"


class Until(enum.Enum):
    """What has to be seen before the next step: the status, or the status and no temporary resource left.

    ``temp_volume_id`` and ``temp_snapshot_id`` turn NULL when their deletion was sent (29.0.0 ``reset_status``).
    """

    APPLIED = "applied"
    CLEANED = "cleaned"


@dataclasses.dataclass(frozen=True)
class ResetStep:
    """One reset to send through ``os-reset_status`` (29.0.0 ``api/contrib/admin_actions.py``).

    :param target: ``available`` or ``error``; never the status that the backup has when the step's turn comes
    :param until: what to observe before going on
    """

    target: str
    until: Until = Until.APPLIED


@dataclasses.dataclass(frozen=True)
class RepairStep:
    """One status to set, to be sent only if ``before`` still holds on a read just before.

    :param id: id of the volume or snapshot
    :param name: its name, or None
    :param project_id: its project, the target of the policy rule, or None
    :param before: the status that it must still have
    :param after: the status to set
    :param policy: Cinder's rule for it (29.0.0 ``policies/volume_actions.py``, ``policies/snapshot_actions.py``)
    :param ticked: whether it is done: it always takes the word that no process works on it any more
    :param note: why it takes a tick of its own besides that word, None if it does not
    """

    kind: RepairKind
    id: str
    name: str | None
    project_id: str | None
    before: str
    after: str
    policy: str
    ticked: bool = False
    note: Note | None = None

    @property
    def label(self) -> str:
        """Its name, or its id where it has none, as it may stand in a text."""
        return isolated(self.name or self.id)


@dataclasses.dataclass(frozen=True)
class Confirmation:
    """One tick box: what it stands for and what it says is risked."""

    tick: Tick
    text: Text


@dataclasses.dataclass(frozen=True)
class Plan:
    """What a choice leads to, for one backup.

    :param resets: each to be observed before the next; empty: no reset is sent
    :param repairs: those that the backup calls for; the ticked ones are done, after the resets were seen applied
    :param removes: whether the record is deleted in the end
    :param warnings: most decisive first; the dialog shows the first in the open
    :param confirmations: those that must be given
    :param offered: the one that may be given to have more done, or None
    :param refusal: why nothing is sent at all, or None; then there are no steps
    """

    choice: Choice
    resets: tuple[ResetStep, ...] = ()
    repairs: tuple[RepairStep, ...] = ()
    removes: bool = False
    warnings: tuple[Note, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    offered: Confirmation | None = None
    refusal: Note | None = None

    @property
    def needs_override(self) -> bool:
        """Whether ``available`` is asked for without proof (a blind write in 29.0.0 ``reset_status``)."""
        return any(each.tick is Tick.OVERRIDE for each in self.confirmations)

    @property
    def ticked(self) -> tuple[RepairStep, ...]:
        """The repairs that are done."""
        return tuple(step for step in self.repairs if step.ticked)

    def with_ticked(self, steps: list[RepairStep]) -> Plan:
        """The same plan with some of its repairs done too."""
        repairs = tuple(dataclasses.replace(each, ticked=True) if each in steps else each for each in self.repairs)
        return dataclasses.replace(self, repairs=repairs)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is done."""
        return not (self.resets or self.ticked or self.removes)

    def lacking(self, ticks: Set[Tick]) -> tuple[Confirmation, ...]:
        """The confirmations that are needed and not given; with any, nothing is sent."""
        return tuple(each for each in self.confirmations if each.tick not in ticks)
