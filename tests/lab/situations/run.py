# SPDX-License-Identifier: Apache-2.0
"""Driving situations through one failure of cinder-backup."""

import inspect
from collections.abc import Callable

from tests.lab import cinder
from tests.lab.situations import FROZEN
from tests.lab.situations import GONE
from tests.lab.situations import REPLACED
from tests.lab.situations import RESTARTED
from tests.lab.situations import STRIKE
from tests.lab.situations import UNHARMED
from tests.lab.situations import Situation
from tests.lab.situations import find
from tests.lab.situations.bench import Bench

ORDER = (REPLACED, RESTARTED, FROZEN, UNHARMED)


def make(lab, names: list[str], count: int = 1, leave_down: bool = False) -> list[dict]:
    """Make ``count`` of each situation named.

    :param lab: a ``tests.lab.Lab`` that is up
    :param leave_down: leave no cinder-backup up, on any host
    :returns: records in the order of the names; ``situation``, ``backup_id``, ``volume_id``, ``snapshot_id``,
        ``restore_volume_id``, ``sha256`` (of the volume's content when it was backed up), ``host`` (last asked),
        ``service`` (the lab's name of the service that ran the job), ``project_id``, ``status``, ``volume_status``
    :raises LabError: when one cannot be made in this shape, or did not come out as it should
    """
    situations = [find(name, lab.state.shape, lab.state.store) for name in names]
    records: list[dict] = []
    for group in _groups(situations):
        records += _make_group(lab, group, count)
    if leave_down:
        lab.hosts.stop_all()
    records.sort(key=lambda record: names.index(record["situation"]))
    return [_complete(lab, record) for record in records]


def _groups(situations: list[Situation]) -> list[list[Situation]]:
    """Part the situations into those that can share one failure; what needs no failure comes last."""
    groups: dict[tuple, list[Situation]] = {}
    for one in situations:
        shared = (ORDER.index(one.owner), tuple(sorted(one.host_options.items())), one.name if one.alone else "")
        groups.setdefault(shared, []).append(one)
    return [groups[key] for key in sorted(groups)]


def _make_group(lab, group: list[Situation], count: int) -> list[dict]:
    """Make situations that share one failure, or none."""
    running = []
    records: list[dict] = []
    benches = []
    lab.hosts.ensure()
    if group[0].host_options:
        lab.hosts.swap(**group[0].host_options)
    for one in group:
        benches.append(Bench(lab, one.name))
        outcome = one.function(benches[-1], count)
        if inspect.isgenerator(outcome):
            _advance(outcome, STRIKE, records)
            running.append(outcome)
        else:
            records += outcome
    if not running:
        return records
    hosts = lab.hosts.running()
    strike, settle = _failure(lab, group[0].owner)
    strike(hosts)
    for one in running:
        _advance(one, GONE, records)
    settle(hosts)
    for bench in benches:
        bench.open_gates()
    for one in running:
        _advance(one, None, records)
    return records


def _failure(lab, owner: str) -> tuple[Callable, Callable]:
    """Return how hosts are struck and what happens then."""
    hosts = lab.hosts
    return {
        REPLACED: (hosts.deafen, hosts.replace),
        RESTARTED: (hosts.deafen, hosts.restart),
        FROZEN: (hosts.freeze, hosts.relieve),
    }[owner]


def _advance(generator, stage: str | None, records: list[dict]) -> None:
    """Run a situation to its next stage, or to its end."""
    try:
        reached = next(generator)
    except StopIteration as end:
        reached = None
        records += end.value
    if reached != stage:
        raise RuntimeError(f"{generator.__name__} is at {reached}, expected {stage}")


def _complete(lab, record: dict) -> dict:
    """Add what the database says now."""
    row = lab.backup_row(record["backup_id"])
    volume = lab.volume_row(record["volume_id"])
    return record | {
        "host": row["host"],
        "service": cinder.service_of(lab.state, row["host"]) if row["host"] else None,
        "project_id": row["project_id"],
        "name": row["display_name"],
        "status": row["status"],
        "volume_status": volume["status"],
    }
