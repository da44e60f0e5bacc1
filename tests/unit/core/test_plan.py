# SPDX-License-Identifier: Apache-2.0
"""What a choice leads to: steps, or a refusal; and which choice a dialog makes beforehand."""

import pytest

from backup_reset_panel.core.evidence import Chain
from backup_reset_panel.core.evidence import ChainEnd
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.pending import Stage
from backup_reset_panel.core.plan.plan import plan
from backup_reset_panel.core.plan.plan import plans
from backup_reset_panel.core.plan.plan import wished
from backup_reset_panel.core.plan.refusals import Refusal
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.plan.types import Until
from backup_reset_panel.core.plan.warnings import Warn
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.verdict.table import judge
from tests.unit.core.examples import ALL_DOWN
from tests.unit.core.examples import DEAD
from tests.unit.core.examples import NOW
from tests.unit.core.examples import POSIX
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import UP
from tests.unit.core.examples import WHOLE
from tests.unit.core.examples import ago
from tests.unit.core.examples import backup
from tests.unit.core.examples import evidence
from tests.unit.core.examples import held_volume
from tests.unit.core.examples import pending
from tests.unit.core.examples import service
from tests.unit.core.examples import target

AVAILABLE, ERROR, REPAIR, REMOVE = Choice
BROKEN = {"is_incremental": True, "ancestors": Chain((), ChainEnd.MISSING)}
NO_OVERRIDE = Rules(override_allowed=False)
#: Another request that sends a reset right now, and one that a worker that died has left.
CLAIMED = pending(stage=Stage.CLAIMED, since=NOW)
LEFT_BEHIND = pending(stage=Stage.CLAIMED, since=ago(minutes=5))
NEVER_STARTED = {"taken_up": False, "last_host": None}
UNREAD = Unknown(Gap.REFUSED)


def planned(choice, *, rules=None, ticks=frozenset(), **so):
    seen = evidence(**so)
    return plan(seen, judge(seen), choice, rules=rules, ticks=ticks)


def warned_of(made):
    return [note.code for note in made.warnings]


REFUSALS = [
    (Refusal.UNREADABLE, AVAILABLE, {"backup": TIMED_OUT}),
    (Refusal.UNREADABLE, REPAIR, {"backup": None}),
    (Refusal.UNREADABLE, REMOVE, {"backup": None}),
    (Refusal.IGNORED_BY_CINDER, AVAILABLE, NEVER_STARTED),
    (Refusal.IGNORED_BY_CINDER, ERROR, {"status": "deleting", **NEVER_STARTED}),
    (Refusal.SAME_STATUS, AVAILABLE, {"status": "available"}),
    (Refusal.SAME_STATUS, ERROR, {"status": "error"}),
    (Refusal.BEING_SENT, AVAILABLE, {"pending": (CLAIMED,), **WHOLE}),
    (Refusal.BEING_SENT, ERROR, {"pending": (pending(), CLAIMED)}),
    (Refusal.DELETE_MAY_BE_QUEUED, AVAILABLE, {"status": "deleting", "services": ALL_DOWN}),
    (Refusal.DELETE_MAY_BE_QUEUED, AVAILABLE, {"status": "error_deleting", "services": TIMED_OUT}),
    (Refusal.RESET_FIRST, REPAIR, {}),
    (Refusal.RESET_FIRST, REPAIR, {"status": "restoring", "restore_target": target()}),
    (Refusal.NOTHING_TO_REPAIR, REPAIR, {"status": "error", "volume": held_volume(status="available")}),
    (Refusal.NOTHING_TO_REPAIR, REPAIR, {"volume": None, **NEVER_STARTED}),
    (Refusal.VOLUME_UNREAD, REPAIR, {"status": "error", "volume": TIMED_OUT}),
    (Refusal.VOLUME_UNREAD, REPAIR, {"status": "error", "volume": UNREAD}),
    (Refusal.HELD_BY_ANOTHER, REPAIR, {"status": "error", "other_holders": (backup(id="b-2"),)}),
    (Refusal.WAS_STARTED, REMOVE, {}),
    (Refusal.WAS_STARTED, REMOVE, WHOLE),
    (Refusal.WAS_STARTED, REMOVE, {"taken_up": TIMED_OUT}),
    (Refusal.IS_OVER, REMOVE, {"status": "error", **NEVER_STARTED}),
    (Refusal.BEING_SENT, REMOVE, {"pending": (CLAIMED,), **NEVER_STARTED}),
    (Refusal.HELD_BY_ANOTHER, REMOVE, {"other_holders": (backup(id="b-2"),), **NEVER_STARTED}),
    (Refusal.VOLUME_UNREAD, REMOVE, {"volume": TIMED_OUT, **NEVER_STARTED}),
]


