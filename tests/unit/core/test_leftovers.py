# SPDX-License-Identifier: Apache-2.0
"""What is a left-over, and what is not, by the records alone."""

import uuid

import pytest

from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.leftover_texts import Ending
from backup_reset_panel.core.leftover_texts import Released
from backup_reset_panel.core.leftover_texts import consent
from backup_reset_panel.core.leftover_texts import kind_label
from backup_reset_panel.core.leftover_texts import of_released
from backup_reset_panel.core.leftover_texts import reason
from backup_reset_panel.core.leftovers import SETTLED
from backup_reset_panel.core.leftovers import Holders
from backup_reset_panel.core.leftovers import Kind
from backup_reset_panel.core.leftovers import LeftOver
from backup_reset_panel.core.leftovers import judge
from backup_reset_panel.core.leftovers import source_of
from tests.unit.core.examples import NOW
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import ago
from tests.unit.core.examples import backup
from tests.unit.core.examples import held_snapshot
from tests.unit.core.examples import held_volume
from tests.unit.core.examples import target

OLD = {"updated_at": ago(hours=2)}
SOURCE = str(uuid.UUID(int=7))
TEMP = held_volume(id="t-1", name=f"backup-vol-{SOURCE}", **OLD)
IS_TEMP = {"t-1": True}


def judged(record, *at_work, **holders):
    found = judge(record, Holders(tuple(at_work), **holders), NOW)
    return (found.kind, found.after) if isinstance(found, LeftOver) else found


@pytest.mark.parametrize(
    ("record", "kind", "after"),
    [
        (held_volume(**OLD), Kind.VOLUME, "available"),
        (held_volume(attachments=1, **OLD), Kind.VOLUME, "in-use"),
        (target(**OLD), Kind.TARGET, "error_restoring"),
        (target(status="error_restoring", **OLD), Kind.ERROR_RESTORING, "available"),
        (held_snapshot(**OLD), Kind.SNAPSHOT, "available"),
        (held_volume(created_at=ago(days=1)), Kind.VOLUME, "available"),
    ],
)
def test_what_nobody_holds_is_one(record, kind, after):
    assert judged(record) == (kind, after)


@pytest.mark.parametrize("status", ["available", "in-use", "error", "creating", "deleting", None])
def test_what_is_not_locked_is_none(status):
    assert judged(held_volume(status=status, **OLD)) is None
    assert judged(held_snapshot(status=status, **OLD)) is None


@pytest.mark.parametrize("touched", [{}, {"updated_at": NOW}, {"updated_at": NOW - SETTLED / 2}])
def test_what_is_young_or_of_unknown_age_is_none(touched):
    assert judged(held_volume(**touched)) is None


def test_what_a_backup_in_progress_holds_is_none():
    assert judged(held_volume(**OLD), backup()) is None
    assert judged(held_snapshot(**OLD), backup(snapshot_id="s-1")) is None
    assert judged(target(**OLD), into={"v-2": True}) is None


def test_backup_of_something_else_holds_nothing():
    others = [backup(volume_id="v-9"), backup(snapshot_id="s-9"), backup(status="restoring")]
    assert judged(held_volume(**OLD), *others) == (Kind.VOLUME, "available")
    assert judged(held_snapshot(**OLD), *others) == (Kind.SNAPSHOT, "available")


def test_unknown_is_not_no():
    assert judged(target(**OLD), into={"v-2": TIMED_OUT}) is TIMED_OUT
    assert judged(TEMP, temporary={"t-1": TIMED_OUT}) is TIMED_OUT
    assert isinstance(judged(TEMP, temporary=IS_TEMP, recorded={"t-1": TIMED_OUT}), Unknown)


def test_temporary_one_is_deleted_once_no_backup_may_be_its():
    assert judged(TEMP, temporary=IS_TEMP, recorded={"t-1": False}) == (Kind.TEMP_VOLUME, "")
    assert judged(TEMP, temporary=IS_TEMP, recorded={"t-1": True}) is None
    for working in (backup(volume_id=SOURCE), backup(volume_id=SOURCE, snapshot_id="s-1")):
        assert judged(TEMP, working, temporary=IS_TEMP) is None
    snapshot = held_snapshot(id="t-1", name=f"backup-snap-{SOURCE}", status="available", **OLD)
    assert judged(snapshot, temporary=IS_TEMP) == (Kind.TEMP_SNAPSHOT, "")


def test_users_volume_of_such_a_name_is_judged_as_any_other():
    assert judged(TEMP, temporary={"t-1": False}) == (Kind.VOLUME, "available")


@pytest.mark.parametrize(
    "name", [None, "", "backup-vol-", "backup-vol-7", f"x-backup-vol-{SOURCE}", f"backup-vol-{SOURCE}-x"]
)
def test_other_names_are_not_taken_for_those_of_temporary_ones(name):
    assert source_of(held_volume(name=name)) is None


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_is_told_in_words_and_has_a_rule(kind):
    found = LeftOver(kind, "v-1", None, "p-1", "backing-up", NOW, "")
    assert all(map(str, (kind_label(kind), reason(kind), consent(kind), found.policy)))
    assert found.label == "v-1"


@pytest.mark.parametrize("ending", Ending)
@pytest.mark.parametrize("after", ["available", ""])
def test_each_ending_is_told_without_an_open_place_and_success_only_where_it_was_seen(ending, after):
    found = LeftOver(Kind.VOLUME, "v-1", "db-data", "p-1", "backing-up", NOW, after)
    told = of_released(Released(found, ending))
    assert "{" not in told.text
    assert (told.level == "success") == (ending is Ending.DONE)
