# SPDX-License-Identifier: Apache-2.0
"""What else is repaired, from which status to which; and never by default."""

import dataclasses

import pytest

from backup_reset_panel.core.evidence import NOT_ASKED
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.plan.plan import plan
from backup_reset_panel.core.plan.repairs import Separate
from backup_reset_panel.core.plan.repairs import are_unread
from backup_reset_panel.core.plan.repairs import candidates
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.plan.types import RepairKind
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.verdict.table import judge
from tests.unit.core.examples import ALL_DOWN
from tests.unit.core.examples import DEAD
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import UP
from tests.unit.core.examples import WHOLE
from tests.unit.core.examples import backup
from tests.unit.core.examples import evidence
from tests.unit.core.examples import held_snapshot
from tests.unit.core.examples import held_volume
from tests.unit.core.examples import target

VOLUME, SNAPSHOT, TARGET = RepairKind.VOLUME, RepairKind.SNAPSHOT, RepairKind.RESTORE_TARGET
OF_SNAPSHOT = {"snapshot_id": "s-1", "snapshot": held_snapshot(), "volume": held_volume(status="in-use")}
ATTACHED = {"volume": held_volume(attachments=1), "previous_status": "in-use"}
RESTORING = {"status": "restoring", "volume": held_volume(status="in-use"), "restore_target": target()}


def repaired(choice=Choice.ERROR, *, ticks=frozenset(), **so):
    seen = evidence(**so)
    made = plan(seen, judge(seen), choice, ticks=ticks)
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


CASES = [
    WHOLE,
    {**WHOLE, **ATTACHED},
    {**WHOLE, **OF_SNAPSHOT},
    {**WHOLE, "services": ALL_DOWN},
    {**WHOLE, "services": UP},
    {},
    OF_SNAPSHOT,
    {"status": "deleting", "services": UP},
    RESTORING,
    {**RESTORING, **WHOLE},
    {"previous_status": "error_backing-up"},
    {"previous_status": TIMED_OUT},
]


@pytest.mark.parametrize("so", CASES)
@pytest.mark.parametrize("choice", [Choice.AVAILABLE, Choice.ERROR])
def test_no_repair_is_a_default_and_all_are_done_with_the_word_that_the_process_is_dead(choice, so):
    seen = evidence(**so)
    without = plan(seen, judge(seen), choice)
    assert [step.ticked for step in without.repairs] == [False]
    assert without.ticked == ()
    with_it = plan(seen, judge(seen), choice, ticks=DEAD)
    assert [step.ticked for step in with_it.repairs] == [True]


@pytest.mark.parametrize("tick", [each for each in Tick if each not in DEAD])
def test_no_other_tick_makes_a_repair_done(tick):
    assert repaired(ticks={tick}, **WHOLE).ticked == ()


SEPARATE = [
    (Separate.STATUS_DIFFERS, {"previous_status": "in-use"}),
    (Separate.STATUS_DIFFERS, {"volume": held_volume(attachments=1)}),
    (Separate.HOLDERS_UNKNOWN, {"other_holders": TIMED_OUT}),
    (Separate.HOLDERS_UNKNOWN, {"other_holders": Unknown(Gap.REFUSED), **OF_SNAPSHOT}),
]


@pytest.mark.parametrize(("code", "so"), SEPARATE)
def test_dead_process_does_not_settle_what_is_not_its_matter(code, so):
    (step,) = repaired(ticks=DEAD, **so).repairs
    assert not step.ticked
    assert step.note.code is code


def test_what_takes_a_tick_of_its_own_is_done_with_that_tick():
    made = repaired(ticks=DEAD, previous_status="in-use")
    (done,) = made.with_ticked(list(made.repairs)).ticked
    assert done == dataclasses.replace(made.repairs[0], ticked=True)


def test_differing_status_shows_both():
    (step,) = repaired(previous_status="in-use", **WHOLE).repairs
    assert (
        str(step.note.text) == "Its attachments say Available, but Cinder noted In-use as its status before the backup."
    )


@pytest.mark.parametrize("status", ["error", "available", "error_deleting"])
def test_settled_backup_can_be_repaired_alone(status):
    made = repaired(Choice.REPAIR, status=status, ticks=DEAD, **WHOLE)
    assert made.resets == ()
    assert [(step.kind, step.ticked) for step in made.repairs] == [(VOLUME, True)]


@pytest.mark.parametrize("status", ["error", "available"])
def test_target_of_a_restore_that_was_reset_without_it_can_be_repaired_alone(status):
    made = repaired(Choice.REPAIR, ticks=DEAD, **{**RESTORING, "status": status})
    assert [(step.kind, step.ticked) for step in made.repairs] == [(TARGET, True)]


@pytest.mark.parametrize(
    ("unread", "so"),
    [
        (False, {}),
        (False, {"volume": NOT_ASKED}),
        (True, {"volume": TIMED_OUT}),
        (True, {"snapshot": Unknown(Gap.REFUSED)}),
        (True, {"restore_target": Unknown(Gap.FAILED)}),
    ],
)
def test_what_could_not_be_read_may_be_held(unread, so):
    assert are_unread(evidence(**so)) is unread
