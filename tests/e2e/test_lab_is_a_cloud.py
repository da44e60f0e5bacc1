# SPDX-License-Identifier: Apache-2.0
"""The lab is a cloud, not scenery: it moves real data, and it leaves nothing behind."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

import pytest

from tests.lab import Lab
from tests.lab import LabError
from tests.lab import horizon
from tests.lab import ports
from tests.lab import wait
from tests.lab.environment import REPOSITORY
from tests.lab.situations.bench import Bench
from tests.lab.state import SHAPES
from tests.lab.state import State

NOBODY = 65534
COMMAND = [sys.executable, "-m", "tests.lab"]


@pytest.fixture(scope="module", params=SHAPES)
def cloud(request, tmp_path_factory):
    """A lab of each shape, as small as it gets."""
    with Lab(tmp_path_factory.mktemp("cloud"), shape=request.param) as lab:
        yield lab


@pytest.fixture
def folder(tmp_path):
    """A folder that does not exist yet."""
    return tmp_path / "cloud"


def left_behind(folder: pathlib.Path, state: State) -> dict[str, list]:
    """What is left of a lab: processes that name its folder, ports of its that answer, files."""
    return {
        "processes": [process for process in processes() if str(folder).encode() in process],
        "ports": [name for name, port in state.ports.items() if ports.accepts(port)],
        "files": [str(folder)] if folder.exists() else [],
    }


def processes() -> list[bytes]:
    """Command line and environment of every process that we may look at, but this one."""
    seen = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                seen.append((entry / "cmdline").read_bytes() + b"\0" + (entry / "environ").read_bytes())
            except (FileNotFoundError, PermissionError, ProcessLookupError):
                continue
    return seen


NOTHING = {"processes": [], "ports": [], "files": []}


def test_full_and_incremental_backups_are_restored_byte_for_byte(cloud):
    bench = Bench(cloud, "data")
    volume = bench.volume()
    first_content = bench.volume_file(volume).read_bytes()
    full = bench.backup(volume)
    bench.scribble(volume, places=2)
    second_content = bench.volume_file(volume).read_bytes()
    incremental = bench.backup(volume, incremental=True)

    restored = {}
    for backup in (full, incremental):
        target = bench.empty_volume(f"target-of-{backup}")
        bench.cinder.restores.restore(backup, volume_id=target)
        bench.wait_backup(backup, "available")
        bench.wait_volume(target, "available")
        restored[backup] = bench.volume_file(target).read_bytes()

    assert first_content != second_content
    assert cloud.backup_row(incremental)["parent_id"] == full
    assert 0 < cloud.backup_row(incremental)["object_count"] < cloud.backup_row(full)["object_count"]
    assert restored[full] == first_content
    assert restored[incremental] == second_content


def test_backups_are_run_by_the_driver_that_cinder_ships(cloud):
    bench = Bench(cloud, "driver")

    backup = bench.backup(bench.volume())

    assert cloud.backup_row(backup)["service"] == "cinder.backup.drivers.posix.PosixBackupDriver"


@pytest.mark.parametrize("shape", SHAPES)
def test_down_leaves_no_process_port_or_folder(folder, shape):
    lab = Lab(folder, shape=shape, stock=True)
    lab.up()
    state = lab.state
    running = left_behind(folder, state)

    lab.down()

    assert running["processes"]
    assert "horizon" in running["ports"]
    assert left_behind(folder, state) == NOTHING


def test_failed_up_says_why_and_leaves_nothing(folder, monkeypatch):
    monkeypatch.setattr(horizon, "SETTINGS", horizon.SETTINGS + "\nraise RuntimeError('broken on purpose')\n")
    states = []
    new = State.new
    monkeypatch.setattr(State, "new", lambda *args, **kwargs: states.append(new(*args, **kwargs)) or states[-1])

    with pytest.raises(LabError, match="broken on purpose"):
        Lab(folder).up()

    assert left_behind(folder, states[0]) == NOTHING


def test_interrupted_up_leaves_nothing(folder):
    process = subprocess.Popen([*COMMAND, "up", "--state", str(folder)], cwd=REPOSITORY, stderr=subprocess.DEVNULL)
    file = folder / "lab.json"
    wait.until(lambda: file.exists() and json.loads(file.read_text())["pids"], "the first service to run", seconds=60)
    state = State.load(folder)

    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=60) == 130
    assert left_behind(folder, state) == NOTHING


def test_up_refuses_a_folder_in_use_and_leaves_it_alone(folder):
    folder.mkdir()
    (folder / "something").write_text("precious")

    with pytest.raises(LabError, match="not empty"):
        Lab(folder).up()

    assert (folder / "something").read_text() == "precious"


@pytest.fixture(scope="module")
def as_nobody():
    """Function: runs a command of the lab as the user nobody, in the folder that it names first."""
    if os.geteuid():
        pytest.skip("this very run is an ordinary user's: the other tests show it")
    with tempfile.TemporaryDirectory() as home:
        os.chown(home, NOBODY, NOBODY)

        def run(folder, *arguments):
            return subprocess.run(
                [*COMMAND, *arguments, "--state", f"{home}/{folder}"],
                check=False,
                user=NOBODY,
                group=NOBODY,
                extra_groups=[],
                cwd=REPOSITORY,
                env={"HOME": home, "PATH": "/usr/local/bin:/usr/bin:/bin"},
                capture_output=True,
                text=True,
                timeout=500,
            )

        try:
            run("help", "up", "--help").check_returncode()
        except (PermissionError, subprocess.CalledProcessError) as refusal:
            pytest.skip(f"the user nobody may not use this environment: {refusal}")
        yield run


@pytest.mark.parametrize("shape", SHAPES)
def test_whole_cycle_works_as_an_ordinary_user(as_nobody, shape):
    up = as_nobody(shape, "up", "--shape", shape, "--json")
    assert up.returncode == 0, up.stderr
    info = json.loads(up.stdout)
    owners = {pathlib.Path(f"/proc/{pid}").stat().st_uid for pid in info["pids"].values()}
    made = as_nobody(shape, "make", "creating-complete", "--json")
    status = json.loads(made.stdout or "[{}]")[0].get("status")
    down = as_nobody(shape, "down")

    assert owners == {NOBODY}
    assert (made.returncode, status) == (0, "creating"), made.stderr
    assert (down.returncode, pathlib.Path(info["state"]).exists()) == (0, False), down.stderr
