# SPDX-License-Identifier: Apache-2.0
"""What a page hands to the request that follows it: signed, so that a browser cannot alter it.

No server keeps anything between two requests: it works behind any number of Horizon workers.
"""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from django.core import signing

from backup_reset_panel.core.bulk import Mode
from backup_reset_panel.core.outcome.types import Ending
from backup_reset_panel.core.outcome.types import Held
from backup_reset_panel.core.outcome.types import Outcome
from backup_reset_panel.core.outcome.types import RepairEnding
from backup_reset_panel.core.outcome.types import RepairOutcome
from backup_reset_panel.core.plan.types import RepairKind
from backup_reset_panel.core.plan.types import RepairStep
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.verdict.types import OF_THE_STORE

_SALT = "backup_reset_panel"
MAX_AGE_SECONDS = 24 * 3600


class BadToken(Exception):
    """Not one of ours, of another backup, or too old."""


@dataclasses.dataclass(frozen=True)
class Order:
    """One row to be carried out, as it was planned.

    :param backup_id: which backup
    :param decision: what was decided and shown, see ``core.decision``
    :param mode: of the run
    :param ticks: what was confirmed for it
    """

    backup_id: str
    decision: dict[str, Any]
    mode: Mode
    ticks: frozenset[Tick]

    @property
    def status(self) -> str | None:
        """The status that the backup had."""
        status: str | None = self.decision["record"]["status"]
        return status

    @property
    def is_by_store(self) -> bool:
        """Whether it rests on what was on the backup's store."""
        return self.decision["kind"] in {kind.value for kind in OF_THE_STORE}

    @property
    def choice(self) -> str:
        """What was asked for, the value of a Choice."""
        return str(next(iter(self.decision["plans"]))).partition("+")[0]


@dataclasses.dataclass(frozen=True)
class Watched:
    """A reset that was sent, to be looked at again.

    :param outcome: as it was when it was last looked at
    :param owner: whose pending reset it is
    :param where: region, project and user for which it was read, so that "not found" can be told from "not here"
    :param since: when Cinder took it, as far as is known
    :param stored: what its store showed when it was sent, in words
    """

    outcome: Outcome
    owner: str
    where: tuple[str, ...]
    since: datetime.datetime
    stored: str = ""


def shown(backup_id: str, decision: dict[str, Any]) -> str:
    """What the dialog of a backup showed, for the guard on submit."""
    return dump("shown", {"id": backup_id, "decision": decision})


def what_was_shown(token: str, backup_id: str) -> dict[str, Any]:
    """The ``core.decision`` that ``shown`` put in.

    :raises BadToken: the token is none, or of another backup
    """
    found = load("shown", token)
    if found["id"] != backup_id:
        raise BadToken
    decision: dict[str, Any] = found["decision"]
    return decision


def order(made: Order) -> str:
    """One row of a bulk plan."""
    values = {
        "id": made.backup_id,
        "decision": made.decision,
        "mode": made.mode.value,
        "ticks": sorted(tick.value for tick in made.ticks),
    }
    return dump("order", values)


def ordered(token: str) -> Order:
    """The Order that ``order`` put in.

    :raises BadToken: the token is none
    """
    found = load("order", token)
    ticks = frozenset(map(Tick, found["ticks"]))
    return Order(found["id"], found["decision"], Mode(found["mode"]), ticks)


def watch(watched: Watched) -> str:
    """What a result needs to look again."""
    outcome = watched.outcome
    waiting = [each.step for each in outcome.repairs if each.ending is RepairEnding.WAITING]
    values = {
        "before": _in_short(outcome.before),
        "target": outcome.target,
        "ending": outcome.ending.value,
        "ids": list(outcome.request_ids),
        "held": [outcome.held.kind.value, *dataclasses.astuple(outcome.held)[1:]] if outcome.held else None,
        "host": outcome.host,
        "waiting": [_step(each) for each in waiting],
        "holds": [_step(each) for each in outcome.holds],
        "owner": watched.owner,
        "where": list(watched.where),
        "since": watched.since.isoformat(),
        "stored": watched.stored,
    }
    return dump("watch", values)


def watched(token: str) -> Watched:
    """The Watched that ``watch`` put in.

    :raises BadToken: the token is none
    """
    found = load("watch", token)
    held = found["held"]
    outcome = Outcome(
        Ending(found["ending"]),
        _backup(found["before"]),
        found["target"],
        request_ids=tuple(found["ids"]),
        repairs=tuple(RepairOutcome(_repair_step(each), RepairEnding.WAITING) for each in found["waiting"]),
        holds=tuple(map(_repair_step, found["holds"])),
        held=Held(RepairKind(held[0]), *held[1:]) if held else None,
        host=found["host"],
    )
    since = datetime.datetime.fromisoformat(found["since"])
    return Watched(outcome, found["owner"], tuple(found["where"]), since, found.get("stored", ""))


_KEPT = ("id", "name", "status", "object_count", "fail_reason", "container", "volume_id", "snapshot_id", "project_id")


def _in_short(backup: Backup) -> dict[str, Any]:
    return {name: getattr(backup, name) for name in _KEPT}


def _backup(values: dict[str, Any]) -> Backup:
    return Backup(**values)


def _step(step: RepairStep) -> dict[str, Any]:
    names = ("id", "name", "project_id", "before", "after", "policy")
    return {"kind": step.kind.value} | {name: getattr(step, name) for name in names}


def _repair_step(values: dict[str, Any]) -> RepairStep:
    return RepairStep(**values | {"kind": RepairKind(values["kind"])})


def dump(kind: str, values: dict[str, Any]) -> str:
    """Values that JSON knows, signed as a token of that kind."""
    return signing.dumps({"kind": kind, **values}, salt=_SALT, compress=True)


def load(kind: str, token: str, max_age: int | None = None) -> dict[str, Any]:
    """The values that ``dump`` put in.

    :param max_age: seconds, None: MAX_AGE_SECONDS
    :raises BadToken: the token is none of that kind, or too old
    """
    try:
        found = signing.loads(token, salt=_SALT, max_age=MAX_AGE_SECONDS if max_age is None else max_age)
    except (signing.BadSignature, ValueError) as exc:
        # ValueError: text that is none, such as a lone surrogate.
        raise BadToken from exc
    if not isinstance(found, dict) or found.get("kind") != kind:
        raise BadToken
    return found
