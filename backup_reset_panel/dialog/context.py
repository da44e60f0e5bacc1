# SPDX-License-Identifier: Apache-2.0
"""What the templates of the dialogs are given: decided things in words, nothing to decide left."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.durations import span
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.liveness import Life
from backup_reset_panel.core.liveness import age
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.outcome import notices
from backup_reset_panel.core.outcome import texts
from backup_reset_panel.core.outcome.types import Ending
from backup_reset_panel.core.outcome.types import Outcome
from backup_reset_panel.core.plan.commands import Tool
from backup_reset_panel.core.plan.commands import commands
from backup_reset_panel.core.plan.preflight import Clearance
from backup_reset_panel.core.plan.types import Plan
from backup_reset_panel.core.plan.warnings import Warn
from backup_reset_panel.core.sources import source_label
from backup_reset_panel.core.storage import reading_texts
from backup_reset_panel.core.storage import texts as storage_texts
from backup_reset_panel.core.storage.types import Depth
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.core.verdict import texts as texts_of_verdict
from backup_reset_panel.core.verdict.types import Advice
from backup_reset_panel.resets.case import Case
from backup_reset_panel.web import services
from backup_reset_panel.web.alerts import ALERTS

_LEAVE = _("Recommended: leave it as it is.")
#: Endings after which the same can be asked for again, by opening the dialog anew.
_AGAIN = (Ending.ACCEPTED, Ending.UNKNOWN, Ending.REACHED, Ending.SETTLED_OTHERWISE, Ending.HALF_WAY, Ending.STOPPED)


def of_case(case: Case) -> dict[str, Any]:
    """The context of the dialog."""
    backup, evidence, main = case.backup, case.evidence, case.main
    unchanged = age(evidence)
    return {
        "case": case,
        "backup": backup,
        "volume": evidence.volume if known(evidence.volume) else None,
        "volume_status": _volume_status(evidence.volume),
        "restore_target": evidence.restore_target if known(evidence.restore_target) else None,
        "target_status": _volume_status(evidence.restore_target),
        "project_name": case.project_name,
        "status_label": statuses.label(backup.status),
        "unchanged_for": span(unchanged) if unchanged is not None else None,
        "verdict": case.verdict,
        "verdict_alert": ALERTS[case.verdict.level],
        "advice": _LEAVE if case.verdict.recommended is Advice.LEAVE and case.recommended is None else None,
        "warning": _warning(case),
        "nothing_offered": _why_nothing(case),
        "more_warnings": [note.text for note in main.warnings if note.text != _warning(case)] if main else [],
        "refusals": _refusals(case),
        "services": services.by_place(evidence.services, evidence.read_at),
        "missing": [source_label(source) for source, _why in evidence.missing],
        "commands": _commands(case),
    }


def of_store(case: Case, can_tell: bool, backup_id: str) -> dict[str, Any]:
    """What the dialog says of the backup's store.

    :param can_tell: whether it could be asked
    """
    found = case.evidence.storage
    url = reverse("horizon:admin:backup_reset:update_status", args=(backup_id,))
    is_in_headline = case.verdict.kind in texts_of_verdict.ON_STORE and case.verdict.life is not Life.RUNNING
    return {
        "is_stored": found is not None,
        "stored_url": f"{url}?stored=yes" if can_tell and found is None else "",
        "stored_text": _stored(found, case) if found and not is_in_headline else "",
        "read_text": reading_texts.about(found, case.evidence.read_at) if found else "",
        "read_url": reverse("horizon:admin:backup_reset:read", args=(backup_id,)) if _is_to_be_read(found) else "",
    }


def _stored(found: Finding, case: Case) -> str:
    told = storage_texts.under_a_job if case.verdict.life is Life.RUNNING else storage_texts.headline
    return told(found, case.evidence.read_at)


def is_read(case: Case) -> bool:
    """Whether what was read of its contents is among what the dialog shows."""
    return case.evidence.storage is not None and case.evidence.storage.read_at is not None


def _is_to_be_read(found: Finding | None) -> bool:
    """Whether to offer a reading: of what is there as it should be, and was not read to its end."""
    if found is None or found.state is not State.WHOLE or found.depth is Depth.READ:
        return False
    return bool(found.parts or found.ancestors)


def of_outcome(outcome: Outcome) -> dict[str, Any]:
    """The context of the result dialog."""
    return {
        "outcome": outcome,
        "told": texts.of_outcome(outcome),
        "fault_told": _why_unknown(outcome),
        "from_label": statuses.label(outcome.before.status),
        "to_label": statuses.label(outcome.target) if outcome.target else "",
        "repairs": [texts.of_repair(each) for each in outcome.repairs],
        "locked": [texts.of_locked(step) for step in outcome.locked],
        "is_again": outcome.ending in _AGAIN,
    }


def _volume_status(answer: Any) -> Text:
    return statuses.volume_label(answer.status) if known(answer) and answer else ""


def _why_unknown(outcome: Outcome) -> notices.Notice | None:
    """What kept us from knowing, behind an ending that is open; a refusal says it in its own headline."""
    return notices.of_fault(outcome.fault) if outcome.is_open and outcome.fault else None


def _warning(case: Case) -> Text | None:
    """The one warning in the open: that Cinder is slow, that of the services, where they speak, or that of the plan."""
    is_slow = any(note.code is Warn.SLOW for note in (case.main.warnings if case.main else ()))
    if case.preflight.text and _resets_offered(case) and not is_slow:
        return case.preflight.text
    return case.main.warnings[0].text if case.main and case.main.warnings else None


def _resets_offered(case: Case) -> bool:
    return any(each.resets or each.removes for each in case.plans.values() if not each.refusal)


def _why_nothing(case: Case) -> Text | None:
    """Why the dialog has nothing to submit, or None."""
    if case.offered:
        return None
    if case.preflight.clearance is Clearance.BLOCK and _resets_offered(case):
        return case.preflight.text
    return next(iter(_refusals(case)), None)


def _refusals(case: Case) -> list[Text]:
    """Why choices are not offered, each reason once."""
    return list({each.refusal.code: each.refusal.text for each in case.plans.values() if each.refusal}.values())


def _commands(case: Case) -> list[dict[str, Any]]:
    """For each open choice its label, and the commands of each client by itself."""
    return [
        {
            "label": statuses.label(choice.value) if case.plans[choice].resets else None,
            "waits": _waits(case.plans[choice]),
            "blocks": [
                (tool.value, commands(case.plans[choice], case.backup.id, tool, region=case.region)) for tool in Tool
            ],
        }
        for choice in case.offered
    ]


def _waits(plan: Plan) -> bool:
    """Whether there is more than one step, each to be waited for."""
    return len(plan.resets) + len(plan.repairs) + 2 * plan.removes > 1
