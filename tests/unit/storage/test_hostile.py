# SPDX-License-Identifier: Apache-2.0
"""Manifests and parts are input that the owner of a project can write: nothing in them may cost or reach too much."""

import bz2
import hashlib
import json
import resource
import sys
import zlib

import pytest

from backup_reset_panel.core.storage import manifest
from backup_reset_panel.core.storage import sha256file
from backup_reset_panel.core.storage.manifest import ManifestError
from backup_reset_panel.core.storage.manifest import Part
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.storage import contents
from tests.unit.storage.test_damage import level_1

BACKUP = "11111111-2222-3333-4444-555555555555"
VOLUME = "99999999-2222-3333-4444-555555555555"
PREFIX = f"volume_{VOLUME}/20260101000000/az_nova_backup_{BACKUP}"
GOOD = {"offset": 0, "length": 10, "compression": "none", "md5": "0" * 32}


def document(**changes):
    return {
        "version": "1.0.0",
        "backup_id": BACKUP,
        "volume_id": VOLUME,
        "parent_id": None,
        "objects": [{f"{PREFIX}-00001": GOOD}],
    } | changes


def refused(data):
    with pytest.raises(ManifestError) as caught:
        manifest.parse(data if isinstance(data, bytes) else json.dumps(data).encode(), PREFIX, BACKUP, VOLUME)
    return caught.value.issue.code


def test_good_manifest_is_read():
    made = manifest.parse(json.dumps(document()).encode(), PREFIX, BACKUP, VOLUME)
    assert (made.covered, made.end, len(made.parts)) == (10, 10, 1)


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../../../etc/passwd",
        f"{PREFIX}-00001/../../../etc/passwd",
        f"{PREFIX}_metadata",
        f"{PREFIX}-1",
        f"{PREFIX}-00001\n",
        f"{PREFIX}-٠٠٠٠١x",
        PREFIX.replace(BACKUP, VOLUME) + "-00001",
        "",
    ],
)
def test_name_that_is_not_its_own_is_refused(name):
    assert refused(document(objects=[{name: GOOD}])) is Code.NAME_OUTSIDE


@pytest.mark.parametrize(
    "changes",
    [
        {"offset": -1},
        {"offset": 2**60},
        {"offset": 1.5},
        {"offset": True},
        {"offset": "0"},
        {"length": 0},
        {"length": None},
        {"length": float("inf")},
        {"md5": None},
        {"md5": "x" * 32},
        {"md5": "0" * 33},
        {"compression": None},
        {"compression": ["none"]},
    ],
    ids=str,
)
def test_values_of_another_type_are_refused(changes):
    assert refused(document(objects=[{f"{PREFIX}-00001": GOOD | changes}])) is Code.MANIFEST_UNREADABLE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"1" * 5000,
        b"[" * 100_000,
        json.dumps(document(objects={})).encode(),
        json.dumps(document(objects=[1])).encode(),
        json.dumps(document(objects=[{}])).encode(),
        json.dumps(document(objects=[{"a": GOOD, "b": GOOD}])).encode(),
        json.dumps(document(objects=[{f"{PREFIX}-00001": 1}])).encode(),
        json.dumps(document(parent_id="../../x")).encode(),
        json.dumps(document(parent_id=7)).encode(),
        json.dumps(document(version=None)).encode(),
    ],
    ids=lambda data: data[:12].hex(),
)
def test_what_is_no_manifest_is_unreadable(data):
    assert refused(data) is Code.MANIFEST_UNREADABLE


def test_manifest_that_would_take_much_memory_is_not_parsed():
    assert refused(b"[" + b"{}," * 4_000_000 + b"{}]") is Code.TOO_LARGE
    assert refused(b" " * (manifest.MOST_BYTES + 1)) is Code.TOO_LARGE


def test_manifest_that_is_too_large_is_not_read(host, monkeypatch):
    monkeypatch.setattr(manifest, "MOST_BYTES", 1000)
    found = level_1(host, host.library.row("full", "none")).finding
    assert found.state is State.UNKNOWN
    assert [issue.code for issue in found.issues] == [Code.TOO_LARGE]


