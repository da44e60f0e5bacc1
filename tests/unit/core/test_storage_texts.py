# SPDX-License-Identifier: Apache-2.0
"""The words of a finding, its way into JSON and back, and places of a reading."""

import datetime
import json

import pytest

from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.storage import kept
from backup_reset_panel.core.storage import naming
from backup_reset_panel.core.storage import texts
from backup_reset_panel.core.storage.place import Link
from backup_reset_panel.core.storage.place import Place
from backup_reset_panel.core.storage.types import WEIGHTS
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Depth
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import Issue
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.core.storage.types import Weight

NOW = datetime.datetime(2026, 11, 28, 12, 0, tzinfo=datetime.timezone.utc)


def finding(*codes, **changes):
    values = {"parts": 32, "parts_listed": 32, "bytes_stored": 16_777_216, "bytes_covered": 16_777_216}
    return Finding("b", tuple(Issue(code) for code in codes), NOW, **values | changes)


def test_whole_backup_is_told_with_what_was_not_done():
    assert texts.headline(finding()) == (
        "Checked on storage: all 32 parts are there (16.8 MB). Contents were not read."
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"parts": 1}, "Checked on storage: its one part is there (16.8 MB). Contents were not read."),
        (
            {"parts": 21_000, "ancestors": ("a",)},
            (
                "Checked on storage: all 21,000 parts are there (16.8 MB). The backup that it builds on is there, too."
                " Contents were not read."
            ),
        ),
        (
            {"parts": 0, "ancestors": ("a", "b")},
            (
                "Checked on storage: nothing had changed since the backup that it builds on, and that is there."
                " Contents were not read."
            ),
        ),
        (
            {"depth": Depth.READ},
            "Checked on storage: all 32 parts were read and match (16.8 MB).",
        ),
        (
            {"depth": Depth.READ, "parts": 1},
            "Checked on storage: its one part was read and matches (16.8 MB).",
        ),
        (
            {"depth": Depth.READ, "ancestors": ("a", "b")},
            (
                "Checked on storage: all 32 parts were read and match (16.8 MB)."
                " The 2 backups that it builds on were read and match, too."
            ),
        ),
        (
            {"depth": Depth.READ, "parts": 0, "ancestors": ("a",)},
            ("Checked on storage: nothing had changed since the backup that it builds on, which was read and matches."),
        ),
        (
            {"depth": Depth.SAMPLED, "parts_read": 20},
            "Checked on storage: all 32 parts are there (16.8 MB). 20 parts were read and match.",
        ),
    ],
)
def test_whole_backup_in_other_cases(changes, told):
    assert texts.headline(finding(**changes)) == told


@pytest.mark.parametrize(
    ("codes", "changes", "told"),
    [
        (
            (Code.NO_MANIFEST,),
            {"last_written": NOW - datetime.timedelta(minutes=12), "volume_bytes": 2**25, "parts": None},
            "Not finished on storage yet: last part written 12 min ago, at least 50 %.",
        ),
        ((Code.NO_OBJECTS,), {"parts": None}, "Not finished on storage yet: nothing is there."),
        ((Code.OVERLAP,), {}, "Checked on storage: not whole, parts of it overlap."),
    ],
)
def test_backup_that_a_job_is_at_work_on_is_not_called_damaged_for_being_unfinished(codes, changes, told):
    assert texts.under_a_job(finding(*codes, **changes), NOW) == told


@pytest.mark.parametrize(
    ("codes", "changes", "told"),
    [
        ((), {}, "Whole (16.8 MB)"),
        ((), {"depth": Depth.SAMPLED}, "Whole (16.8 MB), a sample was read"),
        ((), {"depth": Depth.READ}, "Whole (16.8 MB), all was read"),
        ((Code.OVERLAP,), {}, "Not whole: parts of it overlap."),
        ((Code.DENIED,), {}, "Not verified: the store refused to show it."),
        ((Code.BEING_WRITTEN,), {"last_written": NOW}, "Being written: last part written 0 s ago"),
    ],
)
def test_column_says_it_in_a_few_words(codes, changes, told):
    assert texts.short(finding(*codes, **changes), NOW) == told


def test_damage_is_told_with_the_reason_and_before_any_doubt():
    told = texts.headline(finding(Code.TOO_SLOW, Code.PARTS_MISSING))
    assert told == "Checked on storage: not whole, parts of it are missing."


def test_doubt_is_never_told_as_damage():
    for code, weight in WEIGHTS.items():
        if weight is Weight.DOUBT:
            assert texts.headline(finding(code)).startswith("Not verified on storage: ")
            assert finding(code).state is State.UNKNOWN


