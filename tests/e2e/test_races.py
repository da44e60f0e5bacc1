# SPDX-License-Identifier: Apache-2.0
"""What happens between dialog and submit, and two administrators at once: nothing wrong is sent, and both are told."""

import concurrent.futures
import threading

import pytest


@pytest.fixture
def being_created(cloud):
    """A backup that is being made right now, held half-way; its cinder-backup is up."""
    [record] = cloud.bench.held_backups(1, "read", offset=cloud.bench.half())
    yield record
    cloud.bench.open_gates()


@pytest.fixture
def finished(cloud):
    """A backup that is available."""
    volume_id = cloud.bench.volume()
    return cloud.bench.record(backup_id=cloud.bench.backup(volume_id), volume_id=volume_id)


def at_once(*calls):
    """Run calls in threads that start together; return their answers in order."""
    together = threading.Barrier(len(calls), timeout=30)

    def run(call):
        together.wait()
        return call()

    with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


def test_backup_that_finishes_while_the_dialog_is_open_is_left_alone(browsers, cloud, being_created):
    dialog = browsers().open_dialog(being_created)
    dialog.choose("error")
    dialog.tick("process_dead")
    cloud.bench.open_gates()
    cloud.bench.wait_backup(being_created["backup_id"], "available")

    answer = dialog.submit()

    assert "Nothing was sent: the backup changed while the dialog was open." in answer.notice
    assert (answer.verdict, answer.offered) == ("available", ["error"])
    assert cloud.resets(being_created["backup_id"]) == []
    assert cloud.in_database(being_created).backup == "available"


def test_backup_that_is_being_made_is_not_reset_without_taking_that_upon_oneself(browsers, cloud, being_created):
    dialog = browsers().open_dialog(being_created)
    recommended, headline, boxes = dialog.recommended, dialog.headline, dialog.boxes("ticks")
    dialog.choose("error")

    answer = dialog.submit()

    assert (recommended, boxes["process_dead"]) == (None, False)
    assert headline.startswith("Probably still running:")
    assert headline.endswith("Wait.")
    assert "Its process is dead: I looked on" in answer.text(".has-error .help-block")
    assert cloud.resets(being_created["backup_id"]) == []


def test_restore_that_begins_while_the_dialog_is_open_is_left_alone(browsers, cloud, finished):
    dialog = browsers().open_dialog(finished)
    dialog.choose("error")
    target = cloud.bench.empty_volume("target-of-a-race")
    cloud.bench.hold(target, "write", offset=cloud.bench.half())
    cloud.bench.cinder.restores.restore(finished["backup_id"], volume_id=target)
    cloud.bench.wait_held(target, "write")

    answer = dialog.submit()
    cloud.bench.open_gates()

    assert "Nothing was sent: the backup changed while the dialog was open." in answer.notice
    assert answer.verdict == "was_available"
    assert cloud.resets(finished["backup_id"]) == []
    cloud.bench.wait_backup(finished["backup_id"], "available")
    cloud.bench.wait_volume(target, "available")


def test_second_administrator_is_told_that_the_first_one_was_faster(browsers, cloud):
    record = cloud.take("creating-partial")
    faster = browsers().open_dialog(record)
    slower = browsers(name="another administrator").open_dialog(record)
    faster.choose("error")
    slower.choose("available")
    slower.tick("override")

    first, second = faster.submit(), slower.submit()

    assert first.ending == "applied"
    assert "Nothing was sent: the backup changed while the dialog was open." in second.notice
    assert cloud.resets(record["backup_id"]) == ["error"]
    assert cloud.in_database(record).backup == "error"


def test_two_administrators_at_once_with_the_same_choice_send_it_once(browsers, cloud):
    record = cloud.take("creating-complete")
    dialogs = [who.open_dialog(record) for who in (browsers(), browsers(name="another administrator"))]
    for dialog in dialogs:
        dialog.choose("available")

    answers = at_once(*(dialog.submit for dialog in dialogs))

    assert_one_was_sent_and_both_are_told(cloud, record, answers, ["available", "available"])


def test_two_administrators_at_once_with_opposite_choices_send_one_of_them(browsers, cloud):
    record = cloud.take("creating-no-data")
    dialogs = [who.open_dialog(record) for who in (browsers(), browsers(name="another administrator"))]
    dialogs[0].choose("error")
    dialogs[1].choose("available")
    dialogs[1].tick("override")

    answers = at_once(*(dialog.submit for dialog in dialogs))

    assert_one_was_sent_and_both_are_told(cloud, record, answers, ["error", "available"])


def assert_one_was_sent_and_both_are_told(cloud, record, answers, choices):
    """Make sure that one reset was sent and told as applied, and the other administrator told that theirs was not."""
    applied = [choice for answer, choice in zip(answers, choices, strict=True) if answer.ending == "applied"]
    others = [answer for answer in answers if answer.ending != "applied"]
    assert cloud.resets(record["backup_id"]) == applied
    assert [cloud.in_database(record).backup] == applied
    assert len(others) == 1
    assert others[0].has("#backup-reset-nothing") or "Nothing was sent" in (others[0].notice or others[0].told)
