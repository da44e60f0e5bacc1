# SPDX-License-Identifier: Apache-2.0
"""How a reset ended: only what was seen, and only by a sign that the job could not have left itself."""

import dataclasses

import pytest

from backup_reset_panel.core.delete_signs import CLEANED_UP
from backup_reset_panel.core.evidence import NOT_ASKED
from backup_reset_panel.core.fingerprint import Change
from backup_reset_panel.core.outcome import notices
from backup_reset_panel.core.outcome import texts
from backup_reset_panel.core.outcome.outcome import Look
from backup_reset_panel.core.outcome.outcome import held
from backup_reset_panel.core.outcome.outcome import observe
from backup_reset_panel.core.outcome.outcome import with_look
from backup_reset_panel.core.outcome.types import Ending
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import FaultKind
from backup_reset_panel.core.outcome.types import Held
from backup_reset_panel.core.outcome.types import Outcome
from backup_reset_panel.core.outcome.types import RepairEnding
from backup_reset_panel.core.outcome.types import RepairOutcome
from backup_reset_panel.core.plan.repairs import candidates
from backup_reset_panel.core.plan.types import RepairKind
from backup_reset_panel.core.records import Backup
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import ago
from tests.unit.core.examples import evidence
from tests.unit.core.examples import held_snapshot
from tests.unit.core.examples import held_volume
from tests.unit.core.examples import target

BEFORE = Backup("a-backup", status="creating", object_count=32, container="ab/cd/x")
#: What a start of cinder-backup makes of it (29.0.0 ``_cleanup_one_backup``).
AFTER_A_START = dataclasses.replace(BEFORE, status="error", fail_reason=CLEANED_UP)
VOLUME = Held(RepairKind.VOLUME, "v-1", "backing-up", "10:00")


def changed(backup=BEFORE, **facts):
    """The backup as it is later."""
    return dataclasses.replace(backup, **facts)


def sent(status="creating", to="available", ending=Ending.ACCEPTED, held=None, **facts):
    before = changed(status=status, **facts)
    return Outcome(ending, before, to, now=before, held=held)


@pytest.mark.parametrize("first", [Ending.ACCEPTED, Ending.UNKNOWN])
@pytest.mark.parametrize(
    ("now", "ending"),
    [
        (changed(status="available"), Ending.SETTLED_OTHERWISE),
        (changed(status="error", object_count=33), Ending.SETTLED_OTHERWISE),
        (changed(status="error", container="other"), Ending.SETTLED_OTHERWISE),
        (changed(status="error", fail_reason="No space left on device"), Ending.SETTLED_OTHERWISE),
        (changed(status="error"), Ending.APPLIED),
        (None, Ending.DELETED_MEANWHILE),
    ],
    ids=["other status", "count too", "container too", "failed", "target", "gone"],
)
def test_ending_is_what_two_reads_show(now, ending, first):
    assert observe(sent(to="error", ending=first), Look(now)) is ending


@pytest.mark.parametrize("first", [Ending.ACCEPTED, Ending.UNKNOWN])
def test_reset_of_which_nothing_is_seen_yet_stays_what_it_was(first):
    assert observe(sent(to="error", ending=first), Look(changed())) is first


NOW_FREE = Held(RepairKind.VOLUME, "v-1", "available", "10:05")
FREE = Held(RepairKind.VOLUME, "v-1", "available", "10:00")
SNAPSHOT = Held(RepairKind.SNAPSHOT, "s-1", "backing-up", "10:00")
TARGET = Held(RepairKind.RESTORE_TARGET, "v-2", "restoring-backup", "10:00")

