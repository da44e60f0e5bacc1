# SPDX-License-Identifier: Apache-2.0
"""Bulk runs: decided as the dialog does, and again when their turn comes."""

import pytest

from tests.lab import wait
from tests.pages.said import Dialog
from tests.tried import database


def audit_of(lab, backup_id):
    return [each for each in database.audited(lab) if each["backup_id"] == backup_id][-1]


@pytest.mark.row("1.1", "incremental-complete", "planned; then its parent was deleted from another project; confirmed")
def test_parent_that_is_deleted_after_the_plan_is_seen(lab, cloud, product, tried):
    record = cloud.take("incremental-complete")
    plan = product.plan([record["backup_id"]])[record["backup_id"]]
    assert (plan["target"], plan["left_out"]) == ("available", "")
    lab.client("admin").backups.delete(record["parent_id"])
    wait.until(lambda: lab.backup_row(record["parent_id"])["deleted"], "the parent to be gone", 30)
    result = product.apply([plan])["results"][record["backup_id"]]
    tried.saw(result["said"], database.told(lab, record))
    assert result["class"] == "changed"
    assert "Chain broken" in result["said"]
    assert lab.backup_row(record["backup_id"])["status"] == "creating"


@pytest.mark.row("1.2", "incremental-complete, its chain sound", "bulk, and its process said to be dead by host")
def test_sound_chain_is_proved_in_bulk_as_well(lab, cloud, product, tried):
    record = cloud.take("incremental-complete")
    plan = product.plan([record["backup_id"]], dead=[record["host"]])[record["backup_id"]]
    result = product.apply([plan])["results"][record["backup_id"]]
    tried.saw(" ".join([result["said"], *result["repairs"]]), database.told(lab, record))
    assert (plan["verdict"], result["class"], result["freed"]) == ("complete", "applied", 1)
    assert database.statuses(lab, record) == ("available", "available")
    written = audit_of(lab, record["backup_id"])
    assert (written["verdict"], written["override"]) == ("complete", False)


@pytest.mark.row("1.11", "frozen-create", "opened; the host was thawed; sent with “its process is dead”")
@pytest.mark.row("1.3", "frozen-restore, its process said to be dead", "planned; the host was thawed; confirmed")
def test_host_that_comes_back_after_it_was_decided_is_seen(lab, cloud, product, tried):
    restore, create = cloud.take("frozen-restore"), cloud.take("frozen-create")
    target = restore["restore_volume_id"]
    plan = product.plan([restore["backup_id"]], dead=[restore["host"]])[restore["backup_id"]]
    dialog = product.open(create["backup_id"])
    assert plan["target"] == "available"
    assert (dialog.choice, set(dialog.ticks)) == ("error", {"override", "process_dead"})
    lab.gates(target).close("write", offset=0)
    lab.gates(create["volume_id"]).close("detach")
    for record in (restore, create):
        lab.thaw(record["service"])
        lab.hosts.wait_up(record["host"])
    result = product.apply([plan])["results"][restore["backup_id"]]
    answer = product.submit(dialog, ticks=["process_dead"])
    tried.saw(result["said"], database.told(lab, restore))
    tried.second.saw(answer.headed, database.told(lab, create))
    assert result["class"] == "changed"
    assert "Probably still running" in result["said"]
    assert lab.volume_row(target)["status"] == "restoring-backup"
    assert isinstance(answer, Dialog)
    assert "Nothing was sent" in answer.notice
    assert answer.choice is None
    assert database.statuses(lab, create) == ("creating", "backing-up")
    lab.gates(target).clear()
    lab.gates(create["volume_id"]).clear()
    cloud.bench.wait_volume(target, "available")
    cloud.bench.wait_backup(restore["backup_id"], "available")
    cloud.bench.wait_backup(create["backup_id"], "available")


@pytest.mark.row("1.4", "previous-status-differs", "bulk, and its process said to be dead by host")
def test_volume_that_takes_a_tick_of_its_own_is_not_freed_in_bulk(lab, cloud, product, tried):
    record = cloud.take("previous-status-differs")
    plan = product.plan([record["backup_id"]], dead=[record["host"]])[record["backup_id"]]
    result = product.apply([plan])["results"][record["backup_id"]]
    tried.saw(" ".join([result["said"], *result["repairs"]]), database.told(lab, record))
    # On a machine at its limit the left-over copy may take longer to go than the run looks.
    assert (result["class"], result["locked"]) in (("applied", 1), ("half_way", 0))
    assert "Backing" in plan["also"]
    assert lab.volume_row(record["volume_id"])["status"] == "backing-up"
    # The way on: its dialog frees it, by a tick of its own.
    dialog = product.open(record["backup_id"])
    assert dialog.choice == "repair"
    assert len(dialog.repairs) == 1
    product.submit(dialog, ticks=["process_dead"], repairs=dialog.repairs)
    assert lab.volume_row(record["volume_id"])["status"] == "available"


@pytest.mark.row("1.5", "other-zone among creating-complete and creating-no-data", "bulk over all")
def test_zone_without_a_service_pauses_nothing(lab, cloud, product, tried):
    odd = cloud.take("other-zone")
    others = [cloud.take("creating-complete"), cloud.take("creating-no-data")]
    ids = [odd["backup_id"], *(each["backup_id"] for each in others)]
    for _ in range(3):
        plan = product.plan(ids)
        answer = product.apply([row for row in plan.values() if row["token"]])
        classes = [answer["results"].get(each, {"class": "left out"})["class"] for each in ids]
        # What is known changes by itself in the first minute after a death: then it is planned anew.
        ids = [each for each, result in zip(ids, classes, strict=True) if result != "applied"]
        if "changed" not in classes:
            break
    told = plan[odd["backup_id"]]["left_out"] or answer["results"][odd["backup_id"]]["said"]
    tried.saw(f"{told} The others: Done.", f"{database.told(lab, odd)}; the others {database.told(lab, others[0])}")
    assert "pause" not in answer
    assert classes[0] in ("left out", "refused")
    assert [lab.backup_row(each["backup_id"])["status"] for each in others] == ["available", "error"]


@pytest.mark.row(
    "1.12", "creating-no-data, while Cinder’s services table is locked", "dialog opened; all answered again; sent"
)
def test_form_of_what_was_not_answered_sends_nothing(lab, cloud, product, tried):
    record = cloud.take("creating-no-data")
    with database.locked(lab, "services"):
        dialog = product.open(record["backup_id"], is_patient=False)
    assert dialog.choice is None
    assert "Check again" in dialog.text
    answer = product.submit(dialog, choice="error", ticks=["process_dead"])
    tried.saw(f"{dialog.headline} Then: {answer.headed}", database.told(lab, record))
    assert isinstance(answer, Dialog)
    assert "Nothing was sent" in answer.notice
    assert answer.choice == "error"
    assert database.statuses(lab, record) == ("creating", "backing-up")
    cloud.keep(record)
