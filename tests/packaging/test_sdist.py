# SPDX-License-Identifier: Apache-2.0
"""The source distribution: what a packager of Debian or RDO builds and tests from, with no git and no network."""

import os
import pathlib
import sys

import pytest

from tests.packaging import clean_horizon

#: tox's shared environment has all that the unit and view tests need.
PYTHON = os.environ.get("TEST_PYTHON", sys.executable)
#: A few of each kind: all of tests/unit and tests/views passes too, but takes minutes.
SOME_TESTS = (
    "tests/unit/core/test_verdict.py",
    "tests/unit/test_checks.py",
    "tests/unit/test_docs.py",
    "tests/unit/test_layout.py",
    "tests/views/test_update_status_refused.py",
)


@pytest.fixture(scope="module")
def unpacked(distribution, tmp_path_factory):
    """The folder that the source distribution unpacks to."""
    [archive] = distribution.glob("*.tar.gz")
    folder = tmp_path_factory.mktemp("unpacked")
    clean_horizon.run(["tar", "-xf", str(archive), "-C", str(folder)])
    [top] = folder.iterdir()
    return top


def test_source_distribution_holds_every_file_of_the_repository(unpacked, sources):
    # The link to the enabled files has become a folder of its own.
    wanted = {name for name in sources if not (clean_horizon.REPOSITORY / name).is_dir()}
    assert {"tests/conftest.py", "doc/source/conf.py", "devstack/plugin.sh", "tox.ini"} <= wanted
    assert {name for name in wanted if not (unpacked / name).is_file()} == set()


def test_source_distribution_holds_nothing_else_but_its_metadata(unpacked, sources):
    found = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    tops = {pathlib.PurePath(name).parts[0] for name in found - set(sources)}
    assert tops <= {"PKG-INFO", "backup_reset_panel.egg-info", "backup_reset_panel"}
    assert {name for name in found - set(sources) if name.startswith("backup_reset_panel/enabled/")} == {
        name for name in found - set(sources) if name.startswith("backup_reset_panel/")
    }


def test_tests_pass_from_the_source_distribution_with_nothing_of_ours_installed(unpacked):
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "PYTHON", "COVERAGE"))}
    command = [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", *SOME_TESTS]
    where = [PYTHON, "-c", "import backup_reset_panel.enabled as e; print(*e.__path__)"]
    assert clean_horizon.run(where, cwd=unpacked, env=clean).startswith(str(unpacked))
    assert " passed" in clean_horizon.run(command, cwd=unpacked, env=clean)
