# SPDX-License-Identifier: Apache-2.0
"""What else is repaired, from which status to which, and when it is ticked beforehand."""

import datetime

import pytest

from backup_reset_panel.core.evidence import Chain
from backup_reset_panel.core.evidence import ChainEnd
from backup_reset_panel.core.kinds import Choice
from backup_reset_panel.core.kinds import RepairKind
from backup_reset_panel.core.plan import plan
from backup_reset_panel.core.repairs import candidates
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.unticked import Untick
from backup_reset_panel.core.verdict import judge
from tests.unit.core.examples import ALL_DOWN
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import UP
from tests.unit.core.examples import ago
from tests.unit.core.examples import backup
from tests.unit.core.examples import evidence
from tests.unit.core.examples import held_snapshot
from tests.unit.core.examples import held_volume
from tests.unit.core.examples import target

VOLUME, SNAPSHOT, TARGET = RepairKind.VOLUME, RepairKind.SNAPSHOT, RepairKind.RESTORE_TARGET
WHOLE = {"object_count": 128}
OF_SNAPSHOT = {"snapshot_id": "s-1", "snapshot": held_snapshot(), "volume": held_volume(status="in-use")}
ATTACHED = {"volume": held_volume(attachments=1), "previous_status": "in-use"}
RESTORING = {"status": "restoring", "volume": held_volume(status="in-use"), "restore_target": target()}


def repaired(choice=Choice.ERROR, *, ticks=frozenset(), rules=None, **so):
    seen = evidence(**so)
    made = plan(seen, judge(seen), choice, ticks=ticks, rules=rules)
    assert made.refusal is None
    return made


STEPS = [
    ([(VOLUME, "backing-up", "available")], {}),
    ([(VOLUME, "backing-up", "in-use")], ATTACHED),
    ([(VOLUME, "backing-up", "in-use")], {"volume": held_volume(attachments=3), "previous_status": "in-use"}),
    ([], {"volume": held_volume(status="available")}),
    ([], {"volume": held_volume(status=None)}),
    ([], {"volume": None}),
    ([], {"volume": TIMED_OUT}),
    ([(SNAPSHOT, "backing-up", "available")], OF_SNAPSHOT),
    ([(SNAPSHOT, "backing-up", "available")], {**OF_SNAPSHOT, "volume": held_volume()}),
    ([], {**OF_SNAPSHOT, "snapshot": held_snapshot(status="available")}),
    ([], {**OF_SNAPSHOT, "snapshot": None}),
    ([(TARGET, "restoring-backup", "error_restoring")], RESTORING),
    ([(TARGET, "creating", "error")], {**RESTORING, "restore_target": target(status="creating")}),
    ([], {**RESTORING, "restore_target": target(status="available")}),
    ([], {**RESTORING, "restore_target": target(status="error_restoring")}),
    ([], {**RESTORING, "restore_target": None}),
    ([], {**RESTORING, "restore_target": TIMED_OUT}),
    ([], {"status": "restoring", "volume": held_volume()}),
    ([], {"status": "deleting", "volume": None, "restore_target": target()}),
    ([(VOLUME, "backing-up", "available")], {"status": "deleting"}),
]


@pytest.mark.parametrize(("expected", "so"), STEPS)
def test_repair_frees_what_the_record_says_is_held(expected, so):
    made = repaired(**so)
    assert [(step.kind, step.before, step.after) for step in made.repairs] == expected


def test_repair_step_carries_what_its_request_and_policy_need():
    (step,) = repaired(**ATTACHED).repairs
    assert (step.id, step.name, step.project_id) == ("v-1", "db-data", "p-1")
    assert step.policy == "volume_extension:volume_admin_actions:reset_status"
    (step,) = repaired(**OF_SNAPSHOT).repairs
    assert (step.id, step.policy) == ("s-1", "volume_extension:snapshot_admin_actions:reset_status")


@pytest.mark.parametrize("missing", [None, TIMED_OUT])
def test_nothing_is_known_to_be_held_by_a_backup_that_was_not_read(missing):
    assert candidates(evidence(backup=missing)) == ()


OTHER_CREATE = backup(id="b-2")
OTHER_OF_SNAPSHOT = backup(id="b-2", snapshot_id="s-1")
OTHER_RESTORE = backup(id="b-2", status="restoring")

HELD = [
    (True, OTHER_CREATE, {}),
    (False, OTHER_OF_SNAPSHOT, {}),
    (False, OTHER_RESTORE, {}),
    (True, OTHER_OF_SNAPSHOT, OF_SNAPSHOT),
    (False, backup(id="b-2", snapshot_id="s-2"), OF_SNAPSHOT),
    (False, OTHER_CREATE, OF_SNAPSHOT),
    (False, backup(id="b-2", snapshot_id="s-1", status="available"), OF_SNAPSHOT),
    (True, OTHER_RESTORE, RESTORING),
    (False, OTHER_CREATE, RESTORING),
    (False, backup(id="b-2", status="available"), {}),
]


@pytest.mark.parametrize(("is_held", "other", "so"), HELD)
def test_what_another_backup_holds_as_well_is_not_repaired(is_held, other, so):
    assert (repaired(other_holders=(other,), **so).repairs == ()) is is_held


