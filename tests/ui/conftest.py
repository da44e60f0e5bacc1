# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the browser tests: one Horizon and one browser for all of them, a new cloud and new cookies a test."""

import itertools
import os
import pathlib
import re
import shutil
import socket

import openstack_dashboard
import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import AnonymousUser
from django.core import signals
from django.core.cache import cache
from django.test import override_settings
from openstack_auth import utils as auth_utils
from openstack_dashboard import theme_settings
from pytest_django.live_server_helper import LiveServer

from backup_reset_panel import cinder
from tests import fake_cinder
from tests.pages import chromium
from tests.pages.horizon import Horizon
from tests.pages.stuck import StuckPage
from tests.ui import gate as bulk_gate
from tests.ui.clock import Clock
from tests.ui.keyboard import Keyboard
from tests.ui.traffic import Traffic

FAILED = pytest.StashKey[bool]()
ARTEFACTS = pathlib.Path(__file__).parents[2] / "artefacts" / "ui"


@pytest.fixture
def _django_db_helper():
    """Horizon has no database: none is made for live_server."""


def _as_an_operator_sees_it():
    """Settings that make Horizon's test settings serve real pages: its default theme, compiled, and compressed once."""
    root = os.path.dirname(openstack_dashboard.__file__)
    themes = theme_settings.get_theme_static_dirs(
        django_settings.AVAILABLE_THEMES, django_settings.THEME_COLLECTION_DIR, root
    )
    return {
        "ALLOWED_HOSTS": [*django_settings.ALLOWED_HOSTS, "localhost", "127.0.0.1"],
        "ROOT_URLCONF": "openstack_dashboard.urls",
        # What is not applied at once stays so: it need not be watched for long.
        "BACKUP_RESET_PANEL": {"FOLLOW_SECONDS": 0.3},
        "STATICFILES_DIRS": [*django_settings.STATICFILES_DIRS, *themes],
        "COMPRESS_ENABLED": True,
        "COMPRESS_PRECOMPILERS": (("text/scss", "horizon.utils.scss_filter.ScssFilter"),),
        "COMPRESS_FILTERS": {"css": ["compressor.filters.css_default.CssAbsoluteFilter"], "js": []},
        "COMPRESS_CSS_HASHING_METHOD": "hash",
        # The files do not change while the tests run: no need to look at each of them again.
        "COMPRESS_MTIME_DELAY": 24 * 3600,
        "COMPRESS_REBUILD_TIMEOUT": 24 * 3600,
    }


@pytest.fixture(scope="package")
def styled_horizon():
    """Horizon's own styles and scripts are served to all tests of this package."""
    shutil.rmtree(ARTEFACTS, ignore_errors=True)
    before = socket.getdefaulttimeout()
    # Horizon's test settings cut every connection after a second.
    socket.setdefaulttimeout(None)
    # What was compressed without these settings, or with them, is not for the other's pages.
    cache.clear()
    with override_settings(**_as_an_operator_sees_it()):
        yield
    cache.clear()
    socket.setdefaulttimeout(before)


@pytest.fixture(scope="package")
def live_server():
    """The server, which shares no database connection with the tests: Horizon's own tests may have opened one."""
    server = LiveServer("localhost", start=False)
    server.thread.connections_override = {}
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="package")
def usual_browser(styled_horizon):
    with chromium.started() as driver:
        yield driver


@pytest.fixture(scope="package")
def browser_without_javascript(styled_horizon):
    with chromium.started(javascript=False) as driver:
        yield driver


@pytest.fixture
def browser(usual_browser):
    """The browser of the test; a test module that needs another one overrides this fixture."""
    return usual_browser


@pytest.fixture
def traffic(live_server, cloud):
    """What the server is doing; at the end of a test it has nothing left to do, and has answered nothing with a 500."""
    with Traffic() as watched:
        yield watched
        watched.settle()
    assert watched.failures == []


@pytest.fixture
def horizon(live_server, traffic, browser, log_in, request):
    """Horizon in the browser, as an administrator sees it."""
    log_in("admin", "member", "reader")
    browser.execute_cdp_cmd("Network.clearBrowserCookies", {})
    browser.get_log("browser")
    yield Horizon(browser, live_server.url)
    if request.node.stash.get(FAILED, False):
        keep_artefacts(request.node, browser)
    # Nothing of this page may poll the next test's cloud.
    browser.get("about:blank")


@pytest.fixture
def session_ends(monkeypatch):
    """Function: from now on Horizon knows this user no more."""
    return lambda: monkeypatch.setattr(auth_utils, "get_user", lambda request: AnonymousUser())


@pytest.fixture
def keyboard(horizon):
    return Keyboard(horizon.driver)


@pytest.fixture
def narrow(horizon):
    """A window that is 600 pixels wide."""
    before = horizon.driver.get_window_size()
    horizon.driver.set_window_size(600, 900)
    assert horizon.driver.execute_script("return window.innerWidth") == 600
    yield
    horizon.driver.set_window_size(before["width"], before["height"])


@pytest.fixture
def clock(horizon):
    """The clock of the pages that are opened from now on."""
    with Clock(horizon.driver) as held:
        yield held


@pytest.fixture
def stuck(horizon, clock):
    """The Stuck Backups page; not opened yet."""
    return StuckPage(horizon, clock)


@pytest.fixture
def owner_down(cloud):
    """node-1, which was last asked about everything, is down: all in flight needs a hand. node-2 takes the resets."""
    down = cloud.service(state="down", updated_at=fake_cinder.stamp(4000))
    cloud.services = [down, cloud.service(host="node-2")]


@pytest.fixture
def small_chunks(settings):
    """A run of a few rows has several chunks; what is not applied at once is not watched for long."""
    settings.BACKUP_RESET_PANEL = {"FOLLOW_SECONDS": 0.3, "BULK_CHUNK": bulk_gate.CHUNK}


@pytest.fixture
def ten(cloud):
    """Ten stuck backups, whose volumes were freed already; their ids, the oldest first."""
    return [
        cloud.add_backup(
            name=f"nightly-{n}",
            updated_at=fake_cinder.stamp(9000 - n),
            volume_id=cloud.add_volume(status="available")["id"],
            **fake_cinder.COMPLETE,
        )["id"]
        for n in range(10)
    ]


@pytest.fixture
def gate(monkeypatch):
    held = bulk_gate.Gate(cinder.reset)
    monkeypatch.setattr(cinder, "reset", held.reset)
    yield held
    held.open()


@pytest.fixture
def before_chunk():
    """Function: let something happen just before the run's chunk of that number (from 1) comes to Horizon."""
    numbers, changes = itertools.count(1), {}

    def look(environ, **kwargs):
        if environ["PATH_INFO"].endswith("/bulk/apply/"):
            changes.get(next(numbers), lambda: None)()

    signals.request_started.connect(look)
    yield changes.__setitem__
    signals.request_started.disconnect(look)


@pytest.hookimpl(tryfirst=True, hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    if call.when == "call" and outcome.get_result().failed:
        item.stash[FAILED] = True


def keep_artefacts(item, browser):
    """What the browser showed when a test failed."""
    folder = ARTEFACTS / re.sub(r"[^\w.-]+", "_", item.name)
    folder.mkdir(parents=True, exist_ok=True)
    browser.save_screenshot(str(folder / "screenshot.png"))
    folder.joinpath("page.html").write_text(browser.page_source)
    lines = [f"{entry['level']} {entry['message']}\n" for entry in browser.get_log("browser")]
    folder.joinpath("console.log").write_text("".join(lines))
