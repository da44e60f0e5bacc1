# SPDX-License-Identifier: Apache-2.0
"""A case once more, with what the backup's store says."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Mapping
from typing import Any
from typing import TypeAlias

from backup_reset_panel import cinder
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Chain
from backup_reset_panel.core.liveness import Life
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.core.verdict.types import Kind
from backup_reset_panel.resets import case as cases
from backup_reset_panel.storage import entry
from backup_reset_panel.storage.access import Access

#: In the others there is nothing for a store to tell: no data is claimed, or a delete may be taking it away.
_STATUSES = (statuses.CREATING, statuses.RESTORING, statuses.ERROR)
#: Where one is told so, the next would wait as long.
_DOWN = frozenset({Code.TOO_SLOW, Code.UNREACHABLE, Code.NOT_CONFIGURED})
Looked: TypeAlias = "cases.Case | Fault"
_NO_DATA = (Kind.UNREADABLE, Kind.NOT_TAKEN_UP, Kind.IMPORT_UNFINISHED)


def can_tell(case: cases.Case) -> bool:
    """Whether the site has set a store that could tell something of the backup."""
    is_asked_for = case.evidence.status in _STATUSES and case.verdict.kind not in _NO_DATA
    return is_asked_for and entry.configured(case.region)


def checked(request: Any, cloud: cinder.Cloud, case: cases.Case) -> cases.Case:
    """The Case that what is on the store makes; lists and manifests are read, no contents.

    A store that does not answer takes nothing away from what the record proves.
    """
    return judged(request, cloud, case, look(Access.of(request), case))


def look(access: Access, case: cases.Case) -> Finding:
    """What is on the store of one backup, and of those that it builds on.

    :param access: made in the view's thread; this may run in another
    """
    chain = case.evidence.ancestors
    ancestors = chain.ancestors if isinstance(chain, Chain) else ()
    return entry.check(access, case.region, case.backup, ancestors)


def judged(request: Any, cloud: cinder.Cloud, case: cases.Case, found: Finding) -> cases.Case:
    """The Case that a finding makes."""
    made = cases.decide(request, cloud, dataclasses.replace(case.evidence, storage=found))
    return dataclasses.replace(made, project_name=case.project_name)


def looked_at(request: Any, cloud: cinder.Cloud, found: Mapping[str, Looked]) -> dict[str, Looked]:
    """Many cases with what is on their stores: of those that are being created, unless a job is probably at work.

    A store that hangs or is gone is asked no more: those that are left are judged by their records.

    :param found: id to Case, or to anything else, which is handed back
    """
    asked = {each: case for each, case in found.items() if isinstance(case, cases.Case) and _is_worth(case)}
    if not asked:
        return dict(found)
    access, is_down = Access.of(request), threading.Event()

    def one(case: cases.Case) -> Finding | None:
        if is_down.is_set():
            return None
        told = look(access, case)
        if any(issue.code in _DOWN for issue in told.issues):
            is_down.set()
        return told

    findings = dict(zip(asked, cinder.side_by_side(cloud.person, one, asked.values()), strict=True))
    return dict(found) | {
        each: judged(request, cloud, asked[each], told) for each, told in findings.items() if told is not None
    }


def _is_worth(case: cases.Case) -> bool:
    return case.evidence.status == statuses.CREATING and case.verdict.life is not Life.RUNNING and can_tell(case)


def must_be_checked(case: cases.Case, choice: Choice) -> bool:
    """Whether a choice waits for its store's word: from creating to available, as the specification asks."""
    is_claimed = choice is Choice.AVAILABLE and case.evidence.status == statuses.CREATING
    return is_claimed and case.evidence.storage is None and can_tell(case)


def contradicts(case: cases.Case) -> bool:
    """Whether the store shows that a backup must not be called available: damaged, or still being written."""
    found = case.evidence.storage
    return found is not None and found.state in (State.DAMAGED, State.BEING_WRITTEN)
