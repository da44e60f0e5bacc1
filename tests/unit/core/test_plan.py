# SPDX-License-Identifier: Apache-2.0
"""What a choice leads to: steps, warnings, tick boxes, or a refusal."""

import pytest

from backup_reset_panel.core.cautions import Caution
from backup_reset_panel.core.evidence import Armed
from backup_reset_panel.core.evidence import Chain
from backup_reset_panel.core.evidence import ChainEnd
from backup_reset_panel.core.kinds import Choice
from backup_reset_panel.core.plan import Until
from backup_reset_panel.core.plan import plan
from backup_reset_panel.core.plan import plans
from backup_reset_panel.core.plan import recommended
from backup_reset_panel.core.refusals import Refusal
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.verdict import judge
from tests.unit.core.examples import ALL_DOWN
from tests.unit.core.examples import ONE_OF_TWO_UP
from tests.unit.core.examples import POSIX
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import UP
from tests.unit.core.examples import backup
from tests.unit.core.examples import evidence
from tests.unit.core.examples import held_volume
from tests.unit.core.examples import service
from tests.unit.core.examples import target

AVAILABLE, ERROR, REPAIR = Choice.AVAILABLE, Choice.ERROR, Choice.REPAIR
WHOLE = {"object_count": 128}
BROKEN = {"is_incremental": True, "ancestors": Chain((), ChainEnd.MISSING)}
NO_OVERRIDE = Rules(override_allowed=False)
TO_ERROR = Armed("error")


def planned(choice, *, rules=None, ticks=frozenset(), **so):
    seen = evidence(**so)
    return plan(seen, judge(seen), choice, rules=rules, ticks=ticks)


def ticks_needed(made):
    return {consent.tick for consent in made.consents}


def warned_of(made):
    return [note.code for note in made.warnings]


REFUSED = [
    (Refusal.UNREADABLE, AVAILABLE, {"backup": TIMED_OUT}),
    (Refusal.UNREADABLE, REPAIR, {"backup": None}),
    (Refusal.IGNORED_BY_CINDER, AVAILABLE, {"taken_up": False}),
    (Refusal.IGNORED_BY_CINDER, ERROR, {"taken_up": False, "status": "deleting"}),
    (Refusal.SAME_STATUS, AVAILABLE, {"status": "available"}),
    (Refusal.SAME_STATUS, ERROR, {"status": "error"}),
    (Refusal.ARMED, AVAILABLE, {"armed": TO_ERROR, **WHOLE}),
    (Refusal.ARMED, ERROR, {"armed": TO_ERROR}),
    (Refusal.DELETE_MAY_BE_QUEUED, AVAILABLE, {"status": "deleting", "services": ALL_DOWN}),
    (Refusal.DELETE_MAY_BE_QUEUED, AVAILABLE, {"status": "error_deleting", "services": TIMED_OUT}),
    (Refusal.RESET_FIRST, REPAIR, {}),
    (Refusal.RESET_FIRST, REPAIR, {"status": "restoring", "restore_target": target()}),
    (Refusal.NOTHING_TO_REPAIR, REPAIR, {"status": "error", "volume": held_volume(status="available")}),
    (Refusal.NOTHING_TO_REPAIR, REPAIR, {"taken_up": False, "volume": None}),
    (Refusal.HELD_BY_ANOTHER, REPAIR, {"status": "error", "other_holders": (backup(id="b-2"),)}),
]


@pytest.mark.parametrize(("code", "choice", "so"), REFUSED)
def test_choice_that_cannot_be_carried_out_is_refused_with_its_reason(code, choice, so):
    made = planned(choice, **so)
    assert made.refusal.code is code
    assert str(made.refusal.text)
    assert (made.resets, made.repairs) == ((), ())


@pytest.mark.parametrize("so", [{}, {"is_incremental": True}, {"status": "deleting", "services": UP}, {"status": None}])
def test_available_without_proof_is_refused_where_the_site_allows_no_override(so):
    assert planned(AVAILABLE, rules=NO_OVERRIDE, **so).refusal.code is Refusal.OVERRIDE_OFF
    assert planned(AVAILABLE, **so).needs_override


def test_refusal_names_the_status_and_the_armed_reset():
    assert "The backup is Error already." in str(planned(ERROR, status="error").refusal.text)
    assert "An earlier reset to Error" in str(planned(AVAILABLE, armed=TO_ERROR).refusal.text)


