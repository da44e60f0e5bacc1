# SPDX-License-Identifier: Apache-2.0
"""The audit record: one line of JSON for each backup that was reset or repaired, or that a reset was refused for.

Cinder keeps no trace of who reset what from which status (29.0.0 ``reset_status`` writes no message and no reason).
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Iterable
from typing import Any

from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.leftover_texts import NOT_SENT
from backup_reset_panel.core.leftover_texts import Released
from backup_reset_panel.core.outcome.types import Outcome
from backup_reset_panel.core.outcome.types import RepairOutcome
from backup_reset_panel.core.plan.types import Plan
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.sources import Source
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.verdict.types import Verdict

#: Name of the logger that the line goes to.
LOGGER = "backup_reset_panel.audit"

#: The attributes of Evidence; asked of the enumeration once, and not for each of hundreds of lines.
_SOURCES = tuple(source.value for source in Source)
#: Every key of the record, in order, with what it holds. The documentation's table is held to it by a test.
FIELDS = (
    ("at", "when, ISO 8601 in UTC"),
    ("user_id", "who: id in Keystone"),
    ("user_name", "who: log-in name"),
    ("user_project_id", "the project that they were logged in to"),
    ("from_address", "the address that the request came from, as Horizon saw it"),
    ("region", "the region of the cloud, null if it has none"),
    ("horizon_request_id", "Horizon's own id of the request, null if it has none"),
    ("mode", "dialog, bulk or left_over"),
    ("choice", "available, error, repair or remove"),
    ("backup_id", "which backup, null for a left-over"),
    ("backup_project_id", "its project, null if it was not read"),
    ("volume_id", "its volume"),
    ("from_status", "its status when the decision was carried out, null if it had none"),
    ("to_status", "the status asked for, null where no reset was sent"),
    ("verdict", "name of the verdict"),
    ("verdict_row", "number of its row in the table"),
    ("life", "what could be said of a job at work on it"),
    ("recommended", "what was recommended"),
    ("evidence", "what each source said; unknown:<why> where it gave no answer"),
    (
        "storage",
        "what its store showed: state, depth, when, parts, what was found or read; null if it was not looked at",
    ),
    ("override", "whether available was asked for without proof"),
    ("confirmed", "names of the confirmations that were given"),
    ("refused", "name of the reason for which nothing was sent, null if something was"),
    ("repairs", "each repair: kind, id, from, to, outcome, request id"),
    ("locked", "ids of volumes and snapshots that stay locked"),
    ("outcome", "how it ended, as far as it was seen by then"),
    ("request_ids", "Cinder's request ids of what it accepted"),
)


@dataclasses.dataclass(frozen=True)
class Who:
    """Who acted, and from where. Nothing of a token."""

    user_id: str
    user_name: str
    user_project_id: str | None = None
    from_address: str | None = None
    region: str | None = None
    horizon_request_id: str | None = None


@dataclasses.dataclass(frozen=True)
class Act:
    """What was decided, and what came of it.

    :param mode: "dialog", "bulk" or "left_over"
    :param choice: value of a Choice
    :param backup_id: which backup, None for a left-over
    :param evidence: on which it was decided, None if the backup could not be read
    :param verdict: what the evidence proves, None if the backup could not be read
    :param plan: what was carried out, or refused, None if the backup could not be read
    :param ticks: that were given
    :param refused: name of the reason for which nothing was sent, None if something was
    :param outcome: what came of it, None if nothing was sent
    :param key: the owner of the reset, by which a later look finds it again; empty: it has none
    :param released: what came of a left-over
    """

    mode: str
    choice: str
    backup_id: str | None
    evidence: Evidence | None = None
    verdict: Verdict | None = None
    plan: Plan | None = None
    ticks: frozenset[Tick] = frozenset()
    refused: str | None = None
    outcome: Outcome | None = None
    key: str = ""
    released: Released | None = None


def audit_record(who: Who, at: datetime.datetime, act: Act) -> dict[str, Any]:
    """The record of one decision, ready for ``json.dumps``: FIELDS in order, no token, no secret, no free text."""
    evidence, verdict, plan, outcome = act.evidence, act.verdict, act.plan, act.outcome
    backup = evidence.backup if evidence and isinstance(evidence.backup, Backup) else None
    values = {
        "at": at.isoformat(),
        **dataclasses.asdict(who),
        "mode": act.mode,
        "choice": act.choice,
        "backup_id": act.backup_id,
        "backup_project_id": backup.project_id if backup else None,
        "volume_id": backup.volume_id if backup else None,
        "from_status": backup.status if backup else None,
        "to_status": plan.resets[-1].target if plan and plan.resets else None,
        "verdict": verdict.kind.value if verdict else None,
        "verdict_row": verdict.row if verdict else None,
        "life": verdict.life.value if verdict else None,
        "recommended": verdict.recommended.value if verdict else None,
        "evidence": evidence_summary(evidence) if evidence else {},
        "storage": _storage(evidence.storage) if evidence and evidence.storage else None,
        "override": bool(plan and plan.needs_override),
        "confirmed": sorted(tick.value for tick in act.ticks),
        "refused": act.refused,
        "repairs": _repairs(outcome.repairs if outcome else ()),
        "locked": [step.id for step in outcome.locked] if outcome else [],
        "outcome": outcome.ending.value if outcome else None,
        "request_ids": list(outcome.request_ids) if outcome else [],
    }
    if act.released:
        values |= _left_over(act.released)
    return {name: values[name] for name, _meaning in FIELDS}


def _left_over(released: Released) -> dict[str, Any]:
    shown, ending = released.shown, released.ending.value
    done = {"kind": shown.kind.value, "id": shown.id, "from": shown.status, "to": shown.after or None}
    return {
        "volume_id": None if shown.kind.is_snapshot else shown.id,
        "from_status": shown.status,
        "repairs": [done | {"outcome": ending, "request_id": released.request_id}],
        "refused": ending if released.ending in NOT_SENT else None,
        "outcome": None if released.ending in NOT_SENT else ending,
    }


def _storage(found: Finding) -> dict[str, Any]:
    return {
        "state": found.state.value,
        "depth": found.depth.value,
        "checked_at": found.checked_at.isoformat(),
        "parts": found.parts,
        "parts_read": found.parts_read,
        "issues": [issue.code.value for issue in found.issues],
        "read_at": found.read_at.isoformat() if found.read_at else None,
        "bytes_read": found.bytes_read,
        "seconds_read": round(found.seconds_read, 3),
    }


def _repairs(repaired: Iterable[RepairOutcome]) -> list[dict[str, str | None]]:
    return [
        {
            "kind": each.step.kind.value,
            "id": each.step.id,
            "from": each.step.before,
            "to": each.step.after,
            "outcome": each.ending.value,
            "request_id": each.request_id,
        }
        for each in repaired
    ]


def line(record: dict[str, Any]) -> str:
    """The record as one line of ASCII: no name can break it or forge another one (Cinder takes any name)."""
    return json.dumps(record, ensure_ascii=True, separators=(",", ":"))


def evidence_summary(evidence: Evidence) -> dict[str, Any]:
    """What each asked source said, in a word or number each."""
    summary: dict[str, Any] = {}
    if isinstance(evidence.backup, Backup):
        backup = evidence.backup
        summary = {
            "object_count": backup.object_count,
            "incremental": backup.is_incremental,
            "has_fail_reason": bool(backup.fail_reason),
            "updated_at": backup.updated_at.isoformat() if backup.updated_at else None,
        }
    for source in _SOURCES:
        answer = getattr(evidence, source)
        if known(answer):
            summary[source] = _brief(answer)
        elif answer.why is not Gap.NOT_ASKED:
            summary[source] = f"unknown:{answer.why.value}"
    return summary


def _brief(answer: Any) -> Any:
    """One word of an answer: its status where it has one, how many where it is several, else itself."""
    if hasattr(answer, "ancestors"):
        return {"found": [ancestor.id for ancestor in answer.ancestors], "end": answer.end.value}
    if isinstance(answer, tuple):
        return [_name(item) for item in answer]
    return answer.status if hasattr(answer, "status") else answer


def _name(item: Any) -> str:
    """A service by host and state, a message by its event, a backup by its id."""
    if hasattr(item, "host"):
        return f"{item.host}:{'up' if item.up else 'down'}"
    return str(getattr(item, "event_id", None) or item.id)
