# SPDX-License-Identifier: Apache-2.0
"""What the record of a backup proves: one ordered table, first match wins, every evidence matches exactly one row.

The rows are those of the design's section 3. The proofs are in Cinder 29.0.0 (``backup/manager.py``, ``backup/api.py``,
``backup/chunkeddriver.py``); what holds for other releases is said at the predicate that uses it.
"""

import dataclasses
from collections.abc import Callable

from backup_reset_panel.core import statuses
from backup_reset_panel.core import verdict_texts as texts
from backup_reset_panel.core.chain import ChainState
from backup_reset_panel.core.chain import chain_state
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import chunked
from backup_reset_panel.core.evidence import counted
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.kinds import Advice
from backup_reset_panel.core.kinds import Kind
from backup_reset_panel.core.kinds import Level
from backup_reset_panel.core.kinds import Permission
from backup_reset_panel.core.liveness import delete_may_be_queued
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.signs import delete_sign


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What Cinder's record proves and what follows from it.

    :param row: number of the row in the design's table, 1 to 16
    :param kind: Kind, what it says
    :param level: Level, its colour
    :param headline: lazy text, the one line of the dialog
    :param recommended: Advice
    :param available: Permission for ``available``
    :param reasons: tuple of lazy texts for the fold, most telling first
    """

    row: int
    kind: Kind
    level: Level
    headline: str
    recommended: Advice
    available: Permission
    reasons: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Row:
    """One row of the table: its number, the test, and what it leads to.

    ``level``, ``recommended`` and ``available`` hold for every status, but for a backup that is restoring the triple
    ``restoring``, where there is one: a reset to ``available`` gives back the status that it had (29.0.0
    ``backup/api.py`` ``restore`` takes no other).
    """

    number: int
    kind: Kind
    matches: Callable[[Evidence], bool]
    level: Level
    recommended: Advice
    available: Permission
    restoring: tuple[Level, Advice, Permission] | None = None


def _unreadable(evidence):
    return not isinstance(evidence.backup, Backup)


def _not_taken_up(evidence):
    """``reset_status`` of the manager returns without a word where ``service`` is NULL."""
    return says(evidence.taken_up, False)


def _import_unfinished(evidence):
    """``import_record`` revives a deleted row: old object count, no data; the real volume id comes only at its end."""
    return evidence.backup.volume_id == statuses.NO_VOLUME


def _delete_begun(evidence):
    return evidence.status in (statuses.DELETING, statuses.ERROR_DELETING)


def _available(evidence):
    return evidence.status == statuses.AVAILABLE


def _status_unknown(evidence):
    """NULL is possible (29.0.0 ``_cleanup_incomplete_backup_operations`` says so), and so is any foreign text."""
    return evidence.status not in (statuses.CREATING, statuses.RESTORING, statuses.ERROR)


def _delete_tried(evidence):
    return evidence.status == statuses.ERROR and delete_sign(evidence) is not None


def _driver_unknown(evidence):
    return not chunked(evidence)


def _chain_not_proved(evidence):
    return evidence.backup.is_incremental and chain_state(evidence) is not ChainState.SOUND


def _complete(evidence):
    """``object_count`` is saved after all chunks, checksums and metadata (``_finalize_backup``, 10.0.8 to 29.0.0)."""
    return evidence.status == statuses.CREATING and counted(evidence.backup)


def _was_complete(evidence):
    return evidence.status == statuses.ERROR and counted(evidence.backup)


def _was_available(evidence):
    """``restore`` of the API takes only backups in ``available``, and a restore only reads."""
    return evidence.status == statuses.RESTORING and counted(evidence.backup)


def _was_available_untold(evidence):
    return evidence.status == statuses.RESTORING and evidence.backup.is_incremental


def _never_proved(evidence):
    return evidence.status == statuses.RESTORING


def _cannot_tell(evidence):
    """An incremental backup of an unchanged volume is finished with a count of 0 (1 up to Cinder 13)."""
    return evidence.backup.is_incremental


def _otherwise(_evidence):
    return True


_GOOD_AS_BEFORE = (Level.WARN, Advice.AVAILABLE, Permission.YES)
_AS_BEFORE_AT_A_RISK = (Level.WARN, Advice.AVAILABLE, Permission.OVERRIDE)

#: The table. Nothing else decides; a backup in ``error`` to which ``error`` would be recommended is left as it is.
ROWS = (
    Row(1, Kind.UNREADABLE, _unreadable, Level.UNKNOWN, Advice.NONE, Permission.NO),
    Row(2, Kind.NOT_TAKEN_UP, _not_taken_up, Level.WARN, Advice.REPAIR, Permission.NO),
    Row(3, Kind.IMPORT_UNFINISHED, _import_unfinished, Level.BAD, Advice.ERROR, Permission.OVERRIDE),
    Row(4, Kind.DELETE_BEGUN, _delete_begun, Level.BAD, Advice.ERROR, Permission.OVERRIDE),
    Row(5, Kind.AVAILABLE, _available, Level.GOOD, Advice.NONE, Permission.NO),
    Row(6, Kind.UNKNOWN_STATUS, _status_unknown, Level.UNKNOWN, Advice.ERROR, Permission.OVERRIDE),
    Row(7, Kind.DELETE_TRIED, _delete_tried, Level.BAD, Advice.LEAVE, Permission.OVERRIDE),
    Row(8, Kind.DRIVER_UNKNOWN, _driver_unknown, Level.UNKNOWN, Advice.ERROR, Permission.OVERRIDE, _GOOD_AS_BEFORE),
    Row(
        9, Kind.CHAIN_NOT_PROVED, _chain_not_proved, Level.BAD, Advice.ERROR, Permission.OVERRIDE, _AS_BEFORE_AT_A_RISK
    ),
    Row(10, Kind.COMPLETE, _complete, Level.GOOD, Advice.AVAILABLE, Permission.YES),
    Row(11, Kind.WAS_COMPLETE, _was_complete, Level.WARN, Advice.LEAVE, Permission.CONFIRM),
    Row(12, Kind.WAS_AVAILABLE, _was_available, Level.GOOD, Advice.AVAILABLE, Permission.YES),
    Row(13, Kind.WAS_AVAILABLE_UNTOLD, _was_available_untold, Level.WARN, Advice.AVAILABLE, Permission.YES),
    Row(14, Kind.NEVER_PROVED, _never_proved, Level.BAD, Advice.ERROR, Permission.OVERRIDE),
    Row(15, Kind.CANNOT_TELL, _cannot_tell, Level.UNKNOWN, Advice.ERROR, Permission.OVERRIDE),
    Row(16, Kind.NO_PROOF, _otherwise, Level.BAD, Advice.ERROR, Permission.OVERRIDE),
)


def judge(evidence):
    """What the evidence proves, by what 29.0.0 does (the proofs stand at the rows' tests above).

    :param evidence: Evidence, however incomplete; what is missing only ever takes certainty away
    :returns: Verdict from the first row of ROWS that matches
    """
    row = next(row for row in ROWS if row.matches(evidence))
    level, recommended, available = row.level, row.recommended, row.available
    if row.restoring and evidence.status == statuses.RESTORING:
        level, recommended, available = row.restoring
    level = _tempered(level, row.kind, evidence)
    if recommended is Advice.ERROR and evidence.status == statuses.ERROR:
        recommended = Advice.LEAVE
    if available is Permission.OVERRIDE and delete_may_be_queued(evidence):
        available = Permission.NO
    headline = texts.headline(row.kind, evidence)
    return Verdict(row.number, row.kind, level, headline, recommended, available, texts.reasons(row.kind, evidence))


def _tempered(level, kind, evidence):
    """A colour no surer than the evidence: not proved is not broken, and an old sign of a delete is not good."""
    if kind is Kind.CHAIN_NOT_PROVED and level is Level.BAD and chain_state(evidence) is not ChainState.BROKEN:
        return Level.UNKNOWN
    if kind is Kind.WAS_AVAILABLE and delete_sign(evidence):
        return Level.WARN
    return level
