# SPDX-License-Identifier: Apache-2.0
"""Make, once, the environment that the lab and every test on it share.

``python tools/shared_env.py DIR`` leaves a virtual environment in DIR with the pinned packages of ``tests/lab`` and
this project (editable), and says on the terminal how far it is. Called again it returns at once unless what it was
made from has changed. ``--packages swift`` makes another one, of the store that few labs want, ``--packages
cinder-24.5.0`` that of another Cinder, with the upper-constraints of its release (``upper_constraints.py``).

Why not tox itself: tox 4 gives each environment a folder of its own and wipes a folder that changes hands, so eight
tox environments would install the same 200 packages eight times, and silently. Standard library only: it runs before
anything is installed.
"""

import argparse
import contextlib
import dataclasses
import fcntl
import hashlib
import json
import os
import pathlib
import queue
import shutil
import subprocess
import sys
import threading
import time
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
LAB = ROOT / "tests" / "lab"
PROJECT_FILES = (ROOT / "setup.cfg", ROOT / "pyproject.toml")
OLDEST_PYTHON = (3, 11)  # of Horizon 27, Cinder 29 and Keystone 30
MARKER = ".made-from.json"
HEARTBEAT_SECONDS = 10
LOG_TAIL_LINES = 40


@dataclasses.dataclass(frozen=True)
class Packages:
    """What an environment is made of.

    :param constraints: a file of ours, or an OpenStack release, whose upper-constraints hold
    :param with_project: this project as well, editable
    """

    requirements: pathlib.Path
    constraints: pathlib.Path | str
    with_project: bool = False

    @property
    def expected(self) -> int | None:
        """How many packages that will be, where that is known."""
        if isinstance(self.constraints, str):
            return None
        return sum(1 for line in self.constraints.read_text().splitlines() if "==" in line)

    @property
    def pip(self) -> list[str]:
        """The arguments of Python that install with these constraints."""
        if isinstance(self.constraints, str):
            return [str(ROOT / "tools" / "upper_constraints.py"), self.constraints]
        return ["-m", "pip", "install", "-c", str(self.constraints)]


PACKAGES = {
    "lab": Packages(LAB / "requirements.txt", LAB / "constraints.txt", with_project=True),
    "swift": Packages(LAB / "requirements-swift.txt", LAB / "constraints-swift.txt"),
    "cinder-24.5.0": Packages(LAB / "requirements-cinder-24.5.0.txt", "2024.1"),
    "cinder-26.3.0": Packages(LAB / "requirements-cinder-26.3.0.txt", "2025.1"),
}


def say(text: str) -> None:
    print(f"shared environment: {text}", flush=True)


def digest(files: tuple[pathlib.Path, ...]) -> str:
    """Return one hash over the contents of ``files``."""
    total = hashlib.sha256()
    for path in files:
        total.update(path.read_bytes() + b"\0")
    return total.hexdigest()


def made_from(packages: Packages) -> dict[str, str]:
    """Return what decides whether an environment can stay: a change of ``packages`` or ``python`` means a new one."""
    files = [one for one in (packages.requirements, packages.constraints) if isinstance(one, pathlib.Path)]
    return {
        "python": f"{sys.version} {sys.base_prefix}",
        "packages": digest(tuple(files)),
        "project": f"{ROOT} {digest(PROJECT_FILES)}" if packages.with_project else "",
    }


def read_marker(folder: pathlib.Path) -> dict[str, str]:
    """Return what the environment in ``folder`` was made from, nothing if it was never finished."""
    try:
        return json.loads((folder / MARKER).read_text())
    except (OSError, ValueError):
        return {}


