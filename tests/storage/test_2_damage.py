# SPDX-License-Identifier: Apache-2.0
"""Ten backups of each store damaged in each way: what finds it, and what is made of it."""

import pytest

from backup_reset_panel.core.storage.types import State
from backup_reset_panel.core.verdict.table import judge
from backup_reset_panel.core.verdict.types import Advice
from backup_reset_panel.core.verdict.types import Permission
from tests.damage import KINDS
from tests.lab.objects import damaged
from tests.unit.core.examples import ALL_DOWN
from tests.unit.core.examples import SOUND
from tests.unit.core.examples import evidence

#: Damage to what no restore reads: the next incremental backup needs it. It is said, and makes nothing bad by itself.
HARMLESS = {name for name in KINDS if name.startswith("checksum_file")}
UNSOUND = "damaged, and available without override"


def verdict(row, found):
    """What is made of a backup in creating whose count was recorded."""
    chain = {"is_incremental": True, "ancestors": SOUND} if row["parent_id"] else {}
    return judge(evidence(storage=found, object_count=16, services=ALL_DOWN, **chain))


@pytest.mark.parametrize("kind", [name for name in KINDS if name not in HARMLESS])
def test_every_damage_is_found_and_never_made_available_without_override(shelf, restore, results, kind, times):
    damage, codes, structural, altered, needs = KINDS[kind]
    if results.has(kind, shelf.name, times):
        pytest.skip("done in an earlier part of this run")
    for number in range(times):
        row, at, containers = shelf.target(needs, number)
        with damaged(*containers):
            damage(at)
            listed, read = shelf.read(row)
            results.count(kind, shelf.name, "record", verdict(row, None).recommended is not Advice.AVAILABLE)
            results.count(kind, shelf.name, "listed", listed.state is State.DAMAGED)
            results.count(kind, shelf.name, "read", read.state is State.DAMAGED)
            if shelf.name == "posix":
                results.count(kind, shelf.name, "restore", not restore(row["id"]))
        assert read.state is State.DAMAGED, (number, read)
        assert codes & {issue.code for issue in read.issues}
        for found in (read, listed):
            made = verdict(row, found)
            if found.state is State.DAMAGED:
                results.tally(UNSOUND, shelf.name, made.available not in (Permission.OVERRIDE, Permission.NO))
                assert (made.recommended, made.available) == (Advice.ERROR, Permission.OVERRIDE)
        if structural or (altered and shelf.name != "posix"):
            assert listed.state is State.DAMAGED, (number, listed)


@pytest.mark.parametrize("kind", sorted(HARMLESS))
def test_damage_that_no_restore_meets_is_said(shelf, kind, times):
    damage, codes, _, _, needs = KINDS[kind]
    for number in range(times):
        row, at, containers = shelf.target(needs, number)
        with damaged(*containers):
            damage(at)
            found = shelf.check(row)
        assert codes & {issue.code for issue in found.issues}
        assert found.state is not State.DAMAGED


def test_all_is_as_it_was_after_that(shelf):
    assert [found for row in shelf.rows if (found := shelf.check(row)).state is not State.WHOLE] == []
