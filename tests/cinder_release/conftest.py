# SPDX-License-Identifier: Apache-2.0
"""A small cloud with the Cinder that the command line names, and an administrator who is logged in."""

import pytest

from tests.cinder_release.dashboard import Dashboard
from tests.e2e.cases import CREATING_AND_RESTORING
from tests.lab import Lab
from tests.running import pytest_addoption  # noqa: F401  (hooks are found by their names here)


@pytest.fixture(scope="session")
def lab(request, tmp_path_factory):
    """A lab in the embedded shape, or the one that the command line names."""
    if request.config.getoption("--lab"):
        yield Lab.load(request.config.getoption("--lab"))
        return
    which = {name: request.config.getoption(f"--{name}".replace("_", "-")) for name in ("cinder", "cinder_max")}
    with Lab(tmp_path_factory.mktemp("cloud"), **which) as running:
        yield running


@pytest.fixture(scope="session")
def records(lab):
    """One stuck backup of each situation, by its name."""
    made = lab.make(*(case.situation for case in CREATING_AND_RESTORING))
    return {record["situation"]: record for record in made}


@pytest.fixture(scope="session")
def dashboard(lab):
    """Horizon, an administrator logged in."""
    return Dashboard(lab.info["horizon"], lab.info["admin"])
