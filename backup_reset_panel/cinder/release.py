# SPDX-License-Identifier: Apache-2.0
"""Freeing or deleting one left-over: read again right before, and read back after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.client import asked
from backup_reset_panel.cinder.left_overs import read_leftover
from backup_reset_panel.cinder.left_overs import table_of
from backup_reset_panel.cinder.reads import read_snapshot
from backup_reset_panel.cinder.reads import read_volume
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.leftover_texts import Ending
from backup_reset_panel.core.leftover_texts import Released
from backup_reset_panel.core.leftovers import LeftOver
from backup_reset_panel.core.outcome.types import PERHAPS_SENT
from backup_reset_panel.core.outcome.types import FaultKind


def release(cloud: Cloud, shown: LeftOver) -> Released:
    """Do about a left-over what was decided, if it still is the one that was shown.

    While it is locked no backup of it can begin (29.0.0 ``backup/api.py`` takes ``available`` and ``in-use`` only), so
    what is no backup's after it was read stays so until it is freed. A reset is a plain database write, done before
    Cinder answers; a deletion is not.
    """
    try:
        found, status = read_leftover(cloud, table_of(shown), shown.id)
    except CinderFault as exc:
        is_gone = exc.fault.kind is FaultKind.NO_SUCH_BACKUP
        return Released(shown, Ending.CHANGED if is_gone else Ending.REFUSED, fault=None if is_gone else exc.fault)
    if not known(found):
        return Released(shown, Ending.UNSURE, status)
    if found != shown:
        return Released(shown, Ending.CHANGED, status)
    try:
        answer = _send(cloud, shown)
    except CinderFault as exc:
        ending = Ending.UNKNOWN if exc.fault.kind in PERHAPS_SENT else Ending.REFUSED
        return Released(shown, ending, status, exc.fault, exc.fault.request_id)
    return _seen(cloud, shown, next(iter(answer.request_ids), ""))


def _send(cloud: Cloud, shown: LeftOver) -> Any:
    snapshots, volumes = cloud.sends.volume_snapshots, cloud.sends.volumes
    if shown.after:
        return asked((snapshots if shown.kind.is_snapshot else volumes).reset_state, shown.id, shown.after)
    if shown.kind.is_snapshot:
        return asked(snapshots.delete, shown.id, force=True)
    return asked(volumes.force_delete, shown.id)


def _seen(cloud: Cloud, shown: LeftOver, request_id: str) -> Released:
    read: Callable[[Cloud, str], Any] = read_snapshot if shown.kind.is_snapshot else read_volume
    try:
        status = read(cloud, shown.id).status
    except CinderFault as exc:
        if exc.fault.kind is FaultKind.NO_SUCH_BACKUP and not shown.after:
            return Released(shown, Ending.DONE, request_id=request_id)
        return Released(shown, Ending.UNKNOWN, fault=exc.fault, request_id=request_id)
    if not shown.after:
        return Released(shown, Ending.ACCEPTED, status, request_id=request_id)
    ending = Ending.DONE if status == shown.after else Ending.UNKNOWN
    return Released(shown, ending, status, request_id=request_id)
