# SPDX-License-Identifier: Apache-2.0
"""What became of a reset is told from what was seen of it; and there is always a way on."""

import contextlib
import threading
import time

import pytest
import requests

from tests.faults.outages import held_row
from tests.lab import cinder
from tests.lab import wait
from tests.lab.processes import children
from tests.lab.processes import send
from tests.pages.said import Outcome
from tests.tried import database

PATIENCE = 10


@pytest.fixture
def incomplete(cloud):
    """A stuck backup with half of its data, or none."""
    return cloud.take("creating-no-data")


def others_than(lab, host):
    return [each for each in lab.hosts.up() if each != host]


@contextlib.contextmanager
def only(lab, host):
    """Let Cinder send resets to one host alone."""
    others = others_than(lab, host)
    for each in others:
        lab.troubles.disable(each)
    try:
        yield
    finally:
        for each in others:
            lab.troubles.enable(each)


@contextlib.contextmanager
def frozen(lab):
    """Freeze every cinder-backup, right after its heartbeat: for ten seconds Cinder believes it up."""
    hosts = lab.hosts.up()
    lab.hosts.freeze(hosts)
    try:
        yield hosts
    finally:
        for host in hosts:
            lab.thaw(cinder.backup_name(host))
        for host in hosts:
            lab.hosts.wait_up(host)


def not_applied(outcome):
    """Assert what is said of a reset that Cinder took and nobody carried out."""
    assert isinstance(outcome, Outcome), outcome
    assert outcome.ending == "accepted"
    assert "ignored" not in outcome.text
    return outcome


def settled(product, outcome):
    """Look again once the patience for it is over."""
    time.sleep(PATIENCE + 0.5)
    return product.look(outcome)


def sent_again(product, record, choice, most=1):
    """The same reset again: it takes no tick, and it is seen.

    :param most: how often, where it is not certain who takes it
    """
    for _ in range(most):
        dialog = product.open(record["backup_id"])
        assert dialog.choice == choice
        assert record["backup_id"] in product.page([record["backup_id"]]).rows
        outcome = product.end(product.submit(dialog, choice=choice), seconds=3 if most > 1 else 15)
        if outcome.ending == "applied":
            return outcome
    pytest.fail(f"The same reset again was not seen: {outcome}")


@pytest.mark.row("4.1", "live-restore, its host disabled; the other frozen", "“Available”; the restore ended by itself")
def test_job_that_ends_by_itself_is_no_success_of_ours(lab, cloud, product, tried):
    record = cloud.take("live-restore")
    [other, *_] = others_than(lab, record["host"])
    with only(lab, other):
        dialog = product.open(record["backup_id"])
        lab.hosts.freeze([other])
        outcome = product.submit(dialog, choice="available", ticks=["process_dead"])
        not_applied(outcome)
        lab.gates(record["restore_volume_id"]).open("slow")
        cloud.bench.wait_volume(record["restore_volume_id"], "available")
        cloud.bench.wait_backup(record["backup_id"], "available")
        outcome = product.end(outcome)
        tried.saw(outcome.headed, database.told(lab, record))
        lab.thaw(cinder.backup_name(other))
        lab.hosts.wait_up(other)
    assert outcome.ending == "reached"
    assert "cannot be told" in outcome.headline
    assert other in outcome.headline
    assert "earlier_reset" in product.open(record["backup_id"]).ticks


@pytest.mark.row("4.2", "backup_workers=2, one worker hung, its host up", "“Error” on two; the same again")
def test_worker_that_hangs_is_not_called_another_driver(lab, cloud, product, tried):
    records = [cloud.take("creating-no-data") for _ in range(2)]
    [host] = lab.hosts.add(backup_workers="2")
    with only(lab, host):
        worker = lab.troubles.freeze_one_worker(host)
        outcomes = [product.submit(product.open(each["backup_id"]), choice="error") for each in records]
        waiting = [(each, record) for each, record in zip(outcomes, records, strict=True) if each.ending != "applied"]
        assert len(waiting) == 1
        [(outcome, record)] = waiting
        outcome = settled(product, not_applied(outcome))
        tried.saw(outcome.headed, database.told(lab, record))
        not_applied(outcome)
        assert host in outcome.headline
        sent_again(product, record, "error", most=6)
        lab.troubles.thaw_worker(worker)
    lab.kill(cinder.backup_name(host))
    # Cinder believes it up for a while yet, and would send it what the next test sends.
    lab.hosts.wait_down(host)


