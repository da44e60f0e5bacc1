# SPDX-License-Identifier: Apache-2.0
"""A case once more, with what the backup's store says."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Mapping
from typing import Any
from typing import TypeAlias

from backup_reset_panel import cinder
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Chain
from backup_reset_panel.core.liveness import Life
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.storage.deepen import deepened
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.core.verdict.types import Kind
from backup_reset_panel.resets import case as cases
from backup_reset_panel.resets import readings
from backup_reset_panel.storage import entry
from backup_reset_panel.storage.access import Access

#: In the others there is nothing for a store to tell: no data is claimed, or a delete may be taking it away.
_STATUSES = (statuses.CREATING, statuses.RESTORING, statuses.ERROR)
#: Where one is told so, the next would wait as long.
_DOWN = frozenset({Code.TOO_SLOW, Code.UNREACHABLE, Code.NOT_CONFIGURED})
_NO_DATA = (Kind.UNREADABLE, Kind.NOT_TAKEN_UP, Kind.IMPORT_UNFINISHED)
#: For all that one chunk of a plan or a run asks stores: a slow one must not hold up the page for minutes.
CHUNK_SECONDS = 10.0
#: Threads that wait for stores; those that wait for Cinder are not to wait for a file system that hangs.
_POOL = cinder.FairPool()
Looked: TypeAlias = "cases.Case | Fault"


def can_tell(case: cases.Case) -> bool:
    """Whether the site has set a store that could tell something of the backup."""
    is_asked_for = case.evidence.status in _STATUSES and case.verdict.kind not in _NO_DATA
    return is_asked_for and entry.configured(case.region)


def checked(request: Any, cloud: cinder.Cloud, case: cases.Case, read: Finding | None = None) -> cases.Case:
    """The Case that what is on the store makes; lists and manifests are read, no contents.

    A store that does not answer takes nothing away from what the record proves.

    :param read: what a reading of contents found before; counts as far as it still holds
    """
    return judged(request, cloud, case, deepened(look(Access.of(request), case), read))


def look(access: Access, case: cases.Case, seconds: float = entry.CHECK_SECONDS) -> Finding:
    """What is on the store of one backup, and of those that it builds on; with what was read of it before.

    :param access: made in the view's thread; this may run in another
    :param seconds: for all of it
    """
    chain = case.evidence.ancestors
    ancestors = chain.ancestors if isinstance(chain, Chain) else ()
    found = entry.check(access, case.region, case.backup, ancestors, seconds=seconds)
    return readings.with_remembered(case.region, found)


def judged(request: Any, cloud: cinder.Cloud, case: cases.Case, found: Finding) -> cases.Case:
    """The Case that a finding makes."""
    made = cases.decide(request, cloud, dataclasses.replace(case.evidence, storage=found))
    return dataclasses.replace(made, project_name=case.project_name)


def planned_on(request: Any, cloud: cinder.Cloud, read: Mapping[str, Looked]) -> dict[str, Looked]:
    """Many cases with what is on their stores, as far as that can be told within the time of one chunk.

    :param read: id to Case, or to the Fault for which it could not be read, which is handed back
    """
    asked = {each: case for each, case in read.items() if isinstance(case, cases.Case) and _is_worth(request, case)}
    found = findings(request, cloud, asked)
    return dict(read) | {each: judged(request, cloud, asked[each], told) for each, told in found.items()}


def findings(request: Any, cloud: cinder.Cloud, asked: Mapping[str, cases.Case]) -> dict[str, Finding]:
    """What is on the stores of some backups, side by side.

    A store that hangs or is gone is asked no more, and none is after the time of one chunk is up: those that are left
    are not among what is returned.
    """
    if not asked:
        return {}
    access, is_over = Access.of(request), threading.Event()
    end = time.monotonic() + CHUNK_SECONDS

    def one(case: cases.Case) -> Finding | None:
        left = end - time.monotonic()
        if is_over.is_set() or left <= 0:
            return None
        told = look(access, case, min(left, entry.CHECK_SECONDS))
        if any(issue.code in _DOWN for issue in told.issues):
            is_over.set()
        return told

    told = cinder.side_by_side(cloud.person, one, asked.values(), pool=_POOL)
    return {each: found for each, found in zip(asked, told, strict=True) if found is not None}


def _is_worth(request: Any, case: cases.Case) -> bool:
    """Whether a plan looks: of those that are being created, unless a job is probably at work, and that are the user's
    to reset.
    """
    is_in_question = case.evidence.status == statuses.CREATING and case.verdict.life is not Life.RUNNING
    return is_in_question and can_tell(case) and cases.may_reset(request, case.backup)


def must_be_checked(case: cases.Case, choice: Choice) -> bool:
    """Whether a choice waits for its store's word: from creating to available, as the specification asks."""
    is_claimed = choice is Choice.AVAILABLE and case.evidence.status == statuses.CREATING
    return is_claimed and case.evidence.storage is None and can_tell(case)


def contradicts(case: cases.Case) -> bool:
    """Whether the store shows that a backup must not be called available: damaged, or still being written."""
    found = case.evidence.storage
    return found is not None and found.state in (State.DAMAGED, State.BEING_WRITTEN)


def was_read_before(case: cases.Case) -> bool:
    """Whether contents were read, and what was read does not count, since something was written after that."""
    found = case.evidence.storage
    return found is not None and any(issue.code is Code.READ_BEFORE for issue in found.issues)
