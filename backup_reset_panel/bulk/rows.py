# SPDX-License-Identifier: Apache-2.0
"""The rows of a bulk run as the browser gets them: dicts of JSON values."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from backup_reset_panel import cinder
from backup_reset_panel.bulk.deciding import Row
from backup_reset_panel.bulk.planning import Planned
from backup_reset_panel.bulk.planning import Settings
from backup_reset_panel.core import statuses
from backup_reset_panel.core.durations import span
from backup_reset_panel.core.fingerprint import Change
from backup_reset_panel.core.liveness import age
from backup_reset_panel.core.liveness import last_change
from backup_reset_panel.core.outcome import notices
from backup_reset_panel.core.outcome import texts
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.plan.confirmations import in_words
from backup_reset_panel.core.plan.repairs import repairs
from backup_reset_panel.core.plan.types import Plan
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.resets import execute
from backup_reset_panel.resets import stored
from backup_reset_panel.resets import tokens


def planned_row(planned: Planned, settings: Settings) -> dict[str, Any]:
    """One row of a plan; ``token`` is empty where it is left out.

    ``host`` and ``wants_word`` say by whose process being dead more would be done.
    """
    case, line = planned.case, planned.line
    backup, unchanged = case.backup, age(case.evidence)
    row = {
        "id": backup.id,
        "name": backup.name or backup.id,
        "project": backup.project_id or "",
        "project_id": backup.project_id or "",
        "volume_id": backup.volume_id or "",
        "changed_at": _iso(last_change(case.evidence)),
        "planned_at": _iso(case.evidence.read_at),
        "from": str(statuses.label(backup.status)),
        "age": str(span(unchanged)) if unchanged is not None else "",
        "verdict": case.verdict.kind.value,
        "why": str(case.verdict.headline),
        "left_out": str(line.left_out.text) if line.left_out else "",
        "stored": _stored(planned),
        "host": planned.host,
        "is_up": _is_up(planned),
        "wants_word": line.wants_word or bool(planned.ticks),
        "locks": len(repairs(case.evidence)),
        "target": "",
        "to": "",
        "also": "",
        "token": "",  # nosec B105  # there is none
    }
    if line.plan:
        row["target"] = line.plan.choice.value
        row["to"] = _to(line.plan)
        row["also"] = _also(line.plan)
        row["token"] = tokens.order(planned.order(settings.mode))
    return row


def _stored(planned: Planned) -> str:
    """How deep a backup's store was looked into; "unknown": it did not tell, empty: it has nothing to tell here."""
    found, plan = planned.case.evidence.storage, planned.line.plan
    if found is None:
        return "unknown" if plan and stored.must_be_checked(planned.case, plan.choice) else ""
    return "unknown" if found.state is State.UNKNOWN else found.depth.value


def _iso(moment: datetime.datetime | None) -> str:
    """A moment in UTC, to the second; empty where there is none."""
    return moment.astimezone(datetime.timezone.utc).isoformat(timespec="seconds") if moment else ""


def _is_up(planned: Planned) -> bool:
    services = planned.case.evidence.services
    return isinstance(services, tuple) and any(each.up and each.host == planned.host for each in services)


def _to(plan: Plan) -> str:
    if plan.removes:
        return str(_("Removed"))
    return str(statuses.label(plan.resets[-1].target)) if plan.resets else ""


def _also(plan: Plan) -> str:
    """What is freed too, or stays locked."""
    freed = [f"{step.label}: {' → '.join(map(str, in_words(step).values()))}" for step in plan.ticked]
    locked = [str(texts.of_locked(step)) for step in plan.repairs if not step.ticked]
    return "; ".join(freed + locked)


def unread_row(backup_id: str, fault: Fault) -> dict[str, Any]:
    """One row of a plan that could not be read."""
    names = ("project", "project_id", "volume_id", "changed_at", "from", "age", "verdict", "why", "host", "target")
    blank = dict.fromkeys((*names, "to", "also", "token", "stored"), "") | {"planned_at": _iso(timezone.now())}
    flags = {"is_up": False, "wants_word": False, "locks": 0}
    return {"id": backup_id, "name": backup_id, **blank, **flags, "left_out": notices.of_fault(fault).text}


def result_row(cloud: cinder.Cloud, row: Row) -> dict[str, Any]:
    """What became of one row: ``class`` is the one result class that it counts in.

    Of those that are ``put_off`` nothing has become yet: they are still to be sent.
    """
    if row.outcome:
        return outcome_row(cloud, execute.Result(row.outcome, row.claim.owner))
    blank = {"repairs": [], "freed": 0, "locked": 0, "request_id": "", "watch": ""}
    result = {"id": row.order.backup_id, "level": "warning", "at": _iso(timezone.now()), **blank}
    if row.change is not Change.NONE:
        return result | {"class": "changed", "said": _changed(row)}
    return result | {"class": "put_off" if row.is_put_off else "not_sent", "said": str(_("Not sent."))}


def _changed(row: Row) -> str:
    """Why nothing was sent, and what would be done now."""
    if row.change is Change.NO_MARK:
        return _("Nothing was sent: Cinder did not accept the note that it was being deleted. Decide on it separately.")
    now = row.now
    if now is None:
        return str(texts.of_change(row.change).headline)
    if row.change not in (Change.OTHER_DECISION, Change.ON_STORE):
        return _("Nothing was sent, it has changed: {now}").format(now=_now(now))
    return _("Nothing was sent, what is known has changed: {now}").format(now=_now(now))


def _now(planned: Planned) -> str:
    """What is known of a row now, and what would be done about it."""
    headline = str(planned.case.verdict.headline)
    if planned.line.left_out:
        return f"{headline} {planned.line.left_out.text}"
    plan = planned.line.plan
    to = _to(plan) if plan else ""
    return _("{headline} Now: {to}.").format(headline=headline, to=to) if to else headline


def outcome_row(cloud: cinder.Cloud, result: execute.Result) -> dict[str, Any]:
    """How one reset ended; ``watch`` is the token for another look while it is open."""
    outcome = result.outcome
    told = texts.of_outcome(outcome)
    fault_id = outcome.fault.request_id if outcome.fault else ""
    return {
        "id": outcome.before.id,
        "class": outcome.ending.value,
        "at": _iso(timezone.now()),
        "level": told.level,
        "said": str(told.headline),
        "repairs": [texts.of_repair(each).text for each in outcome.repairs]
        + [str(texts.of_locked(step)) for step in outcome.locked],
        "freed": sum(each.ending.value == "done" for each in outcome.repairs),
        "locked": len(outcome.locked) + sum(each.ending.value != "done" for each in outcome.repairs),
        "request_id": " ".join(outcome.request_ids) or fault_id,
        "watch": tokens.watch(result.watched(cloud)) if outcome.is_open else "",
    }