@contextlib.contextmanager
def locked(folder: pathlib.Path):
    """Keep a second run (``tox -p``) waiting until the first has finished."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    # tox makes its folder for its user alone; a test runs the lab from it as another one. There is no secret in it.
    folder.parent.chmod(folder.parent.stat().st_mode | 0o055)
    with open(folder.with_name(folder.name + ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def create(folder: pathlib.Path, newest_pip: bool) -> None:
    """Put an empty virtual environment with pip into ``folder``, in place of whatever is there."""
    say(f"creating {os.path.relpath(folder)} with Python {sys.version.split()[0]}")
    if folder.exists():
        shutil.rmtree(folder)
    try:
        venv.create(folder, with_pip=True, symlinks=True, upgrade_deps=newest_pip)
    except (subprocess.CalledProcessError, ImportError) as failure:
        shutil.rmtree(folder, ignore_errors=True)
        raise SystemExit(
            f"Python's venv module cannot make an environment ({failure}).\n"
            "On Debian and Ubuntu: sudo apt-get install -y python3-venv"
        ) from failure


def lines_of(process: subprocess.Popen) -> queue.Queue:
    """Return a queue that a thread fills with the process's lines of output, then None."""
    lines: queue.Queue = queue.Queue()

    def read() -> None:
        for line in process.stdout:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def follow(process: subprocess.Popen, log, expected: int | None) -> None:
    """Write pip's output to ``log`` and its progress to the terminal, until pip closes its output."""
    of_how_many = f" of about {expected}" if expected else ""
    started, said, found, phase = time.monotonic(), 0.0, 0, "finding and downloading packages"
    lines = lines_of(process)
    while True:
        try:
            line = lines.get(timeout=HEARTBEAT_SECONDS)
        except queue.Empty:
            line = ""
        if line is None:
            return
        log.write(line)
        found += line.startswith(("Collecting ", "Processing "))
        if line.startswith("Installing collected packages"):
            phase, said = "unpacking them", 0.0
        now = time.monotonic()
        if now - said >= HEARTBEAT_SECONDS or not said:
            said = now
            say(f"{phase}, {found}{of_how_many}, {now - started:.0f} s")


def install(folder: pathlib.Path, packages: Packages) -> None:
    """Install the pinned packages, and this project if wanted, into the environment; raise SystemExit if pip fails."""
    log_path = folder / "pip.log"
    command = [str(folder / "bin" / "python"), *packages.pip, "--disable-pip-version-check", "--no-input"]
    command += ["--progress-bar", "off", "-r", str(packages.requirements)]
    command += ["-e", str(ROOT)] if packages.with_project else []
    say(f"installing, one to five minutes the first time; pip's own words are in {os.path.relpath(log_path)}")
    with (
        open(log_path, "w") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process,
    ):
        follow(process, log, packages.expected)
    if process.returncode:
        tail = log_path.read_text().splitlines()[-LOG_TAIL_LINES:]
        raise SystemExit("\n".join(["pip install failed:", *tail]))


def ensure(folder: pathlib.Path, packages: Packages) -> None:
    """Leave a finished environment in ``folder``."""
    with locked(folder):
        wanted, present = made_from(packages), read_marker(folder)
        if present == wanted:
            return
        started = time.monotonic()
        if any(present.get(key) != wanted[key] for key in ("python", "packages")):
            # Of upper_constraints.py: what sources are built with can be said to a pip of 2025 or later.
            create(folder, newest_pip=isinstance(packages.constraints, str))
        (folder / MARKER).unlink(missing_ok=True)
        install(folder, packages)
        if packages.with_project:
            # Horizon in the languages that the plugin speaks.
            subprocess.run([str(folder / "bin" / "python"), "-m", "tools.catalogues"], cwd=ROOT, check=True)
        (folder / MARKER).write_text(json.dumps(wanted, indent=2))
        say(f"ready after {time.monotonic() - started:.0f} s")


def main() -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise SystemExit(f"The lab's packages need Python {'.'.join(map(str, OLDEST_PYTHON))} or newer.")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="where the environment is, or is to be")
    parser.add_argument("--packages", choices=PACKAGES, default="lab", help="what it is for (default %(default)s)")
    options = parser.parse_args()
    ensure(options.folder.resolve(), PACKAGES[options.packages])


if __name__ == "__main__":
    main()