@pytest.mark.parametrize("ticks", [frozenset(), DEAD, frozenset(Tick)])
@pytest.mark.parametrize(("code", "choice", "so"), REFUSALS)
def test_choice_that_cannot_be_carried_out_is_refused_with_its_reason_whatever_is_ticked(code, choice, so, ticks):
    made = planned(choice, ticks=ticks, **so)
    assert made.refusal.code is code
    assert str(made.refusal.text)
    assert (made.resets, made.repairs, made.removes) == ((), (), False)


def test_every_refusal_of_a_plan_is_among_these():
    assert {code for code, *_rest in REFUSALS} == set(Refusal) - {Refusal.OVERRIDE_OFF, Refusal.NOT_ALLOWED}


@pytest.mark.parametrize("so", [{}, {"is_incremental": True}, {"status": "deleting", "services": UP}, {"status": None}])
def test_available_without_proof_is_refused_where_the_site_allows_no_override(so):
    assert planned(AVAILABLE, rules=NO_OVERRIDE, **so).refusal.code is Refusal.OVERRIDE_OFF
    assert planned(AVAILABLE, **so).needs_override


def test_refusal_names_the_status():
    assert "The backup is Error already." in str(planned(ERROR, status="error").refusal.text)


@pytest.mark.parametrize("earlier", [pending(), pending("available"), LEFT_BEHIND, pending(stage=Stage.PERHAPS_SENT)])
@pytest.mark.parametrize("choice", [AVAILABLE, ERROR])
def test_no_earlier_reset_locks_a_backup(earlier, choice):
    assert planned(choice, pending=(earlier,), **WHOLE).refusal is None


RECOMMENDED = [
    (AVAILABLE, WHOLE),
    (ERROR, {}),
    (AVAILABLE, {"status": "restoring", **WHOLE}),
    (AVAILABLE, {"status": "restoring", **BROKEN}),
    (ERROR, {"status": "deleting"}),
    (REMOVE, NEVER_STARTED),
    (REMOVE, {"volume": None, **NEVER_STARTED}),
    (REPAIR, {"status": "error", **NEVER_STARTED}),
    (REPAIR, {"status": "error", **WHOLE}),
    (REPAIR, {"status": "error"}),
    (REPAIR, {"status": "available", **WHOLE}),
    (None, {"backup": TIMED_OUT}),
    (None, {"services": UP, "updated_at": ago(minutes=2)}),
    (None, {"driver": TIMED_OUT, **WHOLE}),
]


@pytest.mark.parametrize(("choice", "so"), RECOMMENDED)
def test_best_choice_comes_first(choice, so):
    assert next(iter(wished(judge(evidence(**so)))), None) is choice


def test_error_takes_the_place_of_a_recommended_override_that_the_site_forbids():
    seen = evidence(status="restoring", **BROKEN)
    verdict = judge(seen)
    open_ones = [choice for choice in wished(verdict) if not plan(seen, verdict, choice, rules=NO_OVERRIDE).refusal]
    assert open_ones == [ERROR]


def test_dialog_gets_a_plan_for_every_choice():
    seen = evidence(**WHOLE)
    made = plans(seen, judge(seen))
    assert list(made) == [AVAILABLE, ERROR, REPAIR, REMOVE]
    assert made[AVAILABLE].refusal is None
    assert made[REPAIR].refusal.code is Refusal.RESET_FIRST


def steps(made):
    return [(step.target, step.until) for step in made.resets]


ONE_STEP, TWO_STEPS = (
    [("available", Until.APPLIED)],
    [("error", Until.CLEANED), ("available", Until.APPLIED)],
)


@pytest.mark.parametrize("left_over", ["temp_volume", "temp_snapshot"])
def test_complete_backup_is_cleaned_up_only_once_its_process_is_dead(left_over):
    """A live job fails over what it reads from (run on 29.0.0)."""
    made = planned(AVAILABLE, **{left_over: True}, **WHOLE)
    assert steps(made) == ONE_STEP
    assert Warn.LEFT_OVER_STAYS in warned_of(made)
    assert made.offered.tick is Tick.PROCESS_DEAD
    made = planned(AVAILABLE, ticks=DEAD, **{left_over: True}, **WHOLE)
    assert steps(made) == TWO_STEPS
    assert Warn.LEFT_OVER_STAYS not in warned_of(made)


