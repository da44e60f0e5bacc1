# SPDX-License-Identifier: Apache-2.0
"""One real cloud for a whole run of tests, and what is kept of it when one fails: what "e2e" and "faults" share."""

import contextlib
import pathlib
import shutil
from collections.abc import Iterator

import pytest

from tests.e2e.fixtures import keep_pages
from tests.lab import Lab

FAILED = pytest.StashKey[bool]()


def add_lab_option(parser) -> None:
    """Add the option that names a lab which runs already."""
    group = parser.getgroup("lab")
    group.addoption("--lab", metavar="DIR", help="use the lab that runs in this folder, and leave it running")


def note(item, report, artefacts: pathlib.Path) -> None:
    """Remember that something failed, for those who decide at the end what to keep, and keep what browsers show."""
    if report.failed:
        item.session.stash[FAILED] = True
        if report.when != "teardown":
            keep_pages(item, artefacts)


@contextlib.contextmanager
def cloud_for(request, folder: pathlib.Path, artefacts: pathlib.Path, **settings) -> Iterator[Lab]:
    """A cloud in the services shape, or the one that the command line names; its logs are kept if a test failed.

    :param folder: where the lab keeps everything
    :param settings: see ``tests.lab.Lab``
    """
    if request.config.getoption("--lab"):
        yield Lab.load(request.config.getoption("--lab"))
        return
    with Lab(folder, shape="services", **settings) as running:
        yield running
        if request.session.stash.get(FAILED, False):
            shutil.copytree(running.state.path("logs"), artefacts / "logs", dirs_exist_ok=True)