@pytest.mark.row("4.3", "every host frozen right after its heartbeat", "“Error”; then the opposite; thawed")
def test_all_frozen_is_not_called_another_driver(lab, cloud, product, incomplete, tried):
    record = incomplete
    dialog = product.open(record["backup_id"])
    with frozen(lab):
        outcome = settled(product, not_applied(product.submit(dialog, choice="error")))
        not_applied(outcome)
        again = product.open(record["backup_id"])
        assert "earlier_reset" in again.ticks
        answer = product.submit(again, choice="available", ticks=["override"])
        tried.saw(f"{outcome.headed} The opposite: {answer.errors}", database.told(lab, record))
        assert "may still be applied over this one" in answer.errors
        same = product.submit(again, choice="error")
        assert isinstance(same, Outcome)
        assert same.ending == "refused"
    wait.until(lambda: lab.backup_row(record["backup_id"])["status"] == "error", "the reset to be applied", 20)


@pytest.mark.row("4.4, 4.5", "the broker lost the way to the hosts, all of them up", "“Error”; found again; again")
def test_queue_that_is_lost_is_not_called_another_driver(lab, product, incomplete, tried):
    record = incomplete
    dialog = product.open(record["backup_id"])
    hosts = lab.hosts.up()
    for host in hosts:
        lab.troubles.unbind(host)
    try:
        outcome = settled(product, not_applied(product.submit(dialog, choice="error")))
    finally:
        for host in hosts:
            lab.troubles.rebind(host)
    not_applied(outcome)
    assert "queue" in outcome.headline
    again = sent_again(product, record, "error")
    tried.saw(f"{outcome.headed} Again: {again.headline}", database.told(lab, record))


@pytest.mark.row("4.6", "MariaDB read-only, so that Cinder answers 500", "“Error”; writable again; the same again")
def test_what_cinder_failed_to_take_locks_nothing(lab, product, incomplete, tried):
    record = incomplete
    dialog = product.open(record["backup_id"])
    with lab.troubles.read_only_database():
        outcome = product.submit(dialog, choice="error")
    assert outcome.ending == "unknown"
    assert "can be sent again" in outcome.headline
    for host in lab.hosts.running():
        lab.hosts.wait_up(host)
    again = sent_again(product, record, "error")
    tried.saw(f"{outcome.headed} Again: {again.headline}", database.told(lab, record))


@pytest.mark.row("4.7", "Horizon’s workers killed while a reset is sent", "“Error”; the same again")
def test_worker_of_horizon_that_dies_locks_nothing(lab, product, incomplete, tried):
    record = incomplete
    dialog = product.open(record["backup_id"])
    lost = []

    def submit() -> None:
        try:
            lost.append(product.submit(dialog, choice="error"))
        except requests.RequestException:
            lost.append(None)

    with held_row(lab, "backups", record["backup_id"]):
        sender = threading.Thread(target=submit)
        sender.start()
        time.sleep(2)
        for pid in children(lab.service("horizon").pid):
            send(pid, 9)
        sender.join()
        told = product.open(record["backup_id"])
    assert lost == [None]
    assert "Check again in a moment" in told.nothing
    wait.until(lambda: lab.backup_row(record["backup_id"])["status"] == "error", "Cinder to go on with it", 20)
    later = product.open(record["backup_id"])
    tried.saw(f"{told.nothing} Then: {later.headline}", database.told(lab, record))
    assert later.choice == "repair"
