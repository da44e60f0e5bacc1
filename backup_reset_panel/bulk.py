# SPDX-License-Identifier: Apache-2.0
"""Planning a bulk run, a chunk at a time: by the rules of the dialog, on lists instead of single reads."""

import dataclasses

from backup_reset_panel import conf
from backup_reset_panel import decision
from backup_reset_panel import tickets
from backup_reset_panel.core.bulk import BulkLine
from backup_reset_panel.core.bulk import Mode
from backup_reset_panel.core.bulk import bulk_line
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.kinds import Choice
from backup_reset_panel.core.outcome import GONE
from backup_reset_panel.core.outcome import FaultKind
from backup_reset_panel.core.repairs import BACKING_UP
from backup_reset_panel.core.verdict import Verdict
from backup_reset_panel.core.verdict import judge

#: A chunk of a plan that is worked out row by row takes about this long.
CHUNK_SECONDS = 1.5
#: After one of these there is no plan: the rest would only fail the same way, and a refused token must not be tried
#: again.
STOPPING = (FaultKind.TOKEN_REFUSED, FaultKind.NO_SERVICE, FaultKind.NO_CONNECTION, FaultKind.FORBIDDEN)
#: After one of these nothing more of a run is sent.
PAUSING = frozenset(STOPPING) | GONE


@dataclasses.dataclass(frozen=True)
class Settings:
    """What a run is for.

    :param mode: core.bulk.Mode
    :param include_live: whether rows that may be live are taken along
    """

    mode: Mode
    include_live: bool = False


@dataclasses.dataclass(frozen=True)
class Planned:
    """One row of a plan."""

    evidence: Evidence
    verdict: Verdict
    line: BulkLine


def plan_one(request, cloud, backup_id, settings):
    """Plan one backup on all the evidence that the dialog would have.

    :raises CinderFault: it could not be read
    :raises NotAuthorized: not the user's to reset
    """
    case = decision.examine(request, cloud, backup_id)
    return _planned(case.evidence, settings)


def plan_listed(evidence, settings):
    """Plan one backup on what a survey's lists tell.

    :returns: Planned, or None where lists do not tell enough and it has to be asked about by itself
    """
    is_plain = not evidence.backup.is_incremental and evidence.status in ("creating", "restoring", "deleting")
    # Of what was never taken up only the volume is repaired, if nothing else holds it: lists do not tell.
    enough = says(evidence.taken_up, True) and known(evidence.driver)
    return _planned(evidence, settings) if is_plain and enough else None


def _planned(evidence, settings):
    verdict = judge(evidence)
    line = bulk_line(evidence, verdict, settings.mode, include_live=settings.include_live, rules=conf.rules())
    return Planned(evidence, verdict, line)


def ticket(planned, settings):
    """What the browser hands back to have one planned row carried out."""
    evidence = planned.evidence
    facts = [
        _plain(evidence.taken_up),
        _plain(evidence.driver),
        _plain(evidence.temp_volume),
        _plain(evidence.temp_snapshot),
    ]
    values = [planned.line.plan.choice.value, facts, settings.include_live, _may_hold(evidence)]
    return tickets.planned(evidence.backup, values)


def _may_hold(evidence):
    """Whether the backup may hold its volume or a snapshot. What is not held when it is planned never will be by it."""
    volume = evidence.volume
    if evidence.backup.snapshot_id:
        return True
    if known(volume):
        return volume is not None and volume.status == BACKING_UP
    return volume.why is not Gap.NOT_ASKED


def _plain(answer):
    return answer if known(answer) else None


@dataclasses.dataclass(frozen=True)
class Order:
    """One row to be carried out, as its ticket says."""

    backup_id: str
    shown: list
    choice: Choice
    facts: list
    include_live: bool
    may_hold: bool


def order(text):
    """The Order of a ticket.

    :raises tickets.BadTicket: it is not ours, or too old
    """
    backup_id, shown, (choice, facts, include_live, may_hold) = tickets.what_was_planned(text)
    return Order(backup_id, shown, Choice(choice), facts, include_live, may_hold)
