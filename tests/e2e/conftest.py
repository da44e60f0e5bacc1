# SPDX-License-Identifier: Apache-2.0
"""One real cloud for the whole run, and what is kept of it when a test fails."""

import pathlib
import shutil

import pytest

from tests.e2e.fixtures import browsers  # noqa: F401  (fixtures are found by their names here)
from tests.e2e.fixtures import cloud  # noqa: F401
from tests.e2e.fixtures import idle_pages  # noqa: F401
from tests.e2e.fixtures import keep_pages
from tests.e2e.fixtures import releases  # noqa: F401
from tests.e2e.fixtures import report_table
from tests.lab import Lab

ARTEFACTS = pathlib.Path(__file__).parents[2] / "artefacts" / "e2e"
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Remember that something failed, for those who decide at the end what to keep."""
    report = yield
    if report.failed:
        item.session.stash[FAILED] = True
        if report.when == "call":
            keep_pages(item, ARTEFACTS)
    return report


def pytest_addoption(parser):
    """Options of these tests."""
    group = parser.getgroup("e2e")
    group.addoption("--lab", metavar="DIR", help="use the lab that runs in this folder, and leave it running")
    group.addoption("--table-to", metavar="DIR", help="write the table of releases there too, for the documentation")


def pytest_terminal_summary(terminalreporter, config):
    """Print the table of releases."""
    report_table(terminalreporter, config, ARTEFACTS)


@pytest.fixture(scope="session")
def artefacts():
    """The folder for what explains a failure; ignored by git."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    return ARTEFACTS


@pytest.fixture(scope="session")
def lab(request, tmp_path_factory, artefacts):
    """A cloud in the services shape: two cinder-backup hosts, Horizon with the plugin and once more without."""
    if request.config.getoption("--lab"):
        yield Lab.load(request.config.getoption("--lab"))
        return
    with Lab(tmp_path_factory.mktemp("cloud"), shape="services", stock=True, backup_hosts=2) as running:
        yield running
        if request.session.stash.get(FAILED, False):
            shutil.copytree(running.state.path("logs"), artefacts / "logs", dirs_exist_ok=True)
