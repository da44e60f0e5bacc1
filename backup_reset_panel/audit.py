# SPDX-License-Identifier: Apache-2.0
"""The audit log: one line of JSON a decision, on the logger ``backup_reset_panel.audit``."""

import datetime
import logging

from openstack_auth import utils as auth_utils

from backup_reset_panel.core import audit

LOG = logging.getLogger(audit.LOGGER)

#: Request ids have up to 64 characters, chains of forwarded addresses some hundred; a client can send any.
LONGEST = 256

#: The handler that start-up had to add because Horizon's LOGGING drops the audit log; None where it does not. Read by
#: the system check W006.
fallback = None


def keep(logger=LOG):
    """See to it that audit lines are kept: on stderr, which web servers log, where Horizon's LOGGING would drop them.

    It does in Horizon's own example (27.0.0 ``local_settings.py.example``), which names the loggers it knows and has no
    handler for others. Called once at start-up; a second call changes nothing.

    :param logger: logging.Logger of the audit log
    """
    global fallback
    if _is_kept(logger):
        return
    fallback = logging.StreamHandler()
    fallback.setFormatter(logging.Formatter("%(name)s %(message)s"))
    logger.addHandler(fallback)
    logger.setLevel(logging.INFO)
    logger.disabled = False


def _is_kept(logger):
    """Whether some handler takes what the logger is told at level INFO."""
    if logger.disabled or not logger.isEnabledFor(logging.INFO):
        return False
    while logger:
        if any(_takes_info(handler) for handler in logger.handlers):
            return True
        logger = logger.parent if logger.propagate else None
    return False


def _takes_info(handler):
    return handler.level <= logging.INFO and not isinstance(handler, logging.NullHandler)


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
        _short(auth_utils.get_client_ip(request)),
        user.services_region,
        _short(request.headers.get("x-request-id")),
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


def _short(value):
    """What a client or a proxy says of itself, without what is not printed, and no longer than such a value ever is."""
    if value is None:
        return None
    return "".join(character for character in value if character.isprintable())[:LONGEST]


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