def test_heartbeat_tells_how_fresh_and_how_far():
    made = finding(
        Code.BEING_WRITTEN,
        parts=None,
        bytes_covered=59,
        volume_bytes=100,
        last_written=NOW - datetime.timedelta(seconds=12),
    )
    assert texts.headline(made) == "Still being written: last part written 12 s ago, at least 59 %."
    assert texts.heartbeat(made, NOW + datetime.timedelta(minutes=1)) == "last part written 1 min ago, at least 59 %"
    assert texts.heartbeat(finding()) == ""
    assert texts.heartbeat(finding(last_written=NOW)) == "last part written 0 s ago"


def test_every_code_has_words_a_weight_and_an_end():
    for code in Code:
        assert texts.words(Issue(code)).endswith(".")
        assert code in WEIGHTS


def test_details_name_an_example_and_the_ancestor():
    made = Finding("b", (Issue(Code.PARTS_MISSING, 3, "volume_1-00002"), Issue(Code.TOO_SLOW)), NOW)
    assert texts.details(made) == [
        "Parts of it are missing. Objects: 3. (volume_1-00002)",
        "The store did not answer in time.",
    ]


@pytest.mark.parametrize(
    ("size", "told"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (16_777_216, "16.8 MB"),
        (250 * 10**9, "250 GB"),
        (10**16, "10000 TB"),
    ],
)
def test_amounts_are_decimal(size, told):
    assert texts.amount(size) == told


def test_finding_goes_into_json_and_back():
    made = finding(Code.SHA256_MISSING, ancestors=("a",), last_written=NOW, prefix="p", has_parent=True)
    data = json.loads(json.dumps(kept.to_json(made)))
    assert data["state"] == "whole"
    assert kept.from_json(data) == made


def test_finding_of_another_release_is_refused():
    data = kept.to_json(finding())
    for wrong in ({**data, "more": 1}, {**data, "issues": [["nonsense", 0, "", ""]]}, {**data, "checked_at": None}):
        with pytest.raises((TypeError, ValueError)):
            kept.from_json(wrong)


def place(*parts, seed=None):
    links = tuple(Link(f"b{index}", "v", "c", f"p{index}", count, "m") for index, count in enumerate(parts))
    return Place("RegionOne", "project", links, seed, base=kept.to_json(finding()))


def test_place_goes_into_json_and_back():
    made = place(3, 4, seed=7)
    assert Place.from_json(json.loads(json.dumps(made.to_json()))) == made


def test_place_counts_through_the_whole_chain():
    made = place(3, 0, 4)
    assert (made.total, made.wanted, list(made.order())) == (7, 7, list(range(7)))
    assert [(made.locate(number)[0].backup_id, made.locate(number)[1]) for number in (0, 2, 3, 6)] == [
        ("b0", 0), ("b0", 2), ("b2", 0), ("b2", 3)
    ]  # fmt: skip
    with pytest.raises(IndexError):
        made.locate(7)


@pytest.mark.parametrize(("total", "wanted"), [(5, 5), (20, 20), (32, 20), (2000, 20), (2001, 21), (21_000, 210)])
def test_sample_is_one_percent_and_twenty_at_least(total, wanted):
    made = place(total, seed=1)
    assert made.wanted == wanted
    assert len(set(made.order())) == wanted
    assert list(made.order()) == sorted(made.order()) == list(place(total, seed=1).order())


BACKUP = Backup(
    "11111111-2222-3333-4444-555555555555",
    volume_id="99999999-2222-3333-4444-555555555555",
    created_at=NOW,
    availability_zone="nova",
)


def test_times_after_the_record_come_first_the_earliest_of_them_first():
    stamps = ("20261128115000", "20261128120001", "20261129000000", "20250101000000", "20261128115600")
    folders = [f"volume_x/{stamp}/" for stamp in stamps] + ["volume_x/other/"]
    assert [folder[9:-1] for folder in naming.by_nearness(folders, NOW)] == [
        "20261128115600", "20261128120001", "20261129000000", "20261128115000", "20250101000000"
    ]  # fmt: skip
    assert naming.by_nearness(folders, None)[0] == "volume_x/20261129000000/"


def test_names_are_guessed_around_the_time_of_the_record():
    names = naming.guesses(BACKUP, 3)
    assert [name.split("/")[1] for name in names] == [
        "20261128115959",
        "20261128120000",
        "20261128120001",
        "20261128120002",
    ]
    assert all(name.endswith(f"az_nova_backup_{BACKUP.id}_metadata") for name in names)
    assert naming.guesses(Backup(BACKUP.id)) == []
