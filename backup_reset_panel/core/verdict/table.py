# SPDX-License-Identifier: Apache-2.0
"""What the record of a backup proves: one ordered table, first match wins, every evidence matches exactly one row.

The rows are those of the design's section 3. The proofs are in Cinder 29.0.0 (``backup/manager.py``, ``backup/api.py``,
``backup/chunkeddriver.py``); what holds for other releases is said at the predicate that uses it.
"""

from __future__ import annotations

import dataclasses

from backup_reset_panel.core import statuses
from backup_reset_panel.core.delete_signs import delete_sign
from backup_reset_panel.core.delete_signs import reason_sign
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import chunked
from backup_reset_panel.core.evidence import counted
from backup_reset_panel.core.evidence import is_late
from backup_reset_panel.core.evidence import on_store
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.liveness import Life
from backup_reset_panel.core.liveness import delete_may_be_queued
from backup_reset_panel.core.liveness import life
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.core.verdict import stored
from backup_reset_panel.core.verdict import texts
from backup_reset_panel.core.verdict.chain import ChainState
from backup_reset_panel.core.verdict.chain import chain_state
from backup_reset_panel.core.verdict.types import Advice
from backup_reset_panel.core.verdict.types import Kind
from backup_reset_panel.core.verdict.types import Level
from backup_reset_panel.core.verdict.types import Permission
from backup_reset_panel.core.verdict.types import Row
from backup_reset_panel.core.verdict.types import Verdict


def _unreadable(evidence: Evidence) -> bool:
    """Without the record nothing can be said, and nothing is sent."""
    return not isinstance(evidence.backup, Backup)


def _not_answered(evidence: Evidence) -> bool:
    """What could not be asked in time is no verdict: the next try may tell, and it may tell the contrary."""
    if evidence.status == statuses.AVAILABLE:
        return False
    decisive: list[object] = [evidence.taken_up]
    if evidence.status in (statuses.CREATING, statuses.RESTORING, statuses.ERROR):
        decisive.append(evidence.driver)
        decisive += [evidence.ancestors] if evidence.record.is_incremental else []
    if evidence.status == statuses.ERROR and counted(evidence.record) and not reason_sign(evidence.record):
        decisive.append(evidence.messages)
    return any(is_late(answer) for answer in decisive)


def _not_taken_up(evidence: Evidence) -> bool:
    """``reset_status`` of the manager returns without a word where ``service`` is NULL."""
    return says(evidence.taken_up, False)


def _import_unfinished(evidence: Evidence) -> bool:
    """``import_record`` revives a deleted row: old object count, no data; the real volume id comes only at its end."""
    return evidence.record.volume_id == statuses.NO_VOLUME


def _delete_begun(evidence: Evidence) -> bool:
    """A delete removes objects first and the record last (``delete_backup`` of the manager): some may be gone."""
    return evidence.status in statuses.BEING_DELETED


def _available(evidence: Evidence) -> bool:
    """Cinder says so itself: there is nothing to verify."""
    return evidence.status == statuses.AVAILABLE


def _status_unknown(evidence: Evidence) -> bool:
    """NULL is possible (29.0.0 ``_cleanup_incomplete_backup_operations`` says so), and so is any foreign text."""
    return evidence.status not in (statuses.CREATING, statuses.RESTORING, statuses.ERROR)


def _delete_tried(evidence: Evidence) -> bool:
    """``delete_sign`` names the signs, and what leaves them."""
    return evidence.status == statuses.ERROR and delete_sign(evidence) is not None


def _driver_unknown(evidence: Evidence) -> bool:
    """Only drivers on the allow-list save the count when all else is written (``evidence.chunked``)."""
    return not chunked(evidence)


def _chain_not_asked(evidence: Evidence) -> bool:
    """Lists do not ask for what an incremental backup builds on: each link of a chain takes a question of its own."""
    answer = evidence.ancestors
    return evidence.record.is_incremental and isinstance(answer, Unknown) and answer.why is Gap.NOT_ASKED


def _chain_not_proved(evidence: Evidence) -> bool:
    """A restore reads every backup of the chain (``chunkeddriver.py`` ``restore``), whatever this one's record says."""
    return evidence.record.is_incremental and chain_state(evidence) is not ChainState.SOUND


def _complete(evidence: Evidence) -> bool:
    """``object_count`` is saved after all chunks, checksums and metadata (``_finalize_backup``, 10.0.8 to 29.0.0)."""
    return evidence.status == statuses.CREATING and counted(evidence.record)


def _was_complete(evidence: Evidence) -> bool:
    """The same count as for row 10; but a delete that fails leaves it as well (``delete_backup`` of the manager)."""
    return evidence.status == statuses.ERROR and counted(evidence.record)


def _was_available(evidence: Evidence) -> bool:
    """``restore`` of the API takes only backups in ``available``, and a restore only reads."""
    return evidence.status == statuses.RESTORING and counted(evidence.record)


def _was_available_untold(evidence: Evidence) -> bool:
    """It was available, as in row 12; with a count of 0 it may still be whole, see ``_cannot_tell``."""
    return evidence.status == statuses.RESTORING and evidence.record.is_incremental


def _never_proved(evidence: Evidence) -> bool:
    """It was available, as in row 12; but a full backup with a count of 0 was never finished, whatever its status."""
    return evidence.status == statuses.RESTORING