# A backup that is in its target status now. Did we bring it there, or its job? Status before, target, what it held when
# it was sent, and what that is now.
SIGNS = [
    # No job ends so without another trace.
    (Ending.APPLIED, "creating", "error", VOLUME, NOW_FREE),
    (Ending.APPLIED, "restoring", "error", None, None),
    (Ending.APPLIED, "deleting", "error", None, None),
    (Ending.APPLIED, "deleting", "available", None, None),
    (Ending.APPLIED, "error_deleting", "available", None, None),
    # A create writes to its volume or snapshot before it sets Available.
    (Ending.APPLIED, "creating", "available", VOLUME, VOLUME),
    (Ending.REACHED, "creating", "available", VOLUME, NOW_FREE),
    (Ending.REACHED, "creating", "available", VOLUME, None),
    (Ending.ACCEPTED, "creating", "available", VOLUME, TIMED_OUT),
    (Ending.REACHED, "creating", "available", None, None),
    (Ending.APPLIED, "creating", "available", Held(RepairKind.VOLUME, "v-1", ""), None),
    (Ending.APPLIED, "creating", "available", SNAPSHOT, SNAPSHOT),
    (Ending.REACHED, "creating", "available", SNAPSHOT, dataclasses.replace(SNAPSHOT, status="available")),
    # That it is backing-up again may be the next backup's doing.
    (Ending.REACHED, "creating", "available", VOLUME, dataclasses.replace(VOLUME, touched="10:05")),
    (Ending.REACHED, "creating", "available", SNAPSHOT, dataclasses.replace(SNAPSHOT, touched="10:05")),
    # What was free already is written to as well.
    (Ending.APPLIED, "creating", "available", FREE, FREE),
    (Ending.REACHED, "creating", "available", FREE, NOW_FREE),
    # A restore likewise; also one that is cancelled sets Available in the end.
    (Ending.APPLIED, "restoring", "available", TARGET, TARGET),
    (Ending.REACHED, "restoring", "available", TARGET, dataclasses.replace(TARGET, status="available")),
    (Ending.REACHED, "restoring", "available", TARGET, dataclasses.replace(TARGET, status="error")),
    (Ending.REACHED, "restoring", "available", TARGET, dataclasses.replace(TARGET, status="error_restoring")),
    (Ending.REACHED, "restoring", "available", None, None),
    # What was idle may have a job that lives on.
    (Ending.REACHED, "error", "available", FREE, NOW_FREE),
    (Ending.APPLIED, "error", "available", FREE, FREE),
    (Ending.APPLIED, "available", "error", None, None),
]


@pytest.mark.parametrize(("ending", "status", "to", "was_held", "now_held"), SIGNS)
def test_seen_needs_a_sign_that_the_job_itself_could_not_have_left(ending, status, to, was_held, now_held):
    look = Look(changed(status=to), now_held)
    assert observe(sent(status, to, held=was_held), look) is ending


@pytest.mark.parametrize("status", ["creating", "deleting", "restoring"])
@pytest.mark.parametrize(("reason", "ending"), [(None, Ending.APPLIED), ("[Errno 39] not empty", Ending.REACHED)])
def test_job_that_fails_again_with_the_same_words_leaves_no_other_trace_than_ours(status, reason, ending):
    failed_before = sent(status, "error", held=VOLUME, fail_reason=reason)
    assert observe(failed_before, Look(changed(failed_before.before, status="error"), VOLUME)) is ending


def test_reset_that_waited_in_the_queue_of_a_starting_service_is_still_open():
    """It cleans up before it takes messages: the reset is applied after that."""
    assert observe(sent(), Look(AFTER_A_START)) is Ending.ACCEPTED
    after_that = Look(changed(AFTER_A_START, status="available"), FREE)
    assert observe(sent(held=FREE), after_that) is Ending.APPLIED


@pytest.mark.parametrize("facts", [{"object_count": 33}, {"container": "other"}], ids=str)
def test_a_start_explains_nothing_but_status_and_fail_reason(facts):
    assert observe(sent(), Look(changed(AFTER_A_START, **facts))) is Ending.SETTLED_OTHERWISE


def test_error_by_the_start_of_a_service_is_not_called_a_reset_to_error():
    assert observe(sent(to="error"), Look(AFTER_A_START)) is Ending.SETTLED_OTHERWISE


def test_open_reset_is_told_with_the_status_that_a_start_gave_the_backup():
    told = texts.of_outcome(sent())
    assert "the backup is still Creating" in str(told.headline)
    told = str(texts.of_outcome(with_look(sent(), Look(AFTER_A_START))).headline)
    assert "not applied yet" in told
    assert "Error" in told
    assert "Creating" not in told


AT = "2026-08-21T11:00:00+00:00"
WAS_HELD = [
    (Held(RepairKind.VOLUME, "v-1", "backing-up"), {}),
    (Held(RepairKind.VOLUME, "v-1", "backing-up", AT), {"volume": held_volume(updated_at=ago(hours=1))}),
    (Held(RepairKind.VOLUME, "v-1", "available"), {"volume": held_volume(status="available")}),
    (Held(RepairKind.VOLUME, "v-1", ""), {"volume": None}),
    (None, {"volume": TIMED_OUT}),
    (None, {"volume_id": None, "volume": NOT_ASKED}),
    (Held(RepairKind.SNAPSHOT, "s-1", "backing-up"), {"snapshot_id": "s-1", "snapshot": held_snapshot()}),
    (None, {"snapshot_id": "s-1", "snapshot": TIMED_OUT}),
    (None, {"snapshot_id": "s-1", "snapshot": None}),
    (Held(RepairKind.RESTORE_TARGET, "v-2", "restoring-backup"), {"status": "restoring", "restore_target": target()}),
    (None, {"status": "restoring", "restore_target": None}),
    (None, {"status": "restoring", "restore_target": TIMED_OUT}),
    (Held(RepairKind.RESTORE_TARGET, "v-2", "restoring-backup"), {"status": "error", "restore_target": target()}),
    (Held(RepairKind.VOLUME, "v-1", "backing-up"), {"status": "error", "was_restored": False}),
    (None, {"status": "error", "was_restored": True}),
    (None, {"status": "error", "was_restored": TIMED_OUT}),
]


