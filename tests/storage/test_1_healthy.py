# SPDX-License-Identifier: Apache-2.0
"""Whole backups are called whole, listed and read, and one whose count was lost is recommended as available."""

import pytest

from backup_reset_panel.core.storage.types import Depth
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.core.verdict.table import judge
from backup_reset_panel.core.verdict.types import Advice
from tests.unit.core.examples import ALL_DOWN
from tests.unit.core.examples import evidence


def test_no_healthy_backup_is_called_anything_else(shelf, results, few):
    found = [shelf.check(row) for row in shelf.rows]
    if not few:
        assert len(found) >= 50
        assert {row["compression"] for row in shelf.rows} == {"none", "zlib", "bz2", "zstd"}
    assert {"full", "incremental", "unchanged"} <= {row["kind"] for row in shelf.rows}
    wrong = [each for each in found if each.state is not State.WHOLE or each.issues]
    results.row("healthy, called anything but whole; listed", shelf.name, f"{len(wrong)} of {len(found)}")
    assert wrong == []


def test_no_healthy_backup_is_called_anything_else_when_all_of_it_is_read(shelf, results):
    rows = [row for row in shelf.rows if row["kind"] != "large"]
    found = [shelf.read(row)[1] for row in rows]
    wrong = [each for each in found if (each.state, each.depth, each.issues) != (State.WHOLE, Depth.READ, ())]
    results.row("healthy, called anything but whole; read", shelf.name, f"{len(wrong)} of {len(found)}")
    assert wrong == []


def test_whole_ones_whose_count_was_lost_are_recommended_as_available(shelf, results, few):
    rows = [shelf.row(f"{kind} {number}") for number in range(2 if few else 5) for kind in ("full", "incremental")]
    found = [shelf.check(row, status="creating", object_count=0) for row in rows]
    advised = [
        judge(
            evidence(storage=each, object_count=0, is_incremental=bool(row["parent_id"]), services=ALL_DOWN)
        ).recommended
        for row, each in zip(rows, found, strict=True)
    ]
    told = advised.count(Advice.AVAILABLE)
    results.row("whole, object count lost: available is recommended", shelf.name, f"{told} of {len(rows)}")
    assert told == len(rows) >= (4 if few else 10)


@pytest.mark.parametrize("kind", ["unchanged"])
def test_incremental_backup_that_has_no_part_is_whole_by_its_chain(shelf, kind):
    row = shelf.row(kind)
    found = shelf.check(row, status="creating", object_count=0)
    assert (found.state, found.parts) == (State.WHOLE, 0)
    assert found.ancestors == tuple(each.id for each in shelf.ancestors(row))


def test_a_test_restore_of_whole_ones_succeeds(shelves, restore, results):
    """The control for what a test restore finds of the damaged ones."""
    rows = [row for row in shelves("posix").rows if row["kind"] != "large"]
    failed = [row for row in rows if not restore(row["id"])]
    results.row("healthy, a test restore fails", "posix", f"{len(failed)} of {len(rows)}")
    assert failed == []