# The reason for which the box is not ticked (None: it is), and the case.
TICKED = [
    (None, {**WHOLE}),
    (None, {**WHOLE, **ATTACHED}),
    (None, {**WHOLE, **OF_SNAPSHOT}),
    (None, {**WHOLE, "services": UP}),
    (None, {**WHOLE, "previous_status": TIMED_OUT}),
    (None, {**WHOLE, "previous_status": "error_backing-up"}),
    (Untick.MAY_BE_READING, {}),
    (Untick.MAY_BE_READING, {"services": ALL_DOWN}),
    (Untick.MAY_BE_READING, OF_SNAPSHOT),
    (Untick.MAY_BE_READING, {**WHOLE, "driver": TIMED_OUT}),
    (Untick.MAY_BE_READING, {**WHOLE, "is_incremental": True, "ancestors": Chain((), ChainEnd.MISSING)}),
    (Untick.MAY_BE_READING, {"status": "deleting"}),
    (Untick.MAY_BE_WRITING, RESTORING),
    (Untick.MAY_BE_WRITING, {**RESTORING, **WHOLE}),
    (Untick.STATUS_DIFFERS, {**WHOLE, "previous_status": "in-use"}),
    (Untick.STATUS_DIFFERS, {**WHOLE, "volume": held_volume(attachments=1)}),
    (Untick.HOLDERS_UNKNOWN, {**WHOLE, "other_holders": TIMED_OUT}),
]


@pytest.mark.parametrize(("reason", "so"), TICKED)
def test_repair_is_ticked_only_where_no_job_can_touch_it(reason, so):
    (step,) = repaired(**so).repairs
    assert step.ticked is (reason is None)
    assert (step.note and step.note.code) is reason


def test_differing_status_shows_both():
    (step,) = repaired(previous_status="in-use", **WHOLE).repairs
    assert (
        str(step.note.text) == "Its attachments say available, but Cinder noted in-use as its status before the backup."
    )


@pytest.mark.parametrize("so", [{}, RESTORING, {"status": "deleting"}])
def test_dead_process_makes_the_repair_ticked(so):
    assert repaired(**so).offered.tick is Tick.PROCESS_DEAD
    made = repaired(ticks={Tick.PROCESS_DEAD}, **so)
    assert [step.ticked for step in made.repairs] == [True]
    assert made.offered.tick is Tick.PROCESS_DEAD


@pytest.mark.parametrize("so", [{"previous_status": "in-use"}, {"other_holders": TIMED_OUT}])
def test_dead_process_does_not_settle_what_is_not_its_matter(so):
    (step,) = repaired(ticks={Tick.PROCESS_DEAD}, **so).repairs
    assert not step.ticked


@pytest.mark.parametrize("so", [WHOLE, {"volume": None}, {**WHOLE, "previous_status": "in-use"}])
def test_dead_process_is_not_asked_about_where_it_changes_nothing(so):
    assert repaired(**so).offered is None


# A backup that no cinder-backup took up: repairing is the cure, unless it may just be waiting for its turn.
WAITING = [
    (None, {"services": UP}),
    (None, {"services": TIMED_OUT}),
    (None, {"services": UP, "created_at": ago(minutes=15)}),
    (None, {"services": ALL_DOWN, "created_at": ago(seconds=5)}),
    (None, {"services": (), "created_at": None}),
    (Untick.MAY_BE_WAITING, {"services": UP, "created_at": ago(minutes=14)}),
    (Untick.MAY_BE_WAITING, {"services": TIMED_OUT, "created_at": ago(seconds=5)}),
    (Untick.MAY_BE_WAITING, {"services": UP, "created_at": None}),
]


@pytest.mark.parametrize(("reason", "so"), WAITING)
@pytest.mark.parametrize("held", [{}, OF_SNAPSHOT])
def test_backup_never_taken_up_is_freed_at_once_unless_it_is_young(reason, so, held):
    made = repaired(Choice.REPAIR, taken_up=False, **so, **held)
    assert made.resets == ()
    (step,) = made.repairs
    assert (step.note and step.note.code) is reason


def test_site_sets_how_long_a_backup_may_wait():
    patient = Rules(take_up_patience=datetime.timedelta(days=1))
    (step,) = repaired(Choice.REPAIR, taken_up=False, services=UP, rules=patient).repairs
    assert step.note.code is Untick.MAY_BE_WAITING


@pytest.mark.parametrize("status", ["error", "available", "error_deleting"])
def test_settled_backup_can_be_repaired_alone_and_not_by_default(status):
    made = repaired(Choice.REPAIR, status=status, **WHOLE)
    assert made.resets == ()
    assert [(step.kind, step.ticked) for step in made.repairs] == [(VOLUME, False)]


@pytest.mark.parametrize("status", ["error", "available"])
def test_target_of_a_restore_that_was_reset_without_it_can_be_repaired_alone(status):
    made = repaired(Choice.REPAIR, **{**RESTORING, "status": status})
    assert [(step.kind, step.ticked) for step in made.repairs] == [(TARGET, False)]
