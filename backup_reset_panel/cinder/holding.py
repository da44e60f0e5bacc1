# SPDX-License-Identifier: Apache-2.0
"""What may hold a volume or snapshot that might be left over: asked after it was seen."""

from __future__ import annotations

from typing import Any

from backup_reset_panel.cinder.evidence.batch import IMPOSSIBLE
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.cinder.questions import Filters
from backup_reset_panel.cinder.questions import Listed
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.leftovers import is_made_for_work
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Snapshot
from backup_reset_panel.core.records import Volume

#: So many volumes that are restored into, and so many temporary ones, are asked about one by one.
MOST_ASKED = 100
_RESTORED = (statuses.RESTORING_BACKUP, statuses.ERROR_RESTORING)
_COLUMNS = {"volumes": "temp_volume_id", "snapshots": "temp_snapshot_id"}


def restored_into_now(records: list[Any], at_work: tuple[Backup, ...]) -> Asking:
    """Into which volumes a backup is being restored, by the hidden ``restore_volume_id``, and whether that is cut.

    No answer counts without its controls: an impossible value gives no row, and those that are being restored all have
    some value.
    """
    wanted = [each.id for each in records if isinstance(each, Volume) and each.status in _RESTORED]
    restoring = {backup.id for backup in at_work if backup.status == statuses.RESTORING}
    if not wanted or not restoring:
        return {}, False
    only: Filters = (("status", statuses.RESTORING),)
    questions = {each: Listed("backups", (*only, ("restore_volume_id", each))) for each in wanted[:MOST_ASKED]}
    none = Listed("backups", (*only, ("restore_volume_id", IMPOSSIBLE)))
    some = Listed("backups", (*only, ("restore_volume_id~", "-")))
    answers = yield ask(*questions.values(), none, some)
    gap = _gap(answers[none], answers[some], restoring)
    told = {each: _has_rows(answers[question], gap) for each, question in questions.items()}
    rest = wanted[MOST_ASKED:]
    return told | dict.fromkeys(rest, Unknown(Gap.NOT_ASKED)), bool(rest)


def _gap(none: Any, some: Any, restoring: set[str]) -> Unknown | None:
    lost = next((each for each in (none, some) if not known(each)), None)
    if lost is not None:
        return lost if isinstance(lost, Unknown) else None
    return Unknown(Gap.CONTROLS_FAILED) if none or not restoring.intersection(some) else None


def _has_rows(answer: Any, gap: Unknown | None) -> bool | Unknown:
    if gap is not None:
        return gap
    return bool(answer) if known(answer) else answer


def recorded_as_temporary(
    records: list[Any], at_work: tuple[Backup, ...], temporary: dict[str, bool | Unknown]
) -> Asking:
    """Which temporary ones a backup, in whatever status, still names as its own (hidden), and whether that is cut."""
    wanted = [each for each in records if temporary.get(each.id) is True and not is_made_for_work(each, at_work)]
    if not wanted:
        return {}, False
    columns = {each.id: _COLUMNS["snapshots" if isinstance(each, Snapshot) else "volumes"] for each in wanted}
    asked = list(columns.items())[:MOST_ASKED]
    questions = {each: Listed("backups", ((column, each),)) for each, column in asked}
    controls = {column: Listed("backups", ((column, IMPOSSIBLE),), limit=1) for column in set(columns.values())}
    answers = yield ask(*questions.values(), *controls.values())
    told: dict[str, bool | Unknown] = {}
    for each, question in questions.items():
        control = answers[controls[columns[each]]]
        failed = control if not known(control) else Unknown(Gap.CONTROLS_FAILED) if control else None
        told[each] = _has_rows(answers[question], failed)
    rest = [each for each in columns if each not in told]
    return told | dict.fromkeys(rest, Unknown(Gap.NOT_ASKED)), bool(rest)
