# SPDX-License-Identifier: Apache-2.0
"""One real cloud for the whole run, and what is kept of it when a test fails."""

import pytest

from tests import running
from tests.e2e.fixtures import browsers  # noqa: F401  (fixtures are found by their names here)
from tests.e2e.fixtures import cloud  # noqa: F401
from tests.e2e.fixtures import idle_pages  # noqa: F401
from tests.e2e.fixtures import releases  # noqa: F401
from tests.e2e.fixtures import report_table
from tests.running import pytest_addoption  # noqa: F401  (hooks are found by their names here)
from tests.running import pytest_runtest_makereport  # noqa: F401


def pytest_terminal_summary(terminalreporter, config):
    """Print the table of releases."""
    report_table(terminalreporter, config, running.ARTEFACTS / "e2e")


@pytest.fixture(scope="session")
def lab(request, tmp_path_factory):
    """A cloud in the services shape: two cinder-backup hosts, Horizon with the plugin and once more without."""
    folder = tmp_path_factory.mktemp("cloud")
    which = {name: request.config.getoption(f"--{name}".replace("_", "-")) for name in ("cinder", "cinder_max")}
    with running.cloud_for(request, folder, "e2e", stock=True, backup_hosts=2, **which) as lab:
        yield lab
