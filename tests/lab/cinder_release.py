# SPDX-License-Identifier: Apache-2.0
"""Another release of Cinder beside ours: its packages are in an environment of their own.

``tools/shared_env.py`` makes it when a lab first wants it, with the upper-constraints of that OpenStack release.
Keystone and Horizon stay those of this environment.
"""

import pathlib
import subprocess
import sys

from tests.lab import environment
from tests.lab.errors import LabError
from tests.lab.state import State


def folder(release: str) -> pathlib.Path:
    """Return where the environment of a release of Cinder is, or is to be."""
    return environment.REPOSITORY / ".tox" / f"cinder-{release}"


def require(state: State) -> None:
    """Make the environment of a lab's Cinder unless it is there.

    :raises LabError: when it cannot be made
    """
    if state.cinder is None:
        return
    tool = environment.REPOSITORY / "tools" / "shared_env.py"
    command = [sys.executable, str(tool), str(folder(state.cinder)), "--packages", f"cinder-{state.cinder}"]
    if subprocess.run(command, check=False).returncode:
        raise LabError(f"Cinder {state.cinder} could not be installed into {folder(state.cinder)}.")


def prefix(state: State) -> pathlib.Path:
    """Return the environment that a lab's Cinder runs in: ours, or that of its release."""
    return pathlib.Path(sys.prefix) if state.cinder is None else folder(state.cinder)


def program(state: State, name: str) -> str:
    """Return the path of a program of a lab's Cinder."""
    return str(prefix(state) / "bin" / name)


def settings(state: State, name: str) -> pathlib.Path:
    """Return the path of a file that a lab's Cinder ships in ``etc/cinder``."""
    return prefix(state) / "etc" / "cinder" / name