def _cannot_tell(evidence: Evidence) -> bool:
    """An incremental backup of an unchanged volume is finished with a count of 0 (1 up to Cinder 13)."""
    return evidence.record.is_incremental


def _otherwise(_evidence: Evidence) -> bool:
    """A full backup without a count: ``_finalize_backup`` was never reached, or its last write was lost."""
    return True


_GOOD_AS_BEFORE = (Level.WARN, Advice.AVAILABLE, Permission.YES)
_AS_BEFORE_AT_A_RISK = (Level.WARN, Advice.AVAILABLE, Permission.OVERRIDE)

#: The table. Nothing else decides what record and store prove. Where the store was looked at and told, it knows better
#: than the rest of the record, but nothing of what rows 1 to 7 are about.
ROWS = (
    Row(1, Kind.UNREADABLE, _unreadable, Level.UNKNOWN, Advice.NONE, Permission.NO),
    Row(1, Kind.NOT_ANSWERED, _not_answered, Level.UNKNOWN, Advice.NONE, Permission.OVERRIDE),
    Row(2, Kind.NOT_TAKEN_UP, _not_taken_up, Level.WARN, Advice.REMOVE, Permission.NO),
    Row(3, Kind.IMPORT_UNFINISHED, _import_unfinished, Level.BAD, Advice.ERROR, Permission.OVERRIDE),
    Row(4, Kind.DELETE_BEGUN, _delete_begun, Level.BAD, Advice.ERROR, Permission.OVERRIDE),
    Row(5, Kind.AVAILABLE, _available, Level.GOOD, Advice.NONE, Permission.NO),
    Row(6, Kind.UNKNOWN_STATUS, _status_unknown, Level.UNKNOWN, Advice.ERROR, Permission.OVERRIDE),
    Row(7, Kind.DELETE_TRIED, _delete_tried, Level.BAD, Advice.LEAVE, Permission.OVERRIDE),
    *stored.ROWS,
    Row(8, Kind.DRIVER_UNKNOWN, _driver_unknown, Level.UNKNOWN, Advice.ERROR, Permission.OVERRIDE, _GOOD_AS_BEFORE),
    Row(9, Kind.CHAIN_NOT_ASKED, _chain_not_asked, Level.UNKNOWN, Advice.NONE, Permission.OVERRIDE),
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


def judge(evidence: Evidence, rules: Rules | None = None) -> Verdict:
    """What the evidence proves, whether a job is at work, and what follows.

    :param evidence: Evidence, however incomplete; what is missing only ever takes certainty away
    :param rules: None for the defaults
    :returns: Verdict from the first row of ROWS that matches
    """
    row = next(row for row in ROWS if row.matches(evidence))
    level, recommended, available = row.level, row.recommended, row.available
    if row.restoring and evidence.status == statuses.RESTORING:
        level, recommended, available = row.restoring
    if available is Permission.OVERRIDE and delete_may_be_queued(evidence):
        available = Permission.NO
    state = life(evidence, rules)
    verdict = Verdict(
        row.number,
        row.kind,
        state,
        _tempered(level, row.kind, evidence),
        texts.headline(row.kind, evidence),
        _for_status(recommended, evidence),
        _for_status(recommended, evidence),
        available,
        texts.reasons(row.kind, evidence, rules),
    )
    return _with_life(verdict, evidence)


def _for_status(recommended: Advice, evidence: Evidence) -> Advice:
    """A backup in ``error`` to which ``error`` would be recommended is left as it is; one that is over is not removed
    behind its owner's back.
    """
    if recommended is Advice.ERROR and evidence.status == statuses.ERROR:
        return Advice.LEAVE
    if recommended is Advice.REMOVE and evidence.status not in statuses.IN_FLIGHT:
        return Advice.REPAIR
    return recommended


def _tempered(level: Level, kind: Kind, evidence: Evidence) -> Level:
    """A colour no surer than the evidence: not proved is not broken, and an old sign of a delete is not good."""
    if kind is Kind.CHAIN_NOT_PROVED and level is Level.BAD and chain_state(evidence) is not ChainState.BROKEN:
        return Level.UNKNOWN
    if kind is Kind.WAS_AVAILABLE and delete_sign(evidence):
        return Level.WARN
    if level is Level.GOOD and on_store(evidence, State.DAMAGED):
        return Level.WARN
    return level


def _with_life(verdict: Verdict, evidence: Evidence) -> Verdict:
    """A job that probably runs comes before all that its record proves; what could not be asked in time as well."""
    if verdict.kind is Kind.UNREADABLE:
        return verdict
    if verdict.life is Life.RUNNING:
        return dataclasses.replace(
            verdict,
            level=Level.LIVE,
            headline=texts.running(evidence),
            recommended=Advice.WAIT,
            reasons=(verdict.headline, *verdict.reasons),
        )
    if verdict.life is Life.CANNOT_TELL and (is_late(evidence.services) or is_late(evidence.last_host)):
        return dataclasses.replace(verdict, level=_no_surer(verdict.level), recommended=Advice.NONE)
    return verdict


def _no_surer(level: Level) -> Level:
    return Level.UNKNOWN if level is Level.GOOD else level
