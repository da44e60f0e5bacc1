# SPDX-License-Identifier: Apache-2.0
"""The distribution, built once from a copy of the sources, and one Horizon to install it in."""

import shutil
import sys

import pytest

from tests.packaging import clean_horizon

SOURCES = ("LICENSE", "README.rst", "pyproject.toml", "setup.cfg", "setup.py", "backup_reset_panel", "enabled", "tests")


@pytest.fixture(scope="session")
def distribution(tmp_path_factory):
    """Folder with the wheel and the source distribution that it was built from."""
    copy = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        source = clean_horizon.REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    target = tmp_path_factory.mktemp("dist")
    clean_horizon.run([sys.executable, "-m", "build", "--outdir", str(target), str(copy)])
    return target


@pytest.fixture(scope="session")
def wheel(distribution):
    """Path of the wheel."""
    [found] = distribution.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def horizon(tmp_path_factory):
    """A CleanHorizon that has never seen the plugin; tests leave it as they found it."""
    made = clean_horizon.CleanHorizon(tmp_path_factory.mktemp("horizon"))
    made.install()
    return made
