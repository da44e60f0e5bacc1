# SPDX-License-Identifier: Apache-2.0
"""What a dialog hands to the request that follows it: signed, so that a page cannot be made to tell a tale.

No server keeps anything between two requests: it works behind any number of Horizon workers.
"""

import dataclasses

from django.core import signing

from backup_reset_panel.core.outcome import Ending
from backup_reset_panel.core.outcome import Outcome
from backup_reset_panel.core.records import Backup

_SALT = "backup_reset_panel"
MAX_AGE_SECONDS = 24 * 3600

#: What the guard compares; the rest of a record may change without changing what was decided.
_GUARDED = ("id", "status", "object_count", "fail_reason", "container")


class BadTicket(Exception):
    """Not one of ours, of another backup, or too old."""


def shown(backup):
    """What the dialog showed of a backup, for the guard on submit."""
    return signing.dumps(["shown", *_facts(backup)], salt=_SALT, compress=True)


def is_as_shown(ticket, backup):
    """Whether the backup still is what the dialog showed.

    :raises BadTicket: the ticket is none
    """
    return _load(ticket, "shown") == _facts(backup)


def watch(outcome):
    """What a result dialog needs to look again: which backup, as it was, what was asked of it, by which request."""
    facts = [*_facts(outcome.before), outcome.before.name]
    return signing.dumps(
        ["watch", *facts, outcome.target, outcome.ending.value, outcome.request_id], salt=_SALT, compress=True
    )


def watched(ticket, backup_id):
    """The Outcome that ``watch`` put in.

    :raises BadTicket: the ticket is none, or of another backup
    """
    *facts, name, target, ending, request_id = _load(ticket, "watch")
    before = Backup(**dict(zip(_GUARDED, facts, strict=True)))
    if before.id != backup_id:
        raise BadTicket
    before = dataclasses.replace(before, name=name)
    return Outcome(Ending(ending), before, target, request_id=request_id)


def _facts(backup):
    return [getattr(backup, name) for name in _GUARDED]


def _load(ticket, kind):
    try:
        found, *values = signing.loads(ticket, salt=_SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature as exc:
        raise BadTicket from exc
    if found != kind:
        raise BadTicket
    return values
