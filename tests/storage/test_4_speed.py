# SPDX-License-Identifier: Apache-2.0
"""How long it takes, beside what else could be done. Told in the table; no test depends on a time."""

import hashlib
import json
import shutil
import statistics
import subprocess
import sys
import time

import pytest
import requests

from backup_reset_panel.core.storage.types import Depth
from backup_reset_panel.core.storage.types import State
from tests.damage import parts
from tests.lab import environment
from tests.lab import swift
from tests.lab.objects import Live
from tests.storage.shelf import Shelf

ROUNDS = 5
SIZES = (32, 2_000, 21_000)


def timed(call, rounds=ROUNDS):
    """Median seconds of a call, and what it last returned."""
    times = []
    for _ in range(rounds):
        begun = time.monotonic()
        made = call()
        times.append(time.monotonic() - begun)
    return statistics.median(times), made


@pytest.fixture(scope="module")
def many(house, shelves):
    """Function: a backup of so many parts on a store, written by Cinder's driver into files. On Swift the two objects
    that a listing leads to are copied up; of the parts it gets what it lists of them, by its own code.
    """
    made = {}

    def make(shelf, count):
        layout = "flat" if shelf.name == "posix" else "nested"
        if (layout, count) not in made:
            made[layout, count] = written(house, layout, count)
            if layout == "nested":
                # S3's buckets are Swift's containers: one is for both.
                copy_up(house, shelves("swift").writer, *made[layout, count])
        row, _ = made[layout, count]
        return Shelf(house, shelf.name, [row]), row

    return make


def written(house, layout, count):
    """A backup's record and the folder of its container."""
    folder = house.folder / f"many-{layout}-{count}"
    command = [sys.executable, "-W", "ignore", "-m", "tests.storage.many_parts", str(folder), layout, str(count)]
    subprocess.run(command, cwd=environment.REPOSITORY, check=True, timeout=300)
    row = json.loads((folder / "record.json").read_text())
    root = folder / layout / row["container"]
    if layout == "flat":
        shutil.copytree(root, house.state.path("backups", row["container"]))
    else:
        row["container"] = f"many-{count}"
    return row, root


def copy_up(house, writer, row, root):
    """Put a backup into a container of its own."""
    writer.make(row["container"])
    lines = []
    for path in (path for path in root.rglob("*") if path.is_file()):
        name, data = str(path.relative_to(root)), path.read_bytes()
        if name.startswith(f"{row['prefix']}-"):
            lines.append(f"{name} {len(data)} {hashlib.md5(data, usedforsecurity=False).hexdigest()}\n")
        else:
            writer.put(row["container"], name, data)
    tool = environment.REPOSITORY / "tests" / "lab" / "runtime" / "swift_rows.py"
    command = [swift.folder() / "bin" / "python", "-W", "ignore", tool]
    command += [house.state.path("swift", "devices"), row["container"]]
    subprocess.run(command, input="".join(lines), text=True, check=True, timeout=120)


@pytest.mark.parametrize("count", SIZES)
def test_listing_and_manifest_of_a_backup_of_so_many_parts(shelf, many, results, count):
    only, row = many(shelf, count)
    seconds, found = timed(lambda: only.check(row))
    assert (found.state, found.parts) == (State.WHOLE, count)
    bare, _ = timed(lambda: list_bare(only.writer, row))
    results.row(f"listed, {count:,} parts", shelf.name, f"{seconds:.2f} s")
    results.row(f"{count:,} parts, of a bare listing and manifest", shelf.name, f"{seconds / bare:.1f} ×")


def list_bare(writer, row):
    """List a container, read the manifest, and compare nothing."""
    names = writer.names(row["container"])
    return names, json.loads(writer.get(row["container"], f"{row['prefix']}_metadata"))


def test_reading_beside_a_bare_client_that_reads_and_hashes(shelf, house, results):
    row = shelf.row("large")
    names = parts(Live(shelf.writer, row["container"]), row["prefix"])
    bare, checked = [], []
    for _ in range(3):  # in turn: what else the machine does concerns both
        bare.append(timed(lambda: [read_bare(shelf, house, row["container"], name) for name in names], 1)[0])
        seconds, (_, found) = timed(lambda: shelf.read(row), 1)
        checked.append(seconds)
    assert (found.state, found.depth) == (State.WHOLE, Depth.READ)
    size = found.bytes_read / 1_000_000
    ratio = statistics.median(bare) / statistics.median(checked)
    results.row("all parts read, of a bare client's speed", shelf.name, f"{ratio:.2f} ×")
    results.row("all parts read", shelf.name, f"{size / statistics.median(checked):.0f} MB/s")


def read_bare(shelf, house, container, name, session=requests.Session()):  # noqa: B008
    """Read and hash one object with what one would write in five minutes."""
    digest = hashlib.md5(usedforsecurity=False)
    if shelf.name == "posix":
        with open(house.state.path("backups", container, name), "rb") as file:
            while piece := file.read(1024 * 1024):
                digest.update(piece)
    elif shelf.name == "swift":
        headers = {"X-Auth-Token": shelf.writer.token}
        with session.get(f"{house.account}/{container}/{name}", headers=headers, stream=True) as answer:
            for piece in answer.iter_content(1024 * 1024):
                digest.update(piece)
    else:
        body = shelf.writer.client.get_object(Bucket=container, Key=name)["Body"]
        for piece in body.iter_chunks(1024 * 1024):
            digest.update(piece)
    return digest.hexdigest()
