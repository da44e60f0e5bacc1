# SPDX-License-Identifier: Apache-2.0
"""What Cinder's own drivers wrote is called whole, and every kind of damage to it is found."""

import datetime

import pytest

from backup_reset_panel.core.storage import kept
from backup_reset_panel.core.storage.place import Place
from backup_reset_panel.core.storage.types import Depth
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.storage import reading
from backup_reset_panel.storage.check import check
from tests.damage import KINDS
from tests.damage import Target
from tests.unit.storage.conftest import record

LONG_AFTER = datetime.datetime(2030, 1, 1, tzinfo=datetime.timezone.utc)


def level_1(host, row, **changes):
    backup = record(row, **changes)
    return check(host.store(), backup, host.library.ancestors(row), LONG_AFTER, datetime.timedelta(0))


def level_3(host, row, seed=None):
    checked = level_1(host, row)
    assert checked.links
    place = Place("RegionOne", "", checked.links, seed, base=kept.to_json(checked.finding))
    now = reading.progress(place)
    while now.place is not None:
        now = reading.step(host.store(), Place.from_json(now.place), 60)
    return now.finding


def target(host, needs):
    """A backup to damage: no compression, so that every part has the size of its data, unless one is needed."""
    library = host.library
    row = library.row("incremental" if needs == "incremental" else "full", "zlib" if needs == "compressed" else "none")
    other = library.row("full, random", "none")
    parent = library.parent(row)
    at = Target(host.objects[row["container"]], row["prefix"], other=other["prefix"])
    at.other_objects = host.objects[other["container"]]
    if parent:
        at.parent, at.parent_objects = parent["prefix"], host.objects[parent["container"]]
    return row, at


def test_fifty_healthy_ones_are_whole(host):
    assert len(host.library.rows) >= 50
    found = {row["id"]: level_1(host, row).finding for row in host.library.rows}
    assert {each.state for each in found.values()} == {State.WHOLE}
    assert [each.issues for each in found.values() if each.issues] == []
    assert {row["id"]: row["object_count"] for row in host.library.rows} == {
        backup_id: each.parts for backup_id, each in found.items()
    }


@pytest.mark.slow
def test_fifty_healthy_ones_are_whole_when_all_is_read(host):
    pytest.importorskip("zstandard")
    for row in host.library.rows:
        found = level_3(host, row)
        assert (found.state, found.depth, found.issues) == (State.WHOLE, Depth.READ, ())


def test_chain_is_found_without_the_ancestors_records(host):
    row = next(row for row in reversed(host.library.rows) if row["kind"] == "incremental")
    checked = check(host.store(), record(row), (), LONG_AFTER)
    assert checked.finding.state is State.WHOLE
    assert checked.finding.ancestors == tuple(each.id for each in host.library.ancestors(row))
    assert len(checked.finding.ancestors) == 3


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind[2]])
def test_structural_damage_is_found_by_listing(host, name):
    damage, codes, _, _, needs = KINDS[name]
    row, at = target(host, needs)
    damage(at)
    found = level_1(host, row).finding
    assert codes & {issue.code for issue in found.issues}
    assert found.state is (State.DAMAGED if "checksum_file" not in name else State.UNKNOWN)


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind[3]])
def test_altered_parts_are_found_by_listing_where_the_store_lists_md5s(host, name):
    damage, _, _, _, needs = KINDS[name]
    row, at = target(host, needs)
    damage(at)
    found = level_1(host, row).finding
    assert found.state is (State.WHOLE if host.name == "files" else State.DAMAGED)


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if not kind[2]])
def test_altered_contents_are_found_by_reading(host, name):
    damage, codes, _, _, needs = KINDS[name]
    row, at = target(host, needs)
    damage(at)
    found = level_3(host, row)
    assert found.state is State.DAMAGED
    assert codes & {issue.code for issue in found.issues}


@pytest.mark.parametrize("compression", ["zlib", "bz2", "zstd"])
def test_altered_bytes_of_each_compression_are_found_by_reading(host, compression):
    pytest.importorskip("zstandard")
    row = host.library.row("full, text", compression)
    objects = host.objects[row["container"]]
    name = f"{row['prefix']}-00003"
    data = bytearray(objects[name])
    data[len(data) // 2] ^= 0xFF
    objects[name] = bytes(data)
    assert level_1(host, row).finding.state is State.WHOLE
    assert level_3(host, row).state is State.DAMAGED


def test_backup_without_checksum_file_is_whole_and_said_to_have_no_successor(host):
    row = host.library.row("full", "none")
    del host.objects[row["container"]][row["prefix"] + "_sha256file"]
    found = level_1(host, row, size=None).finding
    assert found.state is State.WHOLE
    assert [issue.code.value for issue in found.issues] == ["sha256_missing"]
