# SPDX-License-Identifier: Apache-2.0
"""What is said of a reading of contents, and what of it still holds at a later look."""

import dataclasses
import datetime

import pytest

from backup_reset_panel.core.storage import kept
from backup_reset_panel.core.storage import reading_texts
from backup_reset_panel.core.storage.deepen import deepened
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Depth
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import Issue
from backup_reset_panel.core.storage.types import State

NOW = datetime.datetime(2026, 11, 28, 12, 0, tzinfo=datetime.timezone.utc)
LISTED = Finding("b", (), NOW, parts=32, bytes_stored=16_777_216, version="one")
READ = dataclasses.replace(
    LISTED, depth=Depth.READ, parts_read=32, bytes_read=16_777_216, read_at=NOW, seconds_read=4.0
)
DAMAGED = dataclasses.replace(READ, issues=(Issue(Code.CONTENT_DIFFERS, 1),), depth=Depth.LISTED, parts_read=9)


@pytest.mark.parametrize(
    ("parts", "size", "seconds", "is_bad", "told"),
    [
        ((0, 32), (0, 16_800_000), 0.0, False, "0 of 32 parts, 0 B of 16.8 MB"),
        ((1, 1), (5, 5), 0.5, False, "1 of 1 part, 5 B of 5 B, 10 B/s"),
        (
            (3, 32),
            (4_200_000, 16_800_000),
            4.0,
            False,
            "3 of 32 parts, 4.2 MB of 16.8 MB, 1.1 MB/s, about 12 s left",
        ),
        (
            (2_000, 21_000),
            (100_000_000_000, 1_100_000_000_000),
            1000.0,
            True,
            "2,000 of 21,000 parts, 100 GB of 1.1 TB, 100 MB/s, about 2 h 46 min left, damage was found already",
        ),
    ],
)
def test_how_far_it_is(parts, size, seconds, is_bad, told):
    assert reading_texts.so_far(parts, size, seconds, is_bad) == told


def test_hundred_percent_are_said_of_all_and_nothing_less():
    assert [reading_texts.percent(size) for size in ((0, 9), (999, 1000), (9, 9), (0, 0))] == [0, 99, 100, 100]


@pytest.mark.parametrize(
    ("found", "now", "told"),
    [
        (LISTED, NOW, ""),
        (READ, None, "Read: 32 parts, 16.8 MB in 4 s, 4.2 MB/s."),
        (READ, NOW + datetime.timedelta(minutes=5), "Read: 32 parts, 16.8 MB in 4 s, 4.2 MB/s, 5 min ago."),
        (DAMAGED, None, "Read: 9 parts, 16.8 MB in 4 s, 4.2 MB/s, not to the end."),
        (dataclasses.replace(READ, parts_read=1, seconds_read=0.0), None, "Read: 1 part, 16.8 MB in 0 s."),
    ],
)
def test_what_was_read_and_how_fast(found, now, told):
    assert reading_texts.about(found, now) == told


def test_damage_is_told_also_where_reading_ended_early():
    assert reading_texts.ended(DAMAGED, "too_slow").startswith("Checked on storage: not whole")


@pytest.mark.parametrize("broken_by", ["not_read: zstandard is not installed", "something new"])
def test_reason_that_is_no_word_of_ours_is_told_in_general(broken_by):
    assert reading_texts.ended(LISTED, broken_by) == (
        "Reading ended early: a part could not be compared here. What was read so far was in order."
    )


def test_what_was_read_counts_while_nothing_was_written_since():
    found = deepened(dataclasses.replace(LISTED, checked_at=NOW + datetime.timedelta(hours=1)), READ)
    assert (found.depth, found.parts_read, found.read_at) == (Depth.READ, 32, NOW)
    assert found.checked_at > NOW
    assert deepened(LISTED, DAMAGED).state is State.DAMAGED


@pytest.mark.parametrize("read", [READ, DAMAGED])
def test_what_was_read_does_not_count_after_something_was_written(read):
    found = deepened(dataclasses.replace(LISTED, version="two"), read)
    assert (found.state, found.depth) == (State.WHOLE, Depth.LISTED)
    assert [issue.code for issue in found.issues] == [Code.READ_BEFORE]


@pytest.mark.parametrize("version", ["", "two"])
def test_store_that_does_not_tell_takes_back_no_damage_and_gives_no_soundness(version):
    silent = dataclasses.replace(LISTED, issues=(Issue(Code.TOO_SLOW),), version=version)
    assert deepened(silent, DAMAGED).state is State.DAMAGED
    assert deepened(silent, READ) == silent


@pytest.mark.parametrize("code", [Code.PARTS_MISSING, Code.BEING_WRITTEN])
def test_what_the_list_shows_now_outweighs_what_was_read(code):
    now = dataclasses.replace(LISTED, issues=(Issue(code),))
    assert deepened(now, READ) == now


def test_another_backups_reading_says_nothing():
    assert deepened(LISTED, dataclasses.replace(DAMAGED, backup_id="other")) == LISTED
    assert deepened(LISTED, None) == LISTED


def test_reading_travels_as_json():
    assert kept.from_json(kept.to_json(READ)) == READ
