# SPDX-License-Identifier: Apache-2.0
"""The environment that every process of a lab runs in: ours alone, whatever the shell of the person holds."""

import os
import pathlib
import sys

from tests.lab.state import State

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(sys.prefix) / "bin"
ETC = pathlib.Path(sys.prefix) / "etc"
KEPT = ("LANG", "LC_ALL", "TMPDIR", "BACKUP_RESET_LAB_CACHE", "XDG_CACHE_HOME", "COVERAGE_PROCESS_START")


def base(state: State) -> dict[str, str]:
    """Return the variables for a lab's processes.

    HOME is a folder of the lab (RabbitMQ keeps its cookie there). PATH holds the environment's programs and the
    system's, only such folders as the user may read: os-brick looks for ``dmidecode`` along it and fails on others.
    """
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    system = [
        folder for folder in ("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin") if os.access(folder, os.R_OK)
    ]
    # The highest microversion that Cinder shall serve, read by tests.lab.runtime.cinder_common.
    kept |= {"LAB_CINDER_MAX": state.cinder_max} if state.cinder_max else {}
    return kept | {
        "HOME": str(state.path("home")),
        "PATH": ":".join([str(BIN), *system]),
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "ignore",
    }