@pytest.mark.parametrize("so", [{}, {"temp_volume": TIMED_OUT, "temp_snapshot": TIMED_OUT}])
def test_complete_backup_without_known_left_overs_is_reset_in_one_step(so):
    assert steps(planned(AVAILABLE, ticks=DEAD, **so, **WHOLE)) == ONE_STEP


def test_error_is_one_step_even_with_left_overs():
    assert steps(planned(ERROR, ticks=DEAD, temp_volume=True, **WHOLE)) == [("error", Until.APPLIED)]


def test_backup_that_is_not_complete_goes_through_no_error_on_its_way():
    made = planned(AVAILABLE, ticks=DEAD, temp_volume=True)
    assert steps(made) == ONE_STEP
    assert Warn.LEFT_OVER_STAYS in warned_of(made)


@pytest.mark.parametrize("status", ["creating", "restoring", "deleting"])
def test_backup_that_was_never_started_is_freed_and_removed_without_a_reset(status):
    made = planned(REMOVE, status=status, ticks=DEAD, **NEVER_STARTED)
    assert made.refusal is None
    assert made.removes
    assert made.resets == ()


WARNINGS = [
    ([Warn.RESCUE_FIRST], AVAILABLE, WHOLE),
    ([], AVAILABLE, {"services": UP, **WHOLE}),
    ([Warn.HIDES_GOOD], ERROR, WHOLE),
    ([Warn.HIDES_GOOD], ERROR, {"status": "available"}),
    ([Warn.HIDES_GOOD, Warn.CHILDREN], ERROR, {"status": "available", "children": (backup(), backup())}),
    ([Warn.RESTART_INSTEAD], ERROR, {}),
    ([], ERROR, {"services": UP}),
    ([Warn.QUEUED_DELETE], ERROR, {"status": "deleting"}),
    ([Warn.QUEUED_DELETE], ERROR, {"status": "error_deleting"}),
    ([Warn.RESTART_INSTEAD, Warn.TARGET_WRITTEN_LATER], AVAILABLE, {"status": "restoring", **WHOLE}),
    ([], AVAILABLE, {"status": "restoring", "services": UP, **WHOLE}),
    ([Warn.OTHER_HOST], AVAILABLE, {"driver": POSIX, "services": (service(), service("node-2")), **WHOLE}),
    ([], AVAILABLE, {"driver": POSIX, "services": UP, **WHOLE}),
    ([], AVAILABLE, {"services": (service(), service("node-2")), **WHOLE}),
    ([Warn.HELD_BY_ANOTHER], AVAILABLE, {"services": UP, "other_holders": (backup(id="b-2"),), **WHOLE}),
    ([Warn.VOLUME_UNREAD], AVAILABLE, {"services": UP, "volume": TIMED_OUT, **WHOLE}),
    ([Warn.SLOW, Warn.VOLUME_UNREAD], AVAILABLE, {"services": TIMED_OUT, "volume": TIMED_OUT, **WHOLE}),
    ([Warn.SLOW], ERROR, {"driver": TIMED_OUT, "services": UP, **WHOLE}),
    ([], REPAIR, {"status": "error", "temp_volume": True}),
    ([], REMOVE, NEVER_STARTED),
    ([Warn.LEFT_OVER_STAYS], AVAILABLE, {"status": "error", "last_host": None, "temp_volume": True, **WHOLE}),
]


@pytest.mark.parametrize(("codes", "choice", "so"), WARNINGS)
def test_warnings_come_in_the_order_of_their_weight(codes, choice, so):
    made = planned(choice, **so)
    assert made.refusal is None
    assert warned_of(made) == codes
    assert all(str(note.text) for note in made.warnings)


def test_warning_counts_the_children():
    one = planned(ERROR, status="available", children=(backup(),)).warnings[1]
    two = planned(ERROR, status="available", children=(backup(), backup())).warnings[1]
    assert str(one.text) == "1 incremental backup builds on this one."
    assert str(two.text) == "2 incremental backups build on this one."


def test_warning_names_the_other_holder():
    made = planned(AVAILABLE, services=UP, other_holders=(backup(id="b-2", name="nightly-08"),), **WHOLE)
    assert "nightly-08" in str(made.warnings[0].text)
    assert made.repairs == ()
