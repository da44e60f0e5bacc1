# SPDX-License-Identifier: Apache-2.0
"""axe-core is installed once, in the version that is pinned."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

TOOL = pathlib.Path(__file__).resolve().parents[3] / "tools" / "axe_core.py"
PINNED = json.loads((TOOL.parents[1] / "package.json").read_text())["devDependencies"]["axe-core"]


@pytest.fixture
def install(tmp_path):
    """Function: run the tool with an npm that writes down how it was called; returns status and calls."""
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    calls = tmp_path / "calls"

    def run(status=0):
        npm.write_text(f'#!/bin/sh\necho "$@" >> {calls}\nexit {status}\n')
        npm.chmod(0o755)
        path = f"{npm.parent}:{os.environ['PATH']}"
        command = [sys.executable, str(TOOL), str(tmp_path / "axe")]
        done = subprocess.run(command, env={**os.environ, "PATH": path}, check=False, capture_output=True)
        return done.returncode, calls.read_text().splitlines() if calls.exists() else []

    return run


def put(folder, version):
    package = folder / "axe" / "node_modules" / "axe-core" / "package.json"
    package.parent.mkdir(parents=True)
    package.write_text(json.dumps({"version": version}))


def test_pinned_version_is_installed_without_running_scripts_of_it(install):
    status, [call] = install()
    assert status == 0
    assert f"axe-core@{PINNED}" in call
    assert "--ignore-scripts" in call


def test_pinned_version_that_is_there_asks_npm_for_nothing(install, tmp_path):
    put(tmp_path, PINNED)
    assert install() == (0, [])


def test_another_version_is_replaced(install, tmp_path):
    put(tmp_path, "1.0.0")
    assert len(install()[1]) == 1


def test_npm_that_fails_fails_the_run(install):
    assert install(status=1)[0] == 1
