# SPDX-License-Identifier: Apache-2.0
"""What the start of a host would do."""

import pytest

from backup_reset_panel.cinder.in_progress import gaps
from backup_reset_panel.core.hosts import Load
from backup_reset_panel.core.hosts import Start
from backup_reset_panel.core.hosts import effects
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import WHOLE
from tests.unit.core.examples import evidence
from tests.unit.core.examples import service
from tests.unit.core.examples import target


def told(*rows, host="node-1", up=False, listed=True):
    return " ".join(map(str, effects(Load(host, service(host, up=up) if listed else None, Start.of(rows)))))


def test_nothing_in_progress_has_no_effect():
    assert effects(Load("node-1", service())) == ()


def test_complete_ones_are_told_first():
    text = told(evidence(), evidence(**WHOLE))
    assert text.startswith("2 would become Error, 1 of them complete: release that one first.")


def test_one_whose_driver_could_not_be_asked_for_may_be_complete():
    assert "1 of them may be complete: open it before." in told(evidence(driver=TIMED_OUT, **WHOLE))


def test_restores_are_told_with_their_targets_up_to_a_few():
    rows = [evidence(id=f"b-{n}", status="restoring", restore_target=target(name=f"mail-{n}")) for n in range(7)]
    text = told(*rows)
    assert "7 restores would end" in text
    assert "Targets: mail-0, mail-1, mail-2, mail-3, mail-4." in text
    assert "2 targets are not named here." in text


def test_deletions_go_on():
    assert told(evidence(status="deleting")) == "1 deletion would continue."


@pytest.mark.parametrize(("up", "listed", "first"), [(True, True, "It is up."), (False, False, "Only a cinder-backup")])
def test_what_kind_of_start_it_is_comes_first(up, listed, first):
    assert told(evidence(), up=up, listed=listed).startswith(first)


def test_host_is_a_cause_only_if_it_is_not_up_and_something_waits_for_it():
    start = Start.of([evidence()])
    assert Load("a", None, start).is_cause
    assert Load("a", service(up=False), start).is_cause
    assert not Load("a", service(), start).is_cause
    assert not Load("a", service(up=False)).is_cause


@pytest.mark.parametrize(
    ("hosts", "missing"),
    [
        (["node-1", "node-2", "node-4"], ["node-0", "node-3", "node-5"]),
        (["bk09.dc", "bk11.dc"], ["bk08.dc", "bk10.dc", "bk12.dc"]),
        (["alone"], []),
        ([], []),
    ],
)
def test_names_missing_between_numbered_ones(hosts, missing):
    assert gaps(hosts) == missing


def test_hosts_numbered_by_addresses_make_no_endless_list():
    assert len(gaps(["ip-1", "ip-999999999"])) <= 1001
