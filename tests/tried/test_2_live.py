# SPDX-License-Identifier: Apache-2.0
"""Jobs that may live are not taken for dead."""

import pytest

from tests.lab import wait
from tests.pages.said import Dialog
from tests.tried import database
from tests.tried.product import DEAD


def refused_to(product, dialog, choice):
    """Send a dialog without any tick; it has to come back."""
    answer = product.submit(dialog, choice=choice)
    assert isinstance(answer, Dialog), answer
    assert "Its process is dead" in answer.errors
    return answer


def waits(product, record):
    """The dialog of a job that is probably at work: nothing recommended, and nothing sent by its defaults."""
    dialog = product.open(record["backup_id"])
    assert dialog.choice is None
    assert "Probably still running" in dialog.headline
    assert "Choose a new status" in product.submit(dialog).errors
    row = product.plan([record["backup_id"]])[record["backup_id"]]
    assert row["left_out"] == "It is probably still running."
    page = product.page()
    assert record["backup_id"] not in page.rows
    return dialog


@pytest.mark.row(
    "2.1", "held-detach, its host up", "opened, sent as it is, then “Available” without a tick; and in bulk"
)
def test_all_written_is_not_over(lab, cloud, product, tried):
    record = cloud.take("held-detach")
    dialog = waits(product, record)
    answer = refused_to(product, dialog, "available")
    tried.saw(f"{dialog.headline} Then: {answer.errors}", database.told(lab, record))
    assert database.statuses(lab, record) == ("creating", "backing-up")
    lab.gates(record["volume_id"]).open("detach")
    cloud.bench.wait_backup(record["backup_id"], "available")
    assert lab.volume_row(record["volume_id"])["status"] == "available"


@pytest.mark.row("2.2", "held-detach-in-use, its host up", "opened, sent as it is, then each status without a tick")
def test_temporary_copy_of_a_live_job_stays(lab, cloud, product, tried):
    record = cloud.take("held-detach-in-use")
    dialog = waits(product, record)
    refused_to(product, dialog, "available")
    answer = refused_to(product, dialog, "error")
    copy_id = lab.backup_row(record["backup_id"])["temp_volume_id"]
    tried.saw(f"{dialog.headline} Then: {answer.errors}", database.told(lab, record))
    assert lab.volume_row(copy_id)["status"] == "backing-up"
    lab.gates(record["volume_id"]).open("detach")
    cloud.bench.wait_backup(record["backup_id"], "available")
    assert lab.volume_row(record["volume_id"])["status"] == "in-use"


@pytest.mark.row("2.4", "live-restore, the services list refused by policy", "opened; sent as it is, and “Available”")
def test_who_could_not_be_asked_may_be_at_work(lab, cloud, product, tried):
    record = cloud.take("live-restore")
    with lab.troubles.policy(volume_extension__services__index="!"):
        dialog = product.open(record["backup_id"])
        answer = refused_to(product, dialog, "available")
        row = product.plan([record["backup_id"]])[record["backup_id"]]
    tried.saw(f"{dialog.headline} Then: {answer.errors}", database.told(lab, record))
    assert row["left_out"]
    assert database.statuses(lab, record) == ("restoring", "available", "restoring-backup")
    lab.gates(record["restore_volume_id"]).open("slow")
    cloud.bench.wait_volume(record["restore_volume_id"], "available")


@pytest.mark.row("2.3", "live-elsewhere", "opened; sent as recommended")
def test_host_of_the_record_is_not_the_only_one_to_look_at(lab, cloud, product, tried):
    record = cloud.take("live-elsewhere")
    owner = record["owner"].replace("cinder-backup-", "lab-backup-")
    dialog = product.open(record["backup_id"])
    assert owner in dialog.ticks[DEAD]
    row = product.plan([record["backup_id"]])[record["backup_id"]]
    assert row["wants_word"]
    product.unsound.add(record["backup_id"])
    outcome = product.end(product.submit(dialog))
    tried.saw(f"“{dialog.ticks[DEAD]}” Without that: {outcome.headed}", database.told(lab, record))
    assert lab.volume_row(record["volume_id"])["status"] == "backing-up"
    assert any("still Backing" in text for text in outcome.locked)
    product.unsound.discard(record["backup_id"])
    lab.gates(record["volume_id"]).clear()
    wait.until(lambda: database.statuses(lab, record) == ("available", "available"), "the job to end by itself", 60)


@pytest.mark.row("2.5", "queued-create", "removal without a tick, then with it; the host thawed; a second backup")
def test_queued_create_cannot_meet_a_second_one(lab, cloud, product, tried):
    record = cloud.take("queued-create")
    dialog = product.open(record["backup_id"])
    assert record["host"] in dialog.ticks[DEAD]
    answer = product.submit(dialog)
    assert "Nothing will take this request up any more" in answer.errors
    assert database.statuses(lab, record) == ("creating", "backing-up")
    outcome = product.end(product.submit(answer, ticks=[DEAD]))
    tried.saw(f"{answer.errors} Ticked: {outcome.headed}", database.told(lab, record))
    assert outcome.ending == "removed"
    second = cloud.bench.start_backup(record["volume_id"])
    lab.thaw(record["service"])
    cloud.bench.wait_backup(second, "available")
    wait.until(
        lambda: record["backup_id"] in lab.service(record["service"]).read_log(), "the queued create to be taken up", 30
    )
    assert database.statuses(lab, record) == ("deleted", "available")
