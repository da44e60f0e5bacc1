# SPDX-License-Identifier: Apache-2.0
"""How a reset ended, by two reads of the backup; above all what a start of cinder-backup does to one that waits."""

import dataclasses

import pytest

from backup_reset_panel.core import outcome
from backup_reset_panel.core import wording
from backup_reset_panel.core.outcome import Ending
from backup_reset_panel.core.outcome import Outcome
from backup_reset_panel.core.records import Backup

BEFORE = Backup("a-backup", status="creating", object_count=32, container="ab/cd/x")
#: What a start of cinder-backup makes of it (29.0.0 ``_cleanup_one_backup``).
CLEANED_UP = dataclasses.replace(BEFORE, status="error", fail_reason="incomplete backup reset on manager restart")


def changed(backup=BEFORE, **facts):
    """The backup as it is later."""
    return dataclasses.replace(backup, **facts)


@pytest.mark.parametrize(
    ("now", "ending"),
    [
        (changed(), Ending.ACCEPTED),
        (changed(status="available"), Ending.APPLIED),
        (changed(status="error"), Ending.SETTLED_OTHERWISE),
        (changed(status="available", object_count=33), Ending.SETTLED_OTHERWISE),
        (changed(status="error", fail_reason="No space left on device"), Ending.SETTLED_OTHERWISE),
        (None, Ending.DELETED_MEANWHILE),
    ],
    ids=["same", "target", "other", "target-and-count", "failed", "gone"],
)
def test_ending_is_what_two_reads_show(now, ending):
    assert outcome.observe(BEFORE, "available", now) is ending


def test_reset_that_waited_in_the_queue_of_a_starting_service_is_still_open():
    """It cleans up before it takes messages: the reset is applied after that."""
    assert outcome.observe(BEFORE, "available", CLEANED_UP) is Ending.ACCEPTED
    assert outcome.observe(BEFORE, "available", changed(CLEANED_UP, status="available")) is Ending.APPLIED


@pytest.mark.parametrize("facts", [{"object_count": 33}, {"container": "other"}], ids=str)
def test_a_start_explains_nothing_but_status_and_fail_reason(facts):
    assert outcome.observe(BEFORE, "available", changed(CLEANED_UP, **facts)) is Ending.SETTLED_OTHERWISE


def test_error_by_the_start_of_a_service_is_not_called_a_reset_to_error():
    assert outcome.observe(BEFORE, "error", CLEANED_UP) is Ending.SETTLED_OTHERWISE


def test_open_reset_is_told_with_the_status_that_a_start_gave_the_backup():
    sent = Outcome(Ending.ACCEPTED, BEFORE, "available", now=BEFORE)
    assert "the backup is still Creating" in str(wording.of_outcome(sent).headline)

    told = str(wording.of_outcome(outcome.with_look(sent, CLEANED_UP)).headline)
    assert "not applied yet" in told
    assert "Error" in told
    assert "Creating" not in told


def test_ignored_reset_is_told_with_the_status_that_the_backup_has():
    ignored = Outcome(Ending.IGNORED, BEFORE, "available", now=CLEANED_UP)
    assert "the backup is still Error" in str(wording.of_outcome(ignored).headline)
