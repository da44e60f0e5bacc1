# SPDX-License-Identifier: Apache-2.0
"""A case once more, with what the backup's store says."""

from __future__ import annotations

import dataclasses
from typing import Any

from backup_reset_panel import cinder
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Chain
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.core.verdict.types import Kind
from backup_reset_panel.resets import case as cases
from backup_reset_panel.storage import entry
from backup_reset_panel.storage.access import Access

#: In the others there is nothing for a store to tell: no data is claimed, or a delete may be taking it away.
_STATUSES = (statuses.CREATING, statuses.RESTORING, statuses.ERROR)
_NO_DATA = (Kind.UNREADABLE, Kind.NOT_TAKEN_UP, Kind.IMPORT_UNFINISHED)


def can_tell(case: cases.Case) -> bool:
    """Whether the site has set a store that could tell something of the backup."""
    is_asked_for = case.evidence.status in _STATUSES and case.verdict.kind not in _NO_DATA
    return is_asked_for and entry.configured(case.region)


def checked(request: Any, cloud: cinder.Cloud, case: cases.Case) -> cases.Case:
    """The Case that what is on the store makes; lists and manifests are read, no contents.

    A store that does not answer takes nothing away from what the record proves.
    """
    chain = case.evidence.ancestors
    ancestors = chain.ancestors if isinstance(chain, Chain) else ()
    found = entry.check(Access.of(request), case.region, case.backup, ancestors)
    made = cases.decide(request, cloud, dataclasses.replace(case.evidence, storage=found))
    return dataclasses.replace(made, project_name=case.project_name)


def must_be_checked(case: cases.Case, choice: Choice) -> bool:
    """Whether a choice waits for its store's word: from creating to available, as the specification asks."""
    is_claimed = choice is Choice.AVAILABLE and case.evidence.status == statuses.CREATING
    return is_claimed and case.evidence.storage is None and can_tell(case)


def contradicts(case: cases.Case) -> bool:
    """Whether the store shows that a backup must not be called available: damaged, or still being written."""
    found = case.evidence.storage
    return found is not None and found.state in (State.DAMAGED, State.BEING_WRITTEN)
