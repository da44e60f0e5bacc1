# SPDX-License-Identifier: Apache-2.0
"""A step of a reading ends in the midst of a part, and the next one goes on there, or does it anew."""

import pytest

from backup_reset_panel.core.storage.types import Depth
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.storage import entry
from backup_reset_panel.storage import files
from backup_reset_panel.storage import one_part
from backup_reset_panel.storage import s3
from backup_reset_panel.storage import swift
from tests.unit.storage.conftest import record
from tests.unit.storage.test_entry import REGION
from tests.unit.storage.test_entry import configured  # noqa: F401  (fixtures are found by their names here)
from tests.unit.storage.test_entry import read_all

#: Of a part, which has 16,384 bytes.
PIECE = 9000


@pytest.fixture(autouse=True)
def every_piece_takes_a_step(monkeypatch):
    """As if parts were of gigabytes."""
    for module, name in ((files, "CHUNK_BYTES"), (swift, "_PIECE"), (s3, "_PIECE")):
        monkeypatch.setattr(module, name, PIECE)
    monkeypatch.setattr(one_part, "LEAST", 0)
    monkeypatch.setattr(one_part, "_HALTED", {})


@pytest.fixture
def row(host):
    return host.library.row("full", "none")


def begin(access, row, **options):
    return entry.begin(access, REGION, record(row), **options)


def change(host, row, name, data):
    """Write an object anew; None: it is gone."""
    objects = host.objects[row["container"]]
    if data is None:
        del objects[row["prefix"] + name]
    else:
        objects[row["prefix"] + name] = data
    if not host.server:
        host.settle()


def altered(data):
    return bytes(255 - byte for byte in data)


@pytest.mark.parametrize("compression", ["none", "zlib", "bz2", "zstd"])
def test_reading_that_halts_in_every_part_comes_to_its_end(host, configured, compression):  # noqa: F811
    begun = begin(configured, host.library.row("full", compression), sample=compression != "none")
    now, steps = read_all(configured, begun, seconds=0)
    assert now.finding.state is State.WHOLE
    assert steps > now.parts_total
    if compression == "none":
        assert now.finding.depth is Depth.READ
        assert now.bytes_done == now.bytes_total == begun.bytes_total


def test_what_was_read_of_a_part_counts_on_the_way(configured, row):  # noqa: F811
    first = entry.step(configured, begin(configured, row).place, seconds=0)
    second = entry.step(configured, first.place, seconds=0)
    # A server may send less at once.
    assert 0 < first.bytes_done <= PIECE
    assert first.bytes_done < second.bytes_done
    assert (first.parts_done, second.parts_done) == (0, 0)


def test_step_of_another_process_begins_the_part_anew_and_some_time_reads_it_to_its_end(
    configured,  # noqa: F811
    row,
    monkeypatch,
):
    monkeypatch.setattr(one_part, "MOST_HALTS", 2)
    now, steps = begin(configured, row, sample=True), 0
    while now.place is not None:
        one_part._HALTED.clear()
        now = entry.step(configured, now.place, seconds=0)
        steps += 1
    assert (now.finding.state, now.parts_done, steps) == (State.WHOLE, 20, 60)


def test_two_people_who_read_the_same_backup_do_not_meet(configured, row):  # noqa: F811
    first, second = (begin(configured, row, sample=True) for _ in range(2))
    while first.place is not None or second.place is not None:
        first, second = (
            each if each.place is None else entry.step(configured, each.place, seconds=0) for each in (first, second)
        )
    assert (first.finding.state, first.parts_done) == (second.finding.state, second.parts_done) == (State.WHOLE, 20)


def test_place_that_is_sent_twice_reads_on_twice(configured, row):  # noqa: F811
    place = entry.step(configured, begin(configured, row).place, seconds=0).place
    for _ in range(2):
        now, _ = read_all(configured, entry.step(configured, place, seconds=0), seconds=0)
        assert (now.finding.state, now.finding.depth) == (State.WHOLE, Depth.READ)


def test_part_that_is_altered_while_it_is_read_is_damage(host, configured, row):  # noqa: F811
    now = entry.step(configured, begin(configured, row).place, seconds=0)
    change(host, row, "-00001", altered(host.objects[row["container"]][row["prefix"] + "-00001"]))
    assert read_all(configured, now, seconds=0)[0].finding.state is State.DAMAGED


def test_part_that_is_altered_and_put_right_while_it_is_read_is_none(host, configured, row):  # noqa: F811
    data = host.objects[row["container"]][row["prefix"] + "-00001"]
    begun = begin(configured, row)
    change(host, row, "-00001", altered(data))
    now = entry.step(configured, begun.place, seconds=0)
    change(host, row, "-00001", data)
    assert read_all(configured, now, seconds=0)[0].finding.state is State.WHOLE


@pytest.mark.parametrize("data", [None, b"", b"x" * PIECE])
def test_part_that_vanishes_or_shrinks_while_it_is_read_is_damage(host, configured, row, data):  # noqa: F811
    now = entry.step(configured, begin(configured, row).place, seconds=0)
    change(host, row, "-00001", data)
    assert read_all(configured, now, seconds=0)[0].finding.state is State.DAMAGED


def test_store_that_knows_no_ranges_ends_the_reading_and_proves_nothing(host, configured, row):  # noqa: F811
    now = entry.step(configured, begin(configured, row).place, seconds=0)
    if not host.server:
        return
    host.faults.no_ranges = True
    now, _ = read_all(configured, now, seconds=0)
    assert (now.finding.state, now.broken_by) == (State.WHOLE, "broken")
    assert now.finding.depth is Depth.LISTED


def test_no_more_than_so_many_are_kept(configured, row, monkeypatch):  # noqa: F811
    monkeypatch.setattr(one_part, "MOST", 2)
    for _ in range(4):
        entry.step(configured, begin(configured, row).place, seconds=0)
    assert len(one_part._HALTED) == 2
    monkeypatch.setattr(one_part, "SECONDS", -1)
    entry.step(configured, begin(configured, row).place, seconds=0)
    assert len(one_part._HALTED) == 1
