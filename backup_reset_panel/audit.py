# SPDX-License-Identifier: Apache-2.0
"""The audit log: one line of JSON a decision, on the logger ``backup_reset_panel.audit``."""

import datetime
import logging

from backup_reset_panel.core import audit

LOG = logging.getLogger(audit.LOGGER)


def write(request, case, plan, outcome, *, mode, ticks=()):
    """Write down one decision and what came of it.

    :param request: Django request of the administrator
    :param case: decision.Case that it rests on
    :param plan: core.plan.Plan that was carried out or refused
    :param outcome: core.outcome.Outcome, or None if nothing was sent
    :param mode: "dialog", "bulk" or "repair"
    """
    user = request.user
    who = audit.Who(
        user.id,
        user.username,
        user.tenant_id,
        request.META.get("REMOTE_ADDR"),
        user.services_region,
        request.headers.get("x-request-id"),
    )
    repairs = [_repair(repaired) for repaired in outcome.repairs] if outcome else []
    record = audit.audit_record(
        who,
        datetime.datetime.now(datetime.timezone.utc),
        case.evidence,
        case.verdict,
        plan,
        mode=mode,
        ticks=ticks,
        outcome=outcome.ending if outcome else None,
        repairs=repairs,
        request_ids=[outcome.request_id] if outcome and outcome.request_id else [],
    )
    LOG.info("%s", audit.line(record))


def _repair(repaired):
    step = repaired.step
    return {
        "kind": step.kind.value,
        "id": step.id,
        "from": step.before,
        "to": step.after,
        "outcome": repaired.ending.value,
        "request_id": repaired.request_id,
    }
