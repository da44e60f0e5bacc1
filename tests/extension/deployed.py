# SPDX-License-Identifier: Apache-2.0
"""A Horizon with chosen enabled files, looked at in a process of its own."""

import functools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import backup_reset_panel.enabled

OURS = "_2235_admin_backup_reset_panel.py"
STYLES = ("replacing", "appending", "subclassing")

_REMOVES = 'PANEL = "backups"\nPANEL_DASHBOARD = "admin"\nREMOVE_PANEL = True\n'
_ADDS = (
    'PANEL = "backups"\nPANEL_DASHBOARD = "admin"\nADD_PANEL = "tests.extension.neighbour.replacing.panel.Backups"\n'
)
_FEATURE = 'FEATURE = "archive"\nADD_INSTALLED_APPS = ["tests.extension.neighbour.{style}"]\n'


def neighbours_files(style, number):
    """The other vendor's enabled files, name to content; ``number`` decides before or after ours (2235)."""
    if style == "replacing":
        return {f"_{number}_a_no_backups.py": _REMOVES, f"_{number}_b_other_backups.py": _ADDS}
    return {f"_{number}_archive.py": _FEATURE.format(style=style)}


@functools.cache
def look(ours=True, neighbour=None, number=None, enable_backup=True, hidden=None, example_logging=False):
    """What tests.extension.probe finds in such a Horizon.

    :raises AssertionError: that Horizon does not even start
    """
    case = {"enable_backup": enable_backup, "hidden": hidden, "example_logging": example_logging}
    files = neighbours_files(neighbour, number) if neighbour else {}
    with tempfile.TemporaryDirectory() as folder:
        enabled = pathlib.Path(folder, "deployed_enabled")
        enabled.mkdir()
        enabled.joinpath("__init__.py").touch()
        if ours:
            shutil.copy(pathlib.Path(backup_reset_panel.enabled.__path__[0], OURS), enabled)
        for name, content in files.items():
            enabled.joinpath(name).write_text(content)
        return _run(case, folder)


def _run(case, folder):
    root = pathlib.Path(__file__).parents[2]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.extension.settings",
        "EXTENSION_CASE": json.dumps(case),
        "PYTHONPATH": os.pathsep.join((str(root), folder)),
    }
    command = [sys.executable, "-m", "tests.extension.probe"]
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise AssertionError(f"This Horizon does not start:\n{done.stderr[-5000:]}")
    return json.loads(done.stdout) | {"stderr": done.stderr}