@pytest.mark.parametrize(("expected", "so"), WAS_HELD)
def test_what_a_job_would_set_free_is_noted_before_anything_is_sent(expected, so):
    assert held(evidence(**so)) == expected


def outcome(ending, **facts):
    ordinary = {"before": BEFORE, "target": "available", "now": BEFORE, "host": "node-2", "waited": 2.0}
    return Outcome(ending, **{**ordinary, **facts})


@pytest.mark.parametrize("ending", Ending)
def test_every_ending_has_its_words_and_only_what_was_seen_is_good_news(ending):
    fault = Fault(FaultKind.SERVER_ERROR, 500) if ending is Ending.REFUSED else None
    told = texts.of_outcome(outcome(ending, fault=fault))
    assert str(told.headline)
    assert "{" not in told.text
    assert "None" not in told.text
    assert (told.level == notices.GOOD) == (ending in (Ending.APPLIED, Ending.REMOVED))
    assert ("Done" in str(told.headline)) == (told.level == notices.GOOD)


@pytest.mark.parametrize("kind", FaultKind)
def test_every_fault_has_its_words(kind):
    told = notices.of_fault(Fault(kind))
    assert told.level in (notices.BAD, notices.WARN)
    assert "{" not in told.text


@pytest.mark.parametrize("change", [each for each in Change if each is not Change.NONE])
def test_every_change_says_that_nothing_was_sent(change):
    assert str(texts.of_change(change).headline).startswith("Nothing was sent")


@pytest.mark.parametrize("ending", [Ending.APPLIED, Ending.REPAIRED, Ending.REMOVED])
def test_what_stays_locked_takes_the_good_news_away(ending):
    steps = candidates(evidence())
    assert texts.of_outcome(outcome(ending, locked=steps)).level == notices.WARN
    assert str(texts.of_locked(steps[0])) == (
        "Volume db-data is still Backing Up: it cannot be attached, moved or backed up again."
    )


@pytest.mark.parametrize("ending", RepairEnding)
def test_every_ending_of_a_repair_has_its_words(ending):
    (step,) = candidates(evidence())
    told = texts.of_repair(RepairOutcome(step, ending, "in-use", Fault(FaultKind.FORBIDDEN)))
    assert "Volume db-data" in str(told.headline)
    assert (told.level == notices.GOOD) == (ending is RepairEnding.DONE)
    assert "not allow" in str(told.advice)


def test_reset_that_waits_long_is_told_with_the_time_and_what_may_be_the_cause():
    told = texts.of_outcome(outcome(Ending.ACCEPTED, waited=75))
    assert "1 min ago" in str(told.headline)
    assert "The same reset can be sent again" in str(told.advice)


def test_reset_that_may_have_been_the_jobs_doing_is_told_to_wait_at_its_host():
    told = texts.of_outcome(outcome(Ending.REACHED, now=changed(status="available")))
    assert "cannot be told" in str(told.headline)
    assert "node-2" in str(told.advice)


def test_ignored_reset_is_told_with_its_proof():
    told = texts.of_outcome(outcome(Ending.IGNORED, cause=texts.NEVER_TAKEN_UP))
    assert "ever took this backup up" in str(told.advice)


def test_repair_that_waited_is_told_as_left_once_the_reset_is_settled():
    (step,) = candidates(evidence())
    waiting = dataclasses.replace(sent(to="error"), repairs=(RepairOutcome(step, RepairEnding.WAITING),))
    assert with_look(waiting, Look(changed())).repairs[0].ending is RepairEnding.WAITING
    assert with_look(waiting, Look(changed(status="error"))).repairs[0].ending is RepairEnding.LEFT


def test_what_is_learnt_of_a_lost_answer_forgets_the_fault():
    unknown = dataclasses.replace(sent(to="error", ending=Ending.UNKNOWN), fault=Fault(FaultKind.TIMED_OUT))
    assert with_look(unknown, Look(changed())).fault.kind is FaultKind.TIMED_OUT
    assert with_look(unknown, Look(changed(status="error"))).fault is None


def test_removal_of_which_the_answer_was_lost_names_no_status():
    told = texts.of_outcome(outcome(Ending.UNKNOWN, target=""))
    assert "request to remove this backup" in str(told.headline)
