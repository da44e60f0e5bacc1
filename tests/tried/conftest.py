# SPDX-License-Identifier: Apache-2.0
"""One real cloud for the whole table, and the table itself."""

import time

import pytest

from tests import running
from tests.e2e.cloud import Cloud
from tests.faults import evidence
from tests.running import pytest_addoption  # noqa: F401  (hooks are found by their names here)
from tests.tried.product import Counts
from tests.tried.product import Product
from tests.tried.record import TABLE
from tests.tried.record import Tried
from tests.tried.record import as_rst

ROWS = pytest.StashKey[list[Tried]]()
COUNTS = pytest.StashKey[Counts]()
BEGAN = pytest.StashKey[float]()

#: Made together, each the first time that one of them is asked for: a failure of cinder-backup takes half a minute.
SETS = (
    (
        1,
        (
            *("creating-no-data",) * 8,
            *("creating-complete",) * 4,
            *("incremental-complete",) * 2,
            *("restoring", "never-started", "previous-status-differs"),
        ),
    ),
    (1, ("held-detach", "held-detach-in-use", "live-restore")),
    (1, ("frozen-create", "frozen-restore")),
    (2, ("other-zone",)),
)


class Store(Cloud):
    """Stuck backups in store; one that was only looked at goes back."""

    def keep(self, record: dict) -> None:
        """Put back a record with which nothing was done."""
        self._store.setdefault(record["situation"], []).append(record)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Remember that something failed, and which rows were right."""
    report = yield
    running.note(item, report)
    if report.when == "call" and "tried" in getattr(item, "funcargs", {}):
        for row in item.funcargs["tried"].all():
            row.right = report.passed
    return report


def pytest_configure(config):
    """Begin the table."""
    config.addinivalue_line("markers", "row(number, situation, done): a row of the table of what was tried")
    config.stash[ROWS], config.stash[COUNTS], config.stash[BEGAN] = [], Counts(), time.monotonic()


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    """Show the table; write it where that was asked for, and every row is right."""
    rows, counts = sorted(config.stash[ROWS], key=Tried.place), config.stash[COUNTS]
    if not rows:
        return
    terminalreporter.section("tried")
    for row in rows:
        terminalreporter.write_line(f"{row.number:5} {'right' if row.right else 'WRONG'}  {row.situation}: {row.said}")
    for what, count in counts.told().items():
        terminalreporter.write_line(f"{count} {what}")
    if config.getoption("--write-table") and exitstatus == pytest.ExitCode.OK:
        TABLE.write_text(as_rst(rows, counts.told(), time.monotonic() - config.stash[BEGAN]))


@pytest.fixture(scope="session")
def lab(request, tmp_path_factory):
    """A cloud in the services shape with two cinder-backup hosts."""
    with running.cloud_for(request, tmp_path_factory.mktemp("cloud"), "tried", backup_hosts=2) as lab:
        yield lab


@pytest.fixture(scope="session")
def cloud(lab):
    """Stuck backups in store, and the cloud from behind."""
    return Store(lab, SETS)


@pytest.fixture(scope="session")
def counts(request):
    """What must never have happened."""
    return request.config.stash[COUNTS]


@pytest.fixture(scope="session")
def product(lab, counts):
    """The product, and an administrator who uses it."""
    return Product(lab, counts)


@pytest.fixture
def tried(request):
    """The row that a test makes, and a second one as ``tried.second``; what they are about stands in its marks."""
    rows = [Tried(*mark.args) for mark in reversed(list(request.node.iter_markers("row")))]
    request.config.stash[ROWS].extend(rows)
    rows[0].second = rows[1] if len(rows) > 1 else None
    return rows[0]


@pytest.fixture(autouse=True)
def nothing_worse(lab, counts):
    """Whatever is done: no page is a 500, no traceback goes through our code, and no count is above 0."""
    with evidence.no_error_page(lab):
        yield
    for name in [name for name in lab.state.services if name.startswith("cinder-backup-")]:
        lab.thaw(name)
    assert {what: count for what, count in counts.told().items() if count} == {}
