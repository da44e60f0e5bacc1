# SPDX-License-Identifier: Apache-2.0
"""On what the numbers were taken: machine, its load, and versions."""

import datetime
import importlib.metadata
import os
import pathlib
import platform
import re
import subprocess

from tests.lab import environment
from tests.lab import servers

PACKAGES = (
    "backup-reset-panel",
    "horizon",
    "Django",
    "cinder",
    "keystone",
    "python-cinderclient",
    "python-openstackclient",
    "gunicorn",
)


def machine() -> dict:
    """Return processor, cores, memory (GiB), load (average of one minute, processes), system and time."""
    processor = re.search(r"^model name\s*: (.*)$", _read("/proc/cpuinfo"), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+) kB$", _read("/proc/meminfo"), re.MULTILINE)
    system = re.search(r'^PRETTY_NAME="(.*)"$', _read("/etc/os-release"), re.MULTILINE)
    return {
        "processor": processor[1] if processor else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(int(memory[1]) / 2**20, 1),
        "load": os.getloadavg()[0],
        "system": system[1] if system else platform.platform(),
        "at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
    }


def versions() -> dict:
    """Return the versions of all that is measured, and this repository's commit, if it is one."""
    found = {name: importlib.metadata.version(name) for name in PACKAGES}
    found |= {"python": platform.python_version(), "mariadb": servers.mariadb_version().split(" for ")[0].split()[-1]}
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=environment.REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    return found | {"commit": commit.stdout.strip()}


def _read(path: str) -> str:
    return pathlib.Path(path).read_text()
