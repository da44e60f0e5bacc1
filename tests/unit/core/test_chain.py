# SPDX-License-Identifier: Apache-2.0
"""Whether what an incremental backup builds on is all there."""

import pytest

from backup_reset_panel.core import statuses
from backup_reset_panel.core.delete_signs import RESET_FROM
from backup_reset_panel.core.evidence import Chain
from backup_reset_panel.core.evidence import ChainEnd
from backup_reset_panel.core.verdict.chain import ChainState
from backup_reset_panel.core.verdict.chain import chain_state
from backup_reset_panel.core.verdict.chain import weak_ancestor
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import evidence
from tests.unit.core.examples import parent

MIDDLE = parent(id="b-m", is_incremental=True, object_count=0)


def state(*ancestors, end=ChainEnd.FULL):
    return chain_state(evidence(is_incremental=True, ancestors=Chain(ancestors, end)))


@pytest.mark.parametrize("status", ["available", "restoring", "creating"])
def test_whole_parent_makes_the_chain_sound(status):
    assert state(parent(status=status)) is ChainState.SOUND


def test_unchanged_incremental_in_between_is_no_gap():
    assert state(MIDDLE, parent()) is ChainState.SOUND


@pytest.mark.parametrize(
    "so",
    [
        {"object_count": 0},
        {"object_count": None},
        {"status": "error"},
        {"status": None},
        {"status": "creating", "object_count": 0},
        {"volume_id": statuses.NO_VOLUME},
        {"fail_reason": "[Errno 21] Is a directory"},
        {"fail_reason": "Delete_backup aborted, expected backup status deleting but got error."},
        {"is_incremental": True},
    ],
)
def test_doubtful_parent_leaves_the_chain_unproved(so):
    assert state(parent(**so)) is ChainState.UNPROVED


@pytest.mark.parametrize("status", ["deleting", "error_deleting"])
def test_parent_being_deleted_breaks_the_chain(status):
    assert state(MIDDLE, parent(status=status)) is ChainState.BROKEN
    assert state(parent(metadata=((RESET_FROM, status),))) is ChainState.BROKEN


def test_missing_parent_breaks_the_chain():
    assert state(end=ChainEnd.MISSING) is ChainState.BROKEN
    assert state(MIDDLE, end=ChainEnd.MISSING) is ChainState.BROKEN


def test_unfinished_walk_proves_nothing():
    assert state(parent(), end=ChainEnd.LOST) is ChainState.UNPROVED
    assert state() is ChainState.UNPROVED
    assert chain_state(evidence(is_incremental=True, ancestors=TIMED_OUT)) is ChainState.UNPROVED


def test_nearest_doubtful_ancestor_is_the_one_to_name():
    bad = parent(id="b-x", status="error")
    chain = Chain((MIDDLE, bad, parent(status="deleting")), ChainEnd.FULL)
    assert weak_ancestor(evidence(ancestors=chain)) is bad
    marked = parent(metadata=((RESET_FROM, "deleting"),))
    assert weak_ancestor(evidence(ancestors=Chain((marked,), ChainEnd.FULL))) is marked
    assert weak_ancestor(evidence(ancestors=TIMED_OUT)) is None
    assert weak_ancestor(evidence()) is None
