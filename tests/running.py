# SPDX-License-Identifier: Apache-2.0
"""A plugin of pytest: one real cloud for a whole run of tests, and what is kept of it when one fails.

The conftest modules of "e2e", "faults" and "tried" take its hooks over by importing them: it must not be loaded where
there is no lab.
"""

import contextlib
import pathlib
import shutil
from collections.abc import Iterator

import pytest

from tests.e2e.fixtures import keep_pages
from tests.lab import Lab
from tests.lab.state import CINDERS

TESTS = pathlib.Path(__file__).parent
#: For what explains a failure, a folder for each folder of tests; ignored by git.
ARTEFACTS = TESTS.parent / "artefacts"
FAILED = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the tests that have a lab."""
    group = parser.getgroup("lab")
    group.addoption("--lab", metavar="DIR", help="use the lab that runs in this folder, and leave it running")
    group.addoption("--cinder", choices=CINDERS, help="e2e: another release of Cinder than ours")
    group.addoption("--cinder-max", metavar="MICROVERSION", help="e2e: the highest that Cinder serves")
    group.addoption("--write-table", action="store_true", help="tried: write what was tried into the documentation")
    group.addoption("--table-to", metavar="DIR", help="e2e: write the table of releases there too")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """Remember that something failed, and keep what browsers show."""
    report = yield
    note(item, report)
    return report


def note(item: pytest.Item, report: pytest.TestReport) -> None:
    """Remember that something failed, for those who decide at the end what to keep, and keep what browsers show."""
    if report.failed:
        item.session.stash[FAILED] = True
        if report.when != "teardown":
            keep_pages(item, ARTEFACTS / item.path.relative_to(TESTS).parts[0])


@contextlib.contextmanager
def cloud_for(request: pytest.FixtureRequest, folder: pathlib.Path, name: str, **settings) -> Iterator[Lab]:
    """A cloud in the services shape, or the one that the command line names; its logs are kept if a test failed.

    :param folder: where the lab keeps everything
    :param name: of the folder of tests
    :param settings: see ``tests.lab.Lab``
    """
    if request.config.getoption("--lab"):
        yield Lab.load(request.config.getoption("--lab"))
        return
    with Lab(folder, shape="services", **settings) as running:
        yield running
        if request.session.stash.get(FAILED, False):
            shutil.copytree(running.state.path("logs"), ARTEFACTS / name / "logs", dirs_exist_ok=True)
