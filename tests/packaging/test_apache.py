# SPDX-License-Identifier: Apache-2.0
"""Apache with mod_wsgi and two processes, below /horizon, with offline compression, memcached and signed cookies."""

import re
import shutil
import urllib.parse

import pytest

from tests.packaging import apache
from tests.packaging import clean_horizon
from tests.packaging.browsing import BACKUP
from tests.packaging.browsing import Browser
from tests.packaging.browsing import served
from tests.packaging.guides import ENABLED_FILE

pytestmark = pytest.mark.skipif(apache.python_of_mod_wsgi() is None, reason="no mod_wsgi: no Debian system")

WEBROOT = f"{clean_horizon.WEBROOT}/"
#: What browsers keep of one cookie at least (RFC 6265), name and attributes included.
COOKIE_LIMIT = 4096
#: Of the sentence about a reset that was accepted, and not seen applied.
STILL_OPEN = "may still be applied"
#: As in apache.CONFIGURATION.
PROCESSES = 2


@pytest.fixture(scope="module")
def site(horizon, wheel):
    """URL of the Horizon with the plugin: installed as the README says, served by Apache."""
    horizon.python("-m", "pip", "install", "-q", "--no-deps", str(wheel))
    shutil.copy(clean_horizon.REPOSITORY / "enabled" / ENABLED_FILE, horizon.enabled)
    horizon.manage("collectstatic", "--noinput")
    with served(horizon) as url:
        yield url
    (horizon.enabled / ENABLED_FILE).unlink()
    horizon.python("-m", "pip", "uninstall", "-q", "--yes", "backup-reset-panel")
    shutil.rmtree(horizon.static / "backup_reset_panel")


@pytest.fixture
def administrator(site):
    return Browser(site, logged_in=True)


def test_log_in_page_finds_its_compressed_files_though_nothing_was_compressed_anew(site):
    page = Browser(site, logged_in=False).opens("/horizon/auth/login/")
    compressed = [address for address in page.addresses if re.search(r"/static/dashboard/(css|js)/", address)]
    assert page.status == 200
    assert compressed
    for address in compressed:
        assert address.startswith(WEBROOT)
        assert Browser(site, logged_in=False).opens(address).status == 200


def test_whoever_is_not_logged_in_is_sent_to_log_in_below_the_web_root(site):
    page = Browser(site, logged_in=False).opens("/horizon/admin/backup_reset/")
    found = urllib.parse.urlsplit(page.url)
    assert found.path == "/horizon/auth/login/"
    assert urllib.parse.parse_qs(found.query)["next"] == ["/horizon/admin/backup_reset/"]


@pytest.mark.parametrize("path", ["", "hosts/", "left_overs/", "history/", f"{BACKUP}/update/"])
def test_every_address_on_our_pages_lies_below_the_web_root_and_every_file_of_ours_is_there(administrator, path):
    page = administrator.opens(f"/horizon/admin/backup_reset/{path}")
    assert page.status == 200
    own = {
        address for address in page.addresses if not address.startswith(("#", "?", "http:", "https:", "javascript:"))
    }
    assert {address for address in own if not address.startswith(WEBROOT)} == set()
    files = {address for address in own if "/static/backup_reset_panel/" in address}
    assert files
    for address in files:
        assert administrator.opens(address).status == 200


def test_stock_page_leads_to_our_dialog_below_the_web_root(administrator):
    page = administrator.opens("/horizon/admin/backups/")
    assert f"/horizon/admin/backup_reset/{BACKUP}/update/" in page.addresses


def test_reset_is_sent_and_every_process_tells_another_administrator_of_it(site, administrator):
    path = f"/horizon/admin/backup_reset/{BACKUP}/update/"
    dialog = administrator.opens(path)
    assert STILL_OPEN not in dialog.text
    sent = administrator.opens(path, urllib.parse.urlencode(dialog.fields).encode())
    assert "backup-reset-outcome" in sent.text
    sizes = {cookie.name: len(cookie.name) + len(cookie.value) for cookie in administrator.jar}
    assert sizes["sessionid"] < COOKIE_LIMIT
    told = {}
    for _ in range(100):
        page = Browser(site, logged_in=True).opens(path)
        told[page.process] = STILL_OPEN in page.text
        if len(told) == PROCESSES:
            break
    assert list(told.values()) == [True] * PROCESSES
