# SPDX-License-Identifier: Apache-2.0
"""What an id stands for beside what a tile lists: whoever pastes one wants to hear of it whatever its status is."""

from __future__ import annotations

import dataclasses

from backup_reset_panel import cinder
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.records import Backup

#: So many backups of one volume are told of, those changed last first.
MOST = 10


@dataclasses.dataclass(frozen=True)
class Elsewhere:
    """What has an id, was made of the volume that has it, or is restored into it, and is not among the page's rows.

    :param backups: the backup of that id first, then those changed last
    :param is_cut: whether the volume may have more of them
    :param is_known: whether all of it could be read
    """

    backups: tuple[Backup, ...] = ()
    is_cut: bool = False
    is_known: bool = True


def begin(interview: cinder.Interview, wanted_id: str) -> None:
    """Have Cinder asked for what ``elsewhere`` will need."""
    interview.begin(_questions(wanted_id))


def elsewhere(interview: cinder.Interview, wanted_id: str, shown: set[str]) -> Elsewhere:
    """What is not shown of an id.

    :param shown: ids of the backups that are
    :raises CinderFault: TOKEN_REFUSED
    """
    itself, of_volume, into, control = (interview.answer(question) for question in _questions(wanted_id))
    rows = [*(itself if known(itself) else ()), *(of_volume if known(of_volume) else ())]
    # Looked at again: Cinder lets filters fall that it does not know.
    found = {row.id: row for row in rows if wanted_id in (row.id, row.volume_id)}
    if known(into) and known(control) and not control:
        found |= {row.id: row for row in into}
    others = [row for row in found.values() if row.id not in shown]
    is_cut = known(of_volume) and len(of_volume) > MOST
    return Elsewhere(tuple(others[: MOST + 1]), is_cut, all(map(known, (itself, of_volume, into, control))))


def by_id(backup_id: str) -> cinder.Listed:
    """The list of the one backup that has an id, or of none."""
    return cinder.Listed("backups", (("id", backup_id),), whole=True, limit=1)


def _questions(wanted_id: str) -> tuple[cinder.Listed, ...]:
    """The backup of that id, those of that volume, and those that are restored into it, with the control for that: the
    API shows no target of a restore (see ``cinder.evidence.batch``).
    """
    of_volume = cinder.Listed("backups", (("volume_id", wanted_id),), True, cinder.NEWEST_FIRST, MOST + 1)
    into, control = (
        cinder.Listed("backups", (("status", statuses.RESTORING), ("restore_volume_id", volume_id)), True, limit=MOST)
        for volume_id in (wanted_id, cinder.IMPOSSIBLE)
    )
    return by_id(wanted_id), of_volume, into, control
