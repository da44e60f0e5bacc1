# SPDX-License-Identifier: Apache-2.0
"""Gaps in the evidence, and which sources a backup needs."""

import dataclasses

import pytest

from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import CEPH_DRIVERS
from backup_reset_panel.core.evidence import CHUNKED_DRIVERS
from backup_reset_panel.core.evidence import FOREIGN
from backup_reset_panel.core.evidence import LATE
from backup_reset_panel.core.evidence import NOT_ASKED
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import chunked
from backup_reset_panel.core.evidence import counted
from backup_reset_panel.core.evidence import is_late
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.sources import Purpose
from backup_reset_panel.core.sources import Source
from backup_reset_panel.core.sources import source_label
from backup_reset_panel.core.sources import wanted
from tests.unit.core.examples import NOW
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import backup
from tests.unit.core.examples import evidence


def test_gap_is_neither_true_nor_false():
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(TIMED_OUT)


@pytest.mark.parametrize("answer", [None, False, (), 0, ""])
def test_empty_answer_is_an_answer(answer):
    assert known(answer)


def test_gap_says_nothing():
    assert not known(TIMED_OUT)
    assert not says(TIMED_OUT, None)
    assert not says(NOT_ASKED, False)


def test_evidence_names_the_sources_that_failed_but_not_those_never_asked():
    seen = Evidence(backup(), NOW, services=TIMED_OUT, volume=None)
    assert seen.missing == ((Source.SERVICES, TIMED_OUT),)


@pytest.mark.parametrize("gap", Gap)
def test_only_what_was_not_answered_in_time_may_still_be_answered(gap):
    assert is_late(Unknown(gap)) is (gap in (Gap.TIMED_OUT, Gap.FAILED))
    assert (gap in LATE) is is_late(Unknown(gap))


def test_host_that_is_not_up_is_no_source_that_failed():
    assert evidence(last_host=Unknown(Gap.NOT_UP)).missing == ()
    assert evidence(last_host=Unknown(Gap.NOT_LISTED)).missing == ()


@pytest.mark.parametrize(
    ("left", "so"),
    [
        (False, {}),
        (True, {"temp_volume": True}),
        (True, {"temp_snapshot": True}),
        (True, {"temp_snapshot": TIMED_OUT}),
        (False, {"temp_volume": NOT_ASKED, "temp_snapshot": NOT_ASKED}),
    ],
)
def test_what_could_not_be_found_out_counts_as_left_over(left, so):
    assert evidence(**so).has_left_over is left


@pytest.mark.parametrize("source", Source)
def test_every_source_has_a_name_for_the_administrator(source):
    assert str(source_label(source))


def test_every_source_has_its_field():
    assert {source.value for source in Source} <= {field.name for field in dataclasses.fields(Evidence)}


@pytest.mark.parametrize("missing", [None, TIMED_OUT])
def test_backup_that_was_not_read_has_no_status(missing):
    assert evidence(backup=missing).status is None


@pytest.mark.parametrize("driver", CHUNKED_DRIVERS)
def test_each_chunked_driver_counts_as_proof(driver):
    assert chunked(evidence(driver=driver))


@pytest.mark.parametrize("driver", [*CEPH_DRIVERS, FOREIGN, TIMED_OUT, "cinder.backup.drivers", "my.posix", ""])
def test_any_other_driver_proves_nothing(driver):
    assert not chunked(evidence(driver=driver))


@pytest.mark.parametrize(("count", "expected"), [(None, False), (0, False), (1, True), (128, True)])
def test_objects_count_as_recorded_from_one_on(count, expected):
    assert counted(backup(object_count=count)) is expected


WANTED = [
    ("creating", {Source.DRIVER, Source.VOLUME, Source.PREVIOUS_STATUS, Source.TEMP_VOLUME}, {Source.MESSAGES}),
    (
        "restoring",
        {Source.DRIVER, Source.RESTORE_TARGET},
        {Source.PREVIOUS_STATUS, Source.MESSAGES, Source.TEMP_VOLUME},
    ),
    ("error", {Source.DRIVER, Source.MESSAGES, Source.RESTORE_TARGET}, {Source.CHILDREN}),
    ("deleting", {Source.CHILDREN}, {Source.DRIVER, Source.MESSAGES, Source.RESTORE_TARGET}),
    ("error_deleting", {Source.CHILDREN}, {Source.DRIVER, Source.RESTORE_TARGET}),
    ("available", {Source.CHILDREN, Source.TEMP_SNAPSHOT}, {Source.DRIVER, Source.MESSAGES}),
    (None, {Source.VOLUME}, {Source.DRIVER, Source.MESSAGES}),
]


@pytest.mark.parametrize(("status", "needed", "needless"), WANTED)
def test_status_asks_for_what_its_verdict_and_plan_can_use(status, needed, needless):
    sources = wanted(backup(status=status))
    assert {*needed, Source.TAKEN_UP, Source.LAST_HOST, Source.SERVICES} <= set(sources)
    assert not needless & set(sources)
    assert len(sources) == len(set(sources))


@pytest.mark.parametrize("status", ["creating", "restoring", "error"])
def test_only_incremental_backups_ask_for_ancestors(status):
    assert Source.ANCESTORS not in wanted(backup(status=status))
    assert Source.ANCESTORS in wanted(backup(status=status, is_incremental=True))


def test_snapshot_based_backup_asks_for_its_snapshot_and_not_for_the_volume_before():
    of_snapshot = wanted(backup(snapshot_id="s-1"))
    assert Source.SNAPSHOT in of_snapshot
    assert Source.PREVIOUS_STATUS not in of_snapshot
    assert Source.SNAPSHOT not in wanted(backup())


def test_unfinished_import_asks_only_who_works_on_it():
    assert set(wanted(backup(volume_id=statuses.NO_VOLUME))) == {Source.TAKEN_UP, Source.LAST_HOST, Source.SERVICES}


def test_backup_without_a_volume_id_asks_for_no_volume():
    assert not {Source.VOLUME, Source.PREVIOUS_STATUS} & set(wanted(backup(volume_id=None)))


@pytest.mark.parametrize("status", ["creating", "restoring", "error", "deleting", "error_deleting", "available", None])
@pytest.mark.parametrize("incremental", [False, True])
def test_decision_asks_all_that_is_shown_but_what_only_warns(status, incremental):
    row = backup(status=status, is_incremental=incremental)
    decided, shown = set(wanted(row, Purpose.DECIDE)), set(wanted(row))
    assert decided == shown - {Source.CHILDREN}


@pytest.mark.parametrize("status", ["creating", "restoring", "error", "deleting", "error_deleting", "available", None])
def test_list_asks_less_than_a_decision_and_never_link_by_link(status):
    row = backup(status=status, is_incremental=True)
    listed = set(wanted(row, Purpose.LIST))
    assert listed <= set(wanted(row, Purpose.DECIDE))
    assert Source.ANCESTORS not in listed
    assert {Source.TAKEN_UP, Source.LAST_HOST, Source.SERVICES} <= listed


def test_list_asks_whether_the_last_backup_failed_where_a_fail_reason_may_be_a_sign_of_a_delete():
    of_delete = backup(status="error", object_count=128, fail_reason="odd")
    assert Source.PREVIOUS_STATUS in wanted(of_delete, Purpose.LIST)
    assert Source.PREVIOUS_STATUS not in wanted(backup(status="error", object_count=128), Purpose.LIST)
