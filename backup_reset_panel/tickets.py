# SPDX-License-Identifier: Apache-2.0
"""What a dialog hands to the request that follows it: signed, so that a page cannot be made to tell a tale.

No server keeps anything between two requests: it works behind any number of Horizon workers.
"""

import datetime

from django.core import signing

from backup_reset_panel.core.guard import fingerprint
from backup_reset_panel.core.kinds import RepairKind
from backup_reset_panel.core.outcome import Ending
from backup_reset_panel.core.outcome import Outcome
from backup_reset_panel.core.outcome import RepairEnding
from backup_reset_panel.core.outcome import RepairOutcome
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.repairs import RepairStep

_SALT = "backup_reset_panel"
MAX_AGE_SECONDS = 24 * 3600


class BadTicket(Exception):
    """Not one of ours, of another backup, or too old."""


def shown(backup):
    """What the dialog showed of a backup, for the guard on submit."""
    return _dump("shown", backup.id, fingerprint(backup))


def what_was_shown(ticket, backup_id):
    """The ``core.guard.fingerprint`` that ``shown`` put in.

    :raises BadTicket: the ticket is none, or of another backup
    """
    return _load("shown", backup_id, ticket)


def planned(backup, values):
    """One row of a bulk plan: the backup as it was, and what the plan needs to be carried out."""
    return _dump("planned", backup.id, [fingerprint(backup), values])


def what_was_planned(ticket):
    """The backup's id, its ``core.guard.fingerprint`` and the values that ``planned`` put in.

    :raises BadTicket: the ticket is none
    """
    backup_id, (shown_then, values) = _open("planned", ticket)
    return backup_id, shown_then, values


def watch(outcome):
    """What a result dialog needs to look again: the backup as it was, what was asked of it, by which request,
    and which repairs wait for it.
    """
    before = outcome.before
    told = [before.name, outcome.target, outcome.ending.value, outcome.request_id]
    waiting = [_step(each.step) for each in outcome.repairs if each.ending is RepairEnding.WAITING]
    return _dump("watch", before.id, [fingerprint(before), *told, waiting])


def watched(ticket, backup_id):
    """The Outcome that ``watch`` put in.

    :raises BadTicket: the ticket is none, or of another backup
    """
    outcome = any_watched(ticket)
    if outcome.before.id != backup_id:
        raise BadTicket
    return outcome


def any_watched(ticket):
    """Likewise, of whichever backup it is.

    :raises BadTicket: the ticket is none
    """
    backup_id, (facts, name, target, ending, request_id, waiting) = _open("watch", ticket)
    *guarded, touched = facts
    status, object_count, fail_reason, container = guarded
    before = Backup(
        backup_id,
        name=name,
        status=status,
        object_count=object_count,
        fail_reason=fail_reason,
        container=container,
        updated_at=datetime.datetime.fromisoformat(touched) if touched else None,
    )
    repairs = tuple(RepairOutcome(RepairStep(RepairKind(kind), *rest), RepairEnding.WAITING) for kind, *rest in waiting)
    return Outcome(Ending(ending), before, target, request_id=request_id, repairs=repairs)


def _step(step):
    return [step.kind.value, step.id, step.name, step.project_id, step.before, step.after, step.policy]


def _dump(kind, backup_id, values):
    return signing.dumps([kind, backup_id, values], salt=_SALT, compress=True)


def _load(kind, backup_id, ticket):
    whose, values = _open(kind, ticket)
    if whose != backup_id:
        raise BadTicket
    return values


def _open(kind, ticket):
    try:
        found, whose, values = signing.loads(ticket, salt=_SALT, max_age=MAX_AGE_SECONDS)
    except (signing.BadSignature, UnicodeError) as exc:
        # Of text that is no Unicode (a lone surrogate, which JSON can hold) there is no signature.
        raise BadTicket from exc
    if found != kind:
        raise BadTicket
    return whose, values
