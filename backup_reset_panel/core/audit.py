# SPDX-License-Identifier: Apache-2.0
"""The audit record: one line of JSON for each backup that was reset or repaired, or that a reset was refused for.

Cinder keeps no trace of who reset what from which status (29.0.0 ``reset_status`` writes no message and no reason).
"""

import dataclasses
import json

from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.sources import Source

#: Name of the logger that the line goes to.
LOGGER = "backup_reset_panel.audit"

#: Every key of the record, in order, with what it holds. The documentation's table is held to it by a test.
FIELDS = (
    ("at", "when, ISO 8601 in UTC"),
    ("user_id", "who: id in Keystone"),
    ("user_name", "who: log-in name"),
    ("user_project_id", "the project that they were logged in to"),
    ("from_address", "the address that the request came from, as Horizon saw it"),
    ("region", "the region of the cloud, null if it has none"),
    ("horizon_request_id", "Horizon's own id of the request, null if it has none"),
    ("mode", "dialog, bulk or repair"),
    ("backup_id", "which backup"),
    ("backup_project_id", "its project"),
    ("volume_id", "its volume"),
    ("from_status", "its status when the decision was carried out, null if it had none"),
    ("to_status", "the status asked for, null for a repair without a reset"),
    ("verdict", "name of the verdict"),
    ("verdict_row", "number of its row in the table"),
    ("recommended", "what was recommended"),
    ("evidence", "what each source said; unknown:<why> where it gave no answer"),
    ("override", "whether available was asked for without proof"),
    ("confirmed", "names of the confirmations that were given"),
    ("refused", "name of the reason for which nothing was sent, null if it was"),
    ("repairs", "each repair: kind, id, from, to, outcome, request id"),
    ("outcome", "how the reset ended, as far as it was seen by then"),
    ("request_ids", "Cinder's request ids of the resets"),
)


@dataclasses.dataclass(frozen=True)
class Who:
    """Who acted, and from where. Nothing of a token: only what Horizon's log-in page could show, too.

    Cinder's own log knows the user by the request id alone (29.0.0).
    """

    user_id: str
    user_name: str
    user_project_id: str | None = None
    from_address: str | None = None
    region: str | None = None
    horizon_request_id: str | None = None


def audit_record(who, at, evidence, verdict, plan, *, mode, ticks=(), outcome=None, repairs=(), request_ids=()):
    """The record of one decision, ready for ``json.dumps``: FIELDS in order, no token, no secret, no free text.

    :param who: Who
    :param at: aware datetime in UTC
    :param evidence: Evidence that the decision was carried out on
    :param verdict: Verdict of it
    :param plan: Plan that was carried out, or refused
    :param mode: "dialog", "bulk" or "repair"
    :param ticks: Ticks that were given
    :param outcome: name of the ending (``outcome.Ending``), None if no reset was sent
    :param repairs: dicts of the repairs that were tried: kind, id, from, to, outcome, request_id
    :param request_ids: Cinder's ids of the reset requests (``x-openstack-request-id``)
    :returns: dict
    """
    backup = evidence.backup if isinstance(evidence.backup, Backup) else None
    values = {
        "at": at.isoformat(),
        **dataclasses.asdict(who),
        "mode": mode,
        "backup_id": getattr(backup, "id", None),
        "backup_project_id": getattr(backup, "project_id", None),
        "volume_id": getattr(backup, "volume_id", None),
        "from_status": evidence.status,
        "to_status": plan.resets[-1].target if plan.resets else None,
        "verdict": verdict.kind.value,
        "verdict_row": verdict.row,
        "recommended": verdict.recommended.value,
        "evidence": evidence_summary(evidence),
        "override": plan.needs_override,
        "confirmed": sorted(tick.value for tick in ticks),
        "refused": plan.refusal.code.value if plan.refusal else None,
        "repairs": list(repairs),
        "outcome": getattr(outcome, "value", outcome),
        "request_ids": list(request_ids),
    }
    return {name: values[name] for name, _meaning in FIELDS}


def line(record):
    """The record as one line of ASCII: no name can break it or forge another one (Cinder takes any name)."""
    return json.dumps(record, ensure_ascii=True, separators=(",", ":"))


def evidence_summary(evidence):
    """What each asked source said, in a word or number each; for Cinder's meaning of each see ``evidence.py``.

    :param evidence: Evidence
    :returns: dict of str to JSON values
    """
    summary = {}
    if isinstance(evidence.backup, Backup):
        backup = evidence.backup
        summary = {
            "object_count": backup.object_count,
            "incremental": backup.is_incremental,
            "has_fail_reason": bool(backup.fail_reason),
            "updated_at": backup.updated_at.isoformat() if backup.updated_at else None,
        }
    for source in Source:
        answer = getattr(evidence, source.value)
        if known(answer):
            summary[source.value] = _brief(answer)
        elif answer.why is not Gap.NOT_ASKED:
            summary[source.value] = f"unknown:{answer.why.value}"
    return summary


def _brief(answer):
    """One word of an answer: its status where it has one, how many where it is several, else itself."""
    if hasattr(answer, "ancestors"):
        return {"found": [ancestor.id for ancestor in answer.ancestors], "end": answer.end.value}
    if isinstance(answer, tuple):
        return [_name(item) for item in answer]
    return answer.status if hasattr(answer, "status") else answer


def _name(item):
    """A service by host and state, a message by its event, a backup by its id."""
    if hasattr(item, "host"):
        return f"{item.host}:{'up' if item.up else 'down'}"
    return getattr(item, "event_id", None) or item.id
