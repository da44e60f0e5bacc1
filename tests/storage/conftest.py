# SPDX-License-Identifier: Apache-2.0
"""Real stores with backups on them, and the table of what was found."""

import json
import signal
import subprocess
import sys
import time

import pytest
from django.test import override_settings

from tests.damage import KINDS
from tests.lab import environment
from tests.storage.record import KEPT
from tests.storage.record import TABLE
from tests.storage.record import Results
from tests.storage.shelf import Shelf
from tests.storage.storehouse import STORES
from tests.storage.storehouse import Storehouse

MANY = 10
RESULTS = pytest.StashKey[Results]()


def pytest_addoption(parser):
    """Options of these tests."""
    parser.getgroup("lab").addoption(
        "--write-table", action="store_true", help="write what was found into the documentation"
    )
    parser.getgroup("lab").addoption(
        "--once", action="store_true", help="each kind of damage on one store, and each store: in a minute"
    )
    parser.getgroup("lab").addoption(
        "--few", action="store_true", help="few and small backups: whether the tests work, in two minutes"
    )


#: Files of which --once takes nothing: times, and whole labs.
NOT_AT_ONCE = ("test_4_speed.py", "test_5_lab.py", "test_6_left_overs.py")


def pytest_collection_modifyitems(config, items):
    """With --once: each kind of damage on another store in turn, and nothing that waits or is slow."""
    if not config.getoption("--once"):
        return
    left = [item for item in items if is_of_the_short_form(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in left])
    items[:] = left


def is_of_the_short_form(item):
    """Whether --once leaves a test in."""
    if item.path.name in NOT_AT_ONCE or item.get_closest_marker("waits"):
        return False
    params = getattr(getattr(item, "callspec", None), "params", {})
    if not {"kind", "shelf"} <= params.keys() or params["kind"] not in KINDS:
        return True
    return STORES[list(KINDS).index(params["kind"]) % len(STORES)] == params["shelf"]


def pytest_configure(config):
    """Begin the table."""
    results = config.stash[RESULTS] = Results(time.monotonic())
    if config.getoption("--write-table"):
        results.resume(KEPT)
    config.addinivalue_line("markers", "waits: waits until a time is up, or for a server to start anew")
    # Whoever ends the run (a time-out) shall leave no server behind, and see what was found by then.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    """Show the table; write it where that was asked for, and everything is right. What was found before an interruption
    is kept, so that the next run goes on there.
    """
    results = config.stash[RESULTS]
    terminalreporter.section("on storage")
    terminalreporter.write_line(results.as_rst())
    if not config.getoption("--write-table") or terminalreporter.stats.get("failed"):
        return
    if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.INTERRUPTED):
        results.keep(KEPT, how_often(config))
    if exitstatus == pytest.ExitCode.OK:
        TABLE.write_text(results.as_rst())


def how_often(config):
    """How many backups are damaged in each way."""
    return 1 if config.getoption("--once") else 2 if config.getoption("--few") else MANY


@pytest.fixture(scope="session")
def results(request):
    """What the table is made of."""
    return request.config.stash[RESULTS]


@pytest.fixture(scope="session")
def few(request):
    """Whether few and small backups are enough."""
    return request.config.getoption("--few") or request.config.getoption("--once")


@pytest.fixture(scope="session")
def times(request):
    """How many backups are damaged in each way."""
    return how_often(request.config)


@pytest.fixture(scope="session")
def house():
    """A Keystone, a Swift and a folder."""
    with Storehouse() as house, override_settings(BACKUP_RESET_PANEL={"STORAGE": house.settings()}):
        yield house


@pytest.fixture(scope="session")
def shelves(house, few):
    """Function: a store with the backups that Cinder's own driver wrote onto it, once."""
    made = {}

    def make(store):
        if store not in made:
            file = house.folder / f"{store}.json"
            command = [sys.executable, "-W", "ignore", "-m", "tests.storage.writer"]
            command += [str(house.state.folder), store, str(file), "2" if few else "10"]
            subprocess.run(command, cwd=environment.REPOSITORY, check=True, timeout=500)
            made[store] = Shelf(house, store, json.loads(file.read_text()))
        return made[store]

    return make


@pytest.fixture(params=STORES)
def shelf(request, shelves):
    """Each store in turn."""
    return shelves(request.param)


@pytest.fixture(params=STORES[1:])
def server_shelf(request, shelves):
    """Each store that is a server."""
    return shelves(request.param)


@pytest.fixture(scope="session")
def restore(house, shelves):
    """Function: whether Cinder's own driver restores a backup of the folder, as far as it can tell itself."""
    shelves("posix")
    file = house.folder / "posix.json"
    command = [sys.executable, "-W", "ignore", "-m", "tests.storage.restorer", str(house.state.folder), str(file)]
    with subprocess.Popen(
        command, cwd=environment.REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def ask(backup_id):
            process.stdin.write(backup_id + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()
