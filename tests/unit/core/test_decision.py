# SPDX-License-Identifier: Apache-2.0
"""What was decided and shown travels, and is compared with what would be decided now."""

import json

import pytest

from backup_reset_panel.core.decision import compared
from backup_reset_panel.core.decision import decision
from backup_reset_panel.core.decision import variant
from backup_reset_panel.core.fingerprint import Change
from backup_reset_panel.core.plan.plan import plan
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.verdict.table import judge
from tests.unit.core.examples import ALL_DOWN
from tests.unit.core.examples import CEPH
from tests.unit.core.examples import DEAD
from tests.unit.core.examples import DELETE_FAILED
from tests.unit.core.examples import PARENT_GONE
from tests.unit.core.examples import SOUND
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import UP
from tests.unit.core.examples import WHOLE
from tests.unit.core.examples import ago
from tests.unit.core.examples import backup
from tests.unit.core.examples import evidence
from tests.unit.core.examples import held_volume
from tests.unit.core.examples import pending
from tests.unit.core.examples import target

INCREMENTAL = {"is_incremental": True, **WHOLE}


def decided(*, region="RegionOne", **so):
    seen = evidence(**so)
    verdict = judge(seen)
    made = {
        variant(choice, ticks): plan(seen, verdict, choice, ticks=ticks)
        for choice in Choice
        for ticks in (frozenset(), DEAD)
    }
    return decision(seen.backup, verdict, made, region)


def change(before, after):
    shown = json.loads(json.dumps(decided(**before)))
    return compared(shown, decided(**after), evidence(**after).backup)


@pytest.mark.parametrize("so", [{}, WHOLE, {"status": "error"}, {"taken_up": False}, {"driver": TIMED_OUT}])
def test_same_evidence_gives_the_same_decision(so):
    assert change(so, so) is Change.NONE


# What can change while the record of the backup itself stays the same.
MEANWHILE = [
    (WHOLE, {"services": UP, **WHOLE, "updated_at": ago(minutes=2)}),
    ({"ancestors": SOUND, **INCREMENTAL}, {"ancestors": PARENT_GONE, **INCREMENTAL}),
    (WHOLE, {"driver": CEPH, **WHOLE}),
    ({"status": "error", **WHOLE}, {"status": "error", "messages": (DELETE_FAILED,), **WHOLE}),
    (WHOLE, {"services": ALL_DOWN, **WHOLE}),
    (WHOLE, {"services": TIMED_OUT, **WHOLE}),
    (WHOLE, {"volume": held_volume(attachments=1), **WHOLE}),
    (WHOLE, {"volume": held_volume(status="available"), **WHOLE}),
    (WHOLE, {"volume": held_volume(id="v-9"), **WHOLE}),
    (WHOLE, {"volume": TIMED_OUT, **WHOLE}),
    (WHOLE, {"previous_status": "in-use", **WHOLE}),
    (WHOLE, {"other_holders": (backup(id="b-2"),), **WHOLE}),
    (WHOLE, {"temp_snapshot": True, **WHOLE}),
    (WHOLE, {"pending": (pending("error"),), **WHOLE}),
    ({}, {"taken_up": False}),
    ({"status": "restoring", **WHOLE}, {"status": "restoring", "restore_target": target(), **WHOLE}),
]


@pytest.mark.parametrize(("before", "after"), MEANWHILE)
@pytest.mark.parametrize("turned", [False, True])
def test_nothing_that_the_decision_rests_on_can_change_unseen(before, after, turned):
    if turned:
        before, after = after, before
    same_record = before.get("updated_at") == after.get("updated_at")
    assert change(before, after) is (Change.OTHER_DECISION if same_record else Change.TOUCHED)


def test_what_bears_on_nothing_may_change():
    assert change({"children": ()}, {"children": (backup(),)}) is Change.NONE
    assert change({}, {"name": "renamed"}) is Change.NONE


@pytest.mark.parametrize("so", [{"object_count": 5}, {"status": "error"}])
def test_record_that_changed_is_told_as_such(so):
    assert change({}, so) is Change.CHANGED


def test_record_that_was_only_touched_is_told_apart():
    assert change({}, {"updated_at": ago(seconds=1)}) is Change.TOUCHED


def test_other_region_is_another_cloud():
    assert compared(decided(), decided(region="RegionTwo"), backup()) is Change.OTHER_REGION
    assert compared({}, decided(), backup()) is Change.OTHER_REGION


@pytest.mark.parametrize("shown", [None, [], "x", 5])
def test_malformed_decision_does_not_pass(shown):
    assert compared(shown, decided(), backup()) is Change.CHANGED


def test_decision_with_anything_taken_away_or_added_does_not_pass():
    whole = decided()
    for name in whole:
        cut = {key: value for key, value in whole.items() if key != name}
        assert compared(cut, whole, backup()) is not Change.NONE
    assert compared(whole | {"more": 1}, whole, backup()) is not Change.NONE


def test_only_the_plan_that_is_to_be_carried_out_has_to_be_the_same():
    shown = decided()
    plans = {"error": shown["plans"]["error"]}
    assert compared(shown, shown | {"plans": plans}, backup()) is Change.NONE
    others = {name: made if name == "error" else {} for name, made in shown["plans"].items()}
    assert compared(shown | {"plans": others}, shown | {"plans": plans}, backup()) is Change.NONE


def test_what_the_word_would_bring_about_is_a_plan_of_its_own():
    """A temporary snapshot that turns up makes two resets of one, but only where the word was given."""
    before, after = (decided(previous_status="in-use", temp_snapshot=left, **WHOLE)["plans"] for left in (False, True))
    assert before["available"] == after["available"]
    assert before["available+process_dead"] != after["available+process_dead"]
