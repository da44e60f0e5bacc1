# SPDX-License-Identifier: Apache-2.0
"""Signs of a delete, and those that are none."""

import pytest

from tests.lab import wait
from tests.pages.said import Dialog
from tests.tried import database


@pytest.mark.row("5.1", "detach-failed", "opened; “Available”, never deleted; restored")
def test_failure_to_let_go_is_no_sign_of_a_delete(lab, cloud, product, tried):
    record = cloud.take("detach-failed")
    dialog = product.open(record["backup_id"])
    assert (dialog.verdict, dialog.choice) == ("was_complete", None)
    assert record["backup_id"] in product.page(tile="was_complete").rows
    outcome = product.end(product.submit(dialog, choice="available", ticks=["never_deleted"]))
    tried.saw(f"{dialog.headline} Then: {outcome.headed}", database.told(lab, record))
    assert outcome.ending == "applied"
    assert cloud.comes_back(record["backup_id"], record["sha256"])


@pytest.mark.row("5.3", "deleting-half, backup:update refused by policy", "“Error”")
def test_mark_that_cannot_be_left_is_told_before(lab, cloud, product, tried):
    record = cloud.take("deleting-half")
    product.unsound.add(record["backup_id"])
    with lab.troubles.policy(backup__update="!"):
        answer = product.submit(product.open(record["backup_id"]), choice="error")
    tried.saw(answer.headed, database.told(lab, record))
    assert isinstance(answer, Dialog)
    assert "did not accept the note" in answer.notice
    assert "no_mark" in answer.ticks
    assert lab.backup_row(record["backup_id"])["status"] == "deleting"
    cloud.keep(record)


@pytest.mark.row("5.2", "deleting-half, the broker frozen", "“Error”; thawed, so that it is applied; opened again")
def test_mark_is_left_before_the_reset(lab, cloud, product, tried):
    record = cloud.take("deleting-half")
    dialog = product.open(record["backup_id"])
    lab.freeze("rabbitmq")
    try:
        outcome = product.submit(dialog, choice="error")
    finally:
        lab.thaw("rabbitmq")
    assert outcome.ending in ("unknown", "accepted")
    wait.until(lambda: lab.backup_row(record["backup_id"])["status"] == "error", "the reset to be applied", 60)
    later = product.open(record["backup_id"])
    tried.saw(f"{outcome.headed} Later: {later.headline}", database.told(lab, record))
    assert later.verdict == "delete_tried"
    answer = product.submit(later, choice="available", ticks=["never_deleted"])
    assert isinstance(answer, Dialog)
    assert lab.backup_row(record["backup_id"])["status"] == "error"
