# SPDX-License-Identifier: Apache-2.0
"""Browsers in which users are logged in, a store of stuck backups, and the table of their releases."""

import contextlib
import pathlib

import pytest

from tests.e2e import table
from tests.e2e.cases import CREATING_AND_RESTORING
from tests.e2e.cases import FURTHER
from tests.e2e.cases import SERVICES
from tests.e2e.cloud import Cloud
from tests.e2e.releasing import Releases
from tests.pages import browser
from tests.pages import chromium
from tests.pages.dashboard import Dashboard

BROWSERS = pytest.StashKey[dict]()
TABLE = pytest.StashKey[list]()
LIVE = ("live-create", "live-restore")


def names(cases, but=()):
    """The situations of cases, some left out."""
    return tuple(case.situation for case in cases if case.situation not in but)


#: How many of each situation the tests take. Live jobs go on by themselves, so they are made last.
SETS = (
    (3, names(CREATING_AND_RESTORING, but=("error-after-restart",))),
    (7, ("error-after-restart",)),
    (4, ("other-driver",)),
    (2, names(FURTHER + SERVICES, but=("other-driver", *LIVE))),
    (2, LIVE),
)


class Browsers:
    """Browsers by name, each started when it is first asked for; each keeps its users logged in."""

    def __init__(self, info: dict, stack: contextlib.ExitStack) -> None:
        self.info = info
        self.drivers = {}
        self._stack = stack
        self._dashboards: dict[tuple[str, str], Dashboard] = {}

    def __call__(self, user: str = "admin", horizon: str = "horizon", name: str | None = None) -> Dashboard:
        """Return a Horizon in which a user is logged in.

        :param user: ``admin``, ``member`` or ``reader``
        :param horizon: ``horizon``, with the plugin, or ``stock_horizon``
        :param name: of the browser; the user's by default, another one for a second person with the same name
        """
        key = name or user, horizon
        if key not in self._dashboards:
            if key[0] not in self.drivers:
                self.drivers[key[0]] = self._started()
            dashboard = Dashboard(self.drivers[key[0]], self.info[horizon])
            self._dashboards[key] = dashboard.log_in(self.info[user])
        return self._dashboards[key]

    def _started(self):
        driver = self._stack.enter_context(chromium.started())
        driver.set_page_load_timeout(browser.SECONDS)
        driver.set_script_timeout(browser.SECONDS)
        return driver


@pytest.fixture(scope="session")
def browsers(request, lab):
    """A Browsers on the lab."""
    with contextlib.ExitStack() as stack:
        made = Browsers(lab.info, stack)
        request.session.stash[BROWSERS] = made.drivers
        yield made
        request.session.stash[BROWSERS] = {}


@pytest.fixture(autouse=True)
def idle_pages(request):
    """Leave no page open after a test: those of Horizon ask for rows in flight for ever, and keep the machine busy."""
    yield
    for driver in request.session.stash.get(BROWSERS, {}).values():
        driver.get("about:blank")


@pytest.fixture(scope="session")
def cloud(lab):
    """A Cloud with stuck backups of every situation."""
    return Cloud(lab, SETS)


@pytest.fixture(scope="session")
def releases(request, cloud, browsers):
    """The Releases of this run."""
    lines = request.config.stash.setdefault(TABLE, [])
    return Releases(cloud, browsers, lambda: browsers(horizon="stock_horizon"), lines)


def keep_pages(item, artefacts: pathlib.Path) -> None:
    """Write down what every browser shows, for a test that failed."""
    for name, driver in item.session.stash.get(BROWSERS, {}).items():
        browser.keep(driver, artefacts, f"{item.name}.{name}")


def report_table(terminalreporter, config, artefacts: pathlib.Path) -> None:
    """Print the table at the end of the run and write it down."""
    lines = config.stash.get(TABLE, [])
    if not lines:
        return
    terminalreporter.section("releases: what was shown, and what Cinder's database says")
    terminalreporter.write_line(table.as_text(lines))
    folders = [artefacts, *filter(None, [config.getoption("--table-to", None)])]
    for folder in folders:
        table.write(lines, pathlib.Path(folder))
        terminalreporter.write_line(f"Written to {folder}.")