def test_armed_reset_that_has_arrived_stands_in_nobodys_way():
    made = planned(AVAILABLE, status="error", armed=TO_ERROR, **WHOLE)
    assert made.refusal is None


def test_armed_reset_that_is_not_known_stands_in_nobodys_way():
    assert planned(ERROR, armed=TIMED_OUT).refusal is None


RECOMMENDED = [
    (AVAILABLE, {**WHOLE}),
    (ERROR, {}),
    (AVAILABLE, {"status": "restoring", **WHOLE}),
    (AVAILABLE, {"status": "restoring", **BROKEN}),
    (ERROR, {"status": "deleting"}),
    (REPAIR, {"taken_up": False}),
    (None, {"taken_up": False, "volume": None}),
    (None, {"status": "available"}),
    (None, {"status": "error", **WHOLE}),
    (None, {"armed": TO_ERROR, **WHOLE}),
    (None, {"backup": TIMED_OUT}),
]


@pytest.mark.parametrize(("choice", "so"), RECOMMENDED)
def test_recommended_choice_is_made_beforehand(choice, so):
    seen = evidence(**so)
    assert recommended(seen, judge(seen)) is choice


def test_error_takes_the_place_of_a_recommended_override_that_the_site_forbids():
    seen = evidence(status="restoring", **BROKEN)
    assert recommended(seen, judge(seen), NO_OVERRIDE) is ERROR


def test_dialog_gets_a_plan_for_every_choice():
    seen = evidence(**WHOLE)
    made = plans(seen, judge(seen))
    assert list(made) == [AVAILABLE, ERROR, REPAIR]
    assert made[AVAILABLE].refusal is None
    assert made[REPAIR].refusal.code is Refusal.RESET_FIRST


def steps(made):
    return [(step.target, step.until) for step in made.resets]


@pytest.mark.parametrize("left_over", ["temp_volume", "temp_snapshot"])
def test_complete_backup_with_left_overs_goes_through_error_and_waits_for_the_cleaning(left_over):
    made = planned(AVAILABLE, **{left_over: True}, **WHOLE)
    assert steps(made) == [("error", Until.CLEANED), ("available", Until.APPLIED)]
    assert Caution.LEFT_OVER_STAYS not in warned_of(made)


@pytest.mark.parametrize("so", [{}, {"temp_volume": TIMED_OUT, "temp_snapshot": TIMED_OUT}])
def test_complete_backup_without_known_left_overs_is_reset_in_one_step(so):
    assert steps(planned(AVAILABLE, **so, **WHOLE)) == [("available", Until.APPLIED)]


def test_error_is_one_step_even_with_left_overs():
    assert steps(planned(ERROR, temp_volume=True, **WHOLE)) == [("error", Until.APPLIED)]


def test_backup_that_is_not_complete_goes_through_no_error_on_its_way():
    made = planned(AVAILABLE, temp_volume=True)
    assert steps(made) == [("available", Until.APPLIED)]
    assert Caution.LEFT_OVER_STAYS in warned_of(made)


CONSENTS = [
    (set(), AVAILABLE, {**WHOLE}),
    (set(), AVAILABLE, {"services": UP, **WHOLE}),
    (set(), ERROR, {}),
    (set(), ERROR, {"services": ALL_DOWN}),
    ({Tick.MAY_BE_LIVE}, ERROR, {"services": UP}),
    ({Tick.OVERRIDE}, AVAILABLE, {}),
    ({Tick.OVERRIDE, Tick.MAY_BE_LIVE}, AVAILABLE, {"services": UP}),
    ({Tick.OVERRIDE}, AVAILABLE, {"status": "restoring", **BROKEN}),
    (set(), AVAILABLE, {"status": "restoring", **WHOLE}),
    ({Tick.MAY_BE_LIVE}, AVAILABLE, {"status": "restoring", "services": UP, **WHOLE}),
    ({Tick.MAY_BE_LIVE}, ERROR, {"status": "deleting", "services": UP}),
    ({Tick.NEVER_DELETED}, AVAILABLE, {"status": "error", **WHOLE}),
    ({Tick.OVERRIDE}, AVAILABLE, {"status": "error", "fail_reason": "[Errno 21]", **WHOLE}),
    (set(), ERROR, {"status": "available", "services": UP}),
    (set(), REPAIR, {"status": "error"}),
]


