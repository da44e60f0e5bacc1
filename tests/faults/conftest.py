# SPDX-License-Identifier: Apache-2.0
"""One real cloud for the whole run, with five hundred stuck backups in it, and services that can be struck."""

import pytest

from tests import running
from tests.e2e.fixtures import browsers  # noqa: F401  (fixtures are found by their names here)
from tests.e2e.fixtures import idle_pages  # noqa: F401
from tests.faults import evidence
from tests.faults.stuck import Stuck
from tests.lab.access_log import AccessLog
from tests.pages.stuck import StuckPage
from tests.running import pytest_addoption  # noqa: F401  (hooks are found by their names here)
from tests.running import pytest_runtest_makereport  # noqa: F401


@pytest.fixture(scope="session")
def lab(request, tmp_path_factory):
    """A cloud in the services shape with two cinder-backup hosts."""
    with running.cloud_for(request, tmp_path_factory.mktemp("cloud"), "faults", backup_hosts=2) as lab:
        yield lab


@pytest.fixture(autouse=True)
def no_error_page(lab):
    """Whatever is struck: no page is a 500, and no traceback goes through our code."""
    with evidence.no_error_page(lab):
        yield


@pytest.fixture(scope="session")
def stuck(lab):
    """Five hundred stuck backups in twenty projects."""
    return Stuck.make(lab)


@pytest.fixture(scope="session")
def cinder_log(lab):
    """The access log of cinder-api."""
    return AccessLog(lab, "cinder-api")


@pytest.fixture
def page(browsers):  # noqa: F811  (the fixture)
    """The Stuck Backups page in an administrator's browser, not opened yet."""
    return StuckPage(browsers())


@pytest.fixture
def one(stuck):
    """Rows of the one stuck backup that there is; its data is whole."""
    return stuck.one()


@pytest.fixture
def backup_id(one):
    """Its id."""
    return next(iter(one.backups))
