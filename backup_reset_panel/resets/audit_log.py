# SPDX-License-Identifier: Apache-2.0
"""The audit log: one line of JSON a decision, on the logger ``backup_reset_panel.audit``; and the history beside it."""

from __future__ import annotations

import datetime
import logging
import secrets
from collections.abc import Iterable
from typing import Any

from openstack_auth import utils as auth_utils

from backup_reset_panel.core import audit
from backup_reset_panel.core import history
from backup_reset_panel.core.outcome.types import Outcome
from backup_reset_panel.history import store

LOG = logging.getLogger(audit.LOGGER)

#: Request ids have up to 64 characters, chains of forwarded addresses some hundred; a client can send any.
LONGEST = 256

#: The handler that start-up had to add because Horizon's LOGGING drops the audit log; None where it does not. Read by
#: the system check W006.
fallback: logging.Handler | None = None


def keep(logger: logging.Logger = LOG) -> None:
    """Make sure that audit lines are kept: on stderr, which web servers log, where Horizon's LOGGING would drop them.

    It does in Horizon's own example (27.0.0 ``local_settings.py.example``), which names the loggers it knows and has no
    handler for others. Called once at start-up; a second call changes nothing.

    :param logger: the audit log
    """
    global fallback
    if _is_kept(logger):
        return
    fallback = logging.StreamHandler()
    fallback.setFormatter(logging.Formatter("%(name)s %(message)s"))
    logger.addHandler(fallback)
    logger.setLevel(logging.INFO)
    logger.disabled = False


def _is_kept(logger: logging.Logger | None) -> bool:
    """Whether some handler takes what the logger is told at level INFO."""
    if logger is None or logger.disabled or not logger.isEnabledFor(logging.INFO):
        return False
    while logger:
        if any(_takes_info(handler) for handler in logger.handlers):
            return True
        logger = logger.parent if logger.propagate else None
    return False


def _takes_info(handler: logging.Handler) -> bool:
    return handler.level <= logging.INFO and not isinstance(handler, logging.NullHandler)


def write(request: Any, acts: Iterable[audit.Act]) -> None:
    """Write down decisions and what came of them: a line each, and in the history, if the site keeps one.

    :param request: Django request of the administrator
    :param acts: what was decided, and what came of it
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
    entries = []
    for act in acts:
        record = audit.audit_record(who, datetime.datetime.now(datetime.timezone.utc), act)
        LOG.info("%s", audit.line(record))
        entries.append(history.entry(act.key or secrets.token_hex(8), record, act))
    store.write(entries)


def write_seen(looked_at: Iterable[tuple[str, Outcome]]) -> None:
    """Write into the history what a later look showed of resets that were open when their lines were written.

    :param looked_at: (owner of the reset, Outcome) pairs
    """
    now = datetime.datetime.now(datetime.timezone.utc)
    store.write(
        history.Settled(owner, outcome.ending.value, now, tuple(step.id for step in outcome.locked))
        for owner, outcome in looked_at
        if not outcome.is_open
    )


def _short(value: str | None) -> str | None:
    """What a client or a proxy says of itself, without what is not printed, and no longer than such a value ever is."""
    if value is None:
        return None
    return "".join(character for character in value if character.isprintable())[:LONGEST]
