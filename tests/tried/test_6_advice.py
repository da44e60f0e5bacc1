# SPDX-License-Identifier: Apache-2.0
"""Advice that leads somewhere."""

import pytest

from tests.lab import cinder
from tests.tried import database


@pytest.fixture
def complete(cloud):
    """A stuck backup whose data is whole, to look at only."""
    record = cloud.take("creating-complete")
    yield record
    cloud.keep(record)


@pytest.mark.row("6.1", "backup_use_same_host, the host last asked down, others up", "opened; sent as recommended")
def test_host_that_alone_can_take_it_is_named(lab, product, complete, tried):
    with lab.troubles.options(backup_use_same_host=True):
        outcome = product.submit(product.open(complete["backup_id"]))
    tried.saw(outcome.text, database.told(lab, complete))
    assert outcome.ending == "refused"
    assert complete["host"] in outcome.text
    assert "update_backup_host" in outcome.text


@pytest.mark.row("6.2", "every host disabled and up", "opened")
def test_hosts_that_are_disabled_are_named_with_what_enables_them(lab, product, complete, tried):
    hosts = lab.hosts.up()
    # The dead ones too: until five minutes of silence have passed they may only be late.
    listed = [row.host for row in lab.client(microversion="3.0").services.list(binary="cinder-backup")]
    for host in listed:
        lab.troubles.disable(host, "moving racks")
    try:
        dialog = product.open(complete["backup_id"])
    finally:
        for host in hosts:
            lab.troubles.enable(host)
    tried.saw(dialog.nothing, database.told(lab, complete))
    assert all(host in dialog.nothing for host in hosts)
    assert "moving racks" in dialog.nothing
    assert "cinder-manage service remove cinder-backup" in dialog.nothing
    assert product.open(complete["backup_id"]).choice == "available"


@pytest.mark.row("6.4", "never-started, its host dead", "opened; removal, as recommended, with its tick")
def test_backup_that_was_never_started_is_removed(lab, cloud, product, tried):
    record = cloud.take("never-started")
    dialog = product.open(record["backup_id"])
    assert dialog.choice == "remove"
    outcome = product.end(product.submit(dialog, ticks=["process_dead"]))
    tried.saw(outcome.headed, database.told(lab, record))
    assert outcome.ending == "removed"
    assert database.statuses(lab, record) == ("deleted", "available")
    row = product.plan([record["backup_id"]])[record["backup_id"]]
    assert "no such backup" in row["left_out"]


@pytest.mark.row("6.6", "creating-complete, volumes refused by policy", "opened")
def test_volume_that_cannot_be_read_is_not_called_free(lab, product, complete, tried):
    with lab.troubles.policy(volume__get="!", volume__get_all="!"):
        dialog = product.open(complete["backup_id"])
    tried.saw(
        f"{dialog.headline} {dialog.text[dialog.text.find('Its volume or snapshot') :]}", database.told(lab, complete)
    )
    assert "could not be read, so it is not freed" in dialog.text
    assert "holds no volume" not in dialog.text


@pytest.mark.row("6.3", "every host but one killed; that one runs and cannot reach its store", "looked; opened")
def test_host_without_its_store_is_seen(lab, product, complete, tried):
    [host, *others] = lab.hosts.up()
    for other in others:
        lab.kill(cinder.backup_name(other))
    lab.troubles.lose_store(host)
    try:
        page = product.page([complete["backup_id"]])
        dialog = product.open(complete["backup_id"])
    finally:
        lab.troubles.regain_store(host)
        lab.hosts.restart(others)
    tried.saw(dialog.text[dialog.text.find("cinder-backup on") :], database.told(lab, complete))
    assert complete["backup_id"] in page.rows
    assert f"{host}" in dialog.text
    assert "may refuse this request" in dialog.text