def test_chain_that_bites_its_tail_ends(host):
    child, parent = host.library.row("incremental", "none"), host.library.row("full", "none")
    objects, name = host.objects[parent["container"]], parent["prefix"] + "_metadata"
    data = json.loads(objects[name]) | {"parent_id": child["id"]}
    objects[name] = json.dumps(data).encode()
    found = level_1(host, child).finding
    assert Code.ANCESTOR_UNKNOWN in {issue.code for issue in found.issues} or found.state is State.DAMAGED


def part(data, compression, **changes):
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return Part(**{"name": "x", "offset": 0, "length": len(data), "compression": compression, "md5": md5} | changes)


def pieces(data, size=1000):
    return [data[index : index + size] for index in range(0, len(data), size)]


def zstd(data):
    return pytest.importorskip("zstandard").compress(data)


COMPRESS = {"none": bytes, "zlib": zlib.compress, "bz2": bz2.compress, "zstd": zstd}


@pytest.mark.parametrize("compression", COMPRESS)
@pytest.mark.parametrize("data", [b"a", b"abc" * 1_000_000, bytes(5_000_000)], ids=["one", "text", "zeros"])
def test_contents_as_they_were_written_are_right(compression, data):
    stored = COMPRESS[compression](data)
    assert contents.compare(pieces(stored), part(data, compression)) == len(stored)
    assert contents.compare([stored], part(data, compression)) == len(stored)


@pytest.mark.parametrize("compression", COMPRESS)
def test_contents_that_are_cut_off_or_altered_differ(compression):
    data = b"all work and no play" * 5000
    stored = COMPRESS[compression](data)
    for wrong in (stored[:-1], stored[: len(stored) // 2], b"", b"x" * len(stored), stored[:50] + b"?" + stored[51:]):
        with pytest.raises(contents.Differs):
            contents.compare(pieces(wrong), part(data, compression))


@pytest.mark.parametrize("compression", ["zlib", "bz2", "zstd"])
def test_bomb_is_left_when_it_is_longer_than_it_should_be(compression):
    stored = COMPRESS[compression](bytes(100 * 1024 * 1024))
    assert len(stored) < 400_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for given in ([stored], pieces(stored)):
        with pytest.raises(contents.Differs, match="longer"):
            contents.compare(given, part(bytes(1000), compression))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000


def test_zstd_without_zstandard_cannot_be_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(contents.CannotTell, match="backup-reset-panel"):
        contents.compare([b"x"], part(b"abc", "zstd"))


def test_zstd_that_wants_much_memory_cannot_be_told():
    zstandard = pytest.importorskip("zstandard")
    parameters = zstandard.ZstdCompressionParameters(window_log=30, enable_ldm=False)
    stored = zstandard.ZstdCompressor(compression_params=parameters).compressobj().compress(b"abc" * 100)
    stored += b""
    frame = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    stored = frame.compress(b"abc" * 100) + frame.flush()
    with pytest.raises(contents.CannotTell, match="memory"):
        contents.compare([stored], part(b"abc" * 100, "zstd"))


def checksums(blocks, **changes):
    known = {
        "version": "1.0.0",
        "backup_id": BACKUP,
        "volume_id": VOLUME,
        "backup_name": 'ü "name"',
        "backup_description": "\N{PILE OF POO}" * 255,
        "created_at": "2026-01-01",
        "chunk_size": 32768,
        "sha256s": ["a" * 64] * blocks,
    }
    return json.dumps(known | changes, sort_keys=True, indent=2).encode()


def covered(data):
    return sha256file.coverage(data[: sha256file.HEAD_BYTES], len(data), BACKUP, VOLUME)


@pytest.mark.parametrize("blocks", [1, 2, 511, 5000])
def test_checksum_file_tells_how_much_it_covers(blocks):
    assert covered(checksums(blocks)) == sha256file.Coverage(blocks, 32768)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        checksums(10)[:-1],
        checksums(10) + b"x",
        checksums(0),
        checksums(10, backup_id=VOLUME),
        checksums(10, chunk_size=0),
        checksums(10, chunk_size="1"),
        b"[" * 9000,
        b'x"sha256s": [',
    ],
    ids=lambda data: str(len(data)),
)
def test_what_is_no_whole_checksum_file_covers_nothing(data):
    assert covered(data) is None
