# SPDX-License-Identifier: Apache-2.0
"""Stuck ones are seen, whatever became of their host: kind 3, but last, since it removes hosts for good."""

import contextlib

import pytest

from tests.lab import cinder
from tests.tried import database


@pytest.mark.row("3.1", "creating-complete and restoring; then “cinder-manage service remove” of their host", "looked")
def test_host_that_was_removed_hides_nothing(lab, cloud, product, tried):
    records = [cloud.take("creating-complete"), cloud.take("restoring")]
    ids = [record["backup_id"] for record in records]
    for host in {record["host"] for record in records}:
        lab.troubles.remove_service(host)
    page = product.page(ids)
    rows = product.plan_all(tile="needs_attention")
    dialogs = [product.open(each) for each in ids]
    tried.saw(f"Both are listed. {dialogs[0].headline}", "; ".join(database.told(lab, each) for each in records))
    assert set(ids) <= set(page.rows)
    assert set(ids) <= set(rows)
    assert [dialog.choice for dialog in dialogs] == ["available", "available"]
    assert all("no longer lists" in dialog.text for dialog in dialogs)


@pytest.mark.row("3.2", "creating-complete, and twenty hosts of old that are down", "looked; “all that match”")
def test_hosts_of_old_hide_nothing(lab, cloud, product, tried):
    record = cloud.take("creating-complete")
    with contextlib.ExitStack() as after:
        after.callback(lab.troubles.remove_stale_services)
        lab.troubles.add_stale_services(20)
        page = product.page([record["backup_id"]])
        rows = product.plan_all(tile="needs_attention")
        tried.saw(f"It is listed, and planned: {rows[record['backup_id']]['why']}", database.told(lab, record))
    assert record["backup_id"] in page.rows
    assert rows[record["backup_id"]]["target"] == "available"
    cloud.keep(record)


@pytest.mark.row("3.3", "other-zone; then its host removed, so that its zone is no more", "opened; done as told; sent")
def test_zone_that_is_no_more_is_told_with_a_way_on(lab, cloud, product, tried):
    record = cloud.take("other-zone")
    lab.troubles.remove_service(record["host"])
    page = product.page([record["backup_id"]])
    dialog = product.open(record["backup_id"])
    assert record["backup_id"] in page.rows
    assert "Its start sets" not in dialog.text
    assert "storage_availability_zone" in dialog.nothing
    [host] = lab.hosts.add(lab_backup_zone="elsewhere")
    outcome = product.end(product.submit(product.open(record["backup_id"]), choice="available", ticks=["process_dead"]))
    tried.saw(f"{dialog.nothing} Then: {outcome.headed}", database.told(lab, record))
    assert outcome.ending == "applied"
    assert database.statuses(lab, record) == ("available", "available")
    lab.kill(cinder.backup_name(host))