@pytest.mark.parametrize(("needed", "choice", "so"), CONSENTS)
def test_administrator_takes_upon_themselves_what_no_record_answers(needed, choice, so):
    made = planned(choice, **so)
    assert made.refusal is None
    assert ticks_needed(made) == needed
    assert made.needs_override == (Tick.OVERRIDE in needed)
    assert {consent.tick for consent in made.needs_confirmations} == needed - {Tick.OVERRIDE}
    assert {consent.tick for consent in made.lacking(frozenset())} == needed
    assert made.lacking(needed) == ()


def test_consent_to_a_live_restore_says_what_becomes_of_it():
    text = str(planned(ERROR, status="restoring", services=UP).consents[0].text)
    assert "cinder-backup on node-1 (up, last seen 4 s ago)" in text
    assert "cancels the restore" in text
    assert "ends as Available whichever status you choose" in text


def test_override_of_a_deleted_backup_says_that_data_may_be_gone():
    text = str(planned(AVAILABLE, status="deleting", services=UP).consents[0].text)
    assert "gone in part" in text


WARNINGS = [
    ([Caution.RESCUE_FIRST], AVAILABLE, {**WHOLE}),
    ([], AVAILABLE, {"services": UP, **WHOLE}),
    ([Caution.HIDES_GOOD], ERROR, {**WHOLE}),
    ([Caution.HIDES_GOOD], ERROR, {"status": "available"}),
    ([Caution.HIDES_GOOD, Caution.CHILDREN], ERROR, {"status": "available", "children": (backup(), backup())}),
    ([Caution.RESTART_INSTEAD], ERROR, {}),
    ([Caution.TEMPORARY_IN_USE, Caution.RESTART_INSTEAD], ERROR, {"temp_snapshot": True}),
    ([], ERROR, {"services": UP}),
    ([Caution.QUEUED_DELETE], ERROR, {"status": "deleting"}),
    ([Caution.QUEUED_DELETE], ERROR, {"status": "error_deleting"}),
    (
        [Caution.RESTART_INSTEAD, Caution.TARGET_WRITTEN_LATER],
        AVAILABLE,
        {"status": "restoring", "services": ONE_OF_TWO_UP, **WHOLE},
    ),
    ([], AVAILABLE, {"status": "restoring", "services": UP, **WHOLE}),
    ([Caution.OTHER_HOST], AVAILABLE, {"driver": POSIX, "services": (service(), service("node-2")), **WHOLE}),
    ([], AVAILABLE, {"driver": POSIX, "services": UP, **WHOLE}),
    ([], AVAILABLE, {"services": (service(), service("node-2")), **WHOLE}),
    ([Caution.HELD_BY_ANOTHER], AVAILABLE, {"services": UP, "other_holders": (backup(id="b-2"),), **WHOLE}),
    ([Caution.VOLUME_UNREAD], AVAILABLE, {"services": UP, "volume": TIMED_OUT, **WHOLE}),
    ([], REPAIR, {"status": "error", "temp_volume": True}),
    ([Caution.LEFT_OVER_STAYS], AVAILABLE, {"status": "error", "last_host": None, "temp_volume": True, **WHOLE}),
]


@pytest.mark.parametrize(("codes", "choice", "so"), WARNINGS)
def test_warnings_come_in_the_order_of_their_weight(codes, choice, so):
    made = planned(choice, **so)
    assert made.refusal is None
    assert warned_of(made) == codes
    assert (made.open_warning.code if codes else made.open_warning) == (codes[0] if codes else None)


def test_warning_counts_the_children():
    one = planned(ERROR, status="available", children=(backup(),)).warnings[1]
    two = planned(ERROR, status="available", children=(backup(), backup())).warnings[1]
    assert str(one.text) == "1 incremental backup builds on this one."
    assert str(two.text) == "2 incremental backups build on this one."


def test_warning_names_the_other_holder():
    made = planned(AVAILABLE, services=UP, other_holders=(backup(id="b-2", name="nightly-08"),), **WHOLE)
    assert "nightly-08" in str(made.open_warning.text)
    assert made.repairs == ()
