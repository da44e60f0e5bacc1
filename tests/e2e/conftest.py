# SPDX-License-Identifier: Apache-2.0
"""One real cloud for the whole run, and what is kept of it when a test fails."""

import pathlib

import pytest

from tests.e2e import running
from tests.e2e.fixtures import browsers  # noqa: F401  (fixtures are found by their names here)
from tests.e2e.fixtures import cloud  # noqa: F401
from tests.e2e.fixtures import idle_pages  # noqa: F401
from tests.e2e.fixtures import releases  # noqa: F401
from tests.e2e.fixtures import report_table

ARTEFACTS = pathlib.Path(__file__).parents[2] / "artefacts" / "e2e"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Remember that something failed."""
    report = yield
    running.note(item, report, ARTEFACTS)
    return report


def pytest_addoption(parser):
    """Options of these tests."""
    running.add_lab_option(parser)
    group = parser.getgroup("e2e")
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
    with running.cloud_for(request, tmp_path_factory.mktemp("cloud"), artefacts, stock=True, backup_hosts=2) as lab:
        yield lab
