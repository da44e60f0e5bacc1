# SPDX-License-Identifier: Apache-2.0
"""Six other plugins of OpenStack, enabled as their guides say, without ours and with it."""

import json
import pathlib
import re
import shutil

import pytest

from tests.packaging import apache
from tests.packaging import clean_horizon
from tests.packaging.browsing import BACKUP
from tests.packaging.browsing import Browser
from tests.packaging.browsing import served
from tests.packaging.guides import ENABLED_FILE

pytestmark = pytest.mark.skipif(apache.python_of_mod_wsgi() is None, reason="no mod_wsgi: no Debian system")

#: Distribution to package.
PLUGINS = {
    "designate-dashboard==23.0.0": "designatedashboard",
    "heat-dashboard==16.0.0": "heat_dashboard",
    "ironic-ui==6.9.0": "ironic_ui",
    "manila-ui==16.0.0": "manila_ui",
    "masakari-dashboard==15.0.0": "masakaridashboard",
    "octavia-dashboard==18.0.0": "octavia_dashboard",
}
#: A panel of each.
PANELS = [
    ["project", "dnszones"],
    ["project", "stacks"],
    ["admin", "ironic"],
    ["project", "shares"],
    ["masakaridashboard", "segments"],
    ["project", "load_balancer"],
]
#: From a plugin's folder to that of Horizon's dashboard.
SETTLED = {
    "enabled": "local/enabled",
    "local/enabled": "local/enabled",
    "local_settings.d": "local/local_settings.d",
    "local/local_settings.d": "local/local_settings.d",
    "conf": "conf",
    "conf/default_policies": "conf/default_policies",
}


def panels(horizon):
    return json.loads(horizon.python(str(pathlib.Path(__file__).with_name("panels.py"))).splitlines()[-1])


@pytest.fixture(scope="module")
def crowded(horizon):
    """A Horizon below /horizon with the six, their static files collected and compressed."""
    horizon.python("-m", "pip", "install", "-q", "-c", str(clean_horizon.CONSTRAINTS), clean_horizon.HORIZON, *PLUGINS)
    dashboard = horizon.local.parent
    for package in PLUGINS.values():
        for source, target in SETTLED.items():
            for file in (dashboard.parent / package / source).glob("*.*"):
                if file.suffix in (".py", ".yaml", ".json") and file.name != "__init__.py":
                    shutil.copy(file, dashboard / target)
    horizon.collect_and_compress()
    return horizon


@pytest.fixture(scope="module")
def before(crowded):
    """What there is without ours."""
    return panels(crowded)


@pytest.fixture(scope="module")
def site(crowded, before, wheel):
    """Its URL, with ours as the seventh, nothing compressed anew."""
    crowded.python("-m", "pip", "install", "-q", "--no-deps", str(wheel))
    shutil.copy(clean_horizon.REPOSITORY / "enabled" / ENABLED_FILE, crowded.enabled)
    crowded.manage("collectstatic", "--noinput")
    with served(crowded) as url:
        yield url


def test_six_others_are_there_without_ours(before):
    assert [panel for panel in PANELS if panel not in before["panels"]] == []


def test_ours_adds_its_panel_and_takes_none_away(crowded, before, site):
    after = panels(crowded)
    assert [panel for panel in after["panels"] if panel not in before["panels"]] == [["admin", "backup_reset"]]
    assert [panel for panel in before["panels"] if panel not in after["panels"]] == []
    assert after["complaints"] == before["complaints"]


def test_stock_action_is_replaced_and_nothing_is_complained_of(crowded, site):
    found = crowded.describe()
    assert ["update_status", "backup_reset_panel.actions"] in found["row actions"]
    assert found["complaints"] == []


def test_log_in_page_has_the_scripts_and_styles_of_all(site):
    page = Browser(site, logged_in=False).opens("/horizon/auth/login/")
    compressed = [address for address in page.addresses if re.search(r"/static/dashboard/(css|js)/", address)]
    assert compressed
    for address in compressed:
        assert Browser(site, logged_in=False).opens(address).status == 200


@pytest.mark.parametrize("path", ["", "hosts/", "left_overs/", "history/", f"{BACKUP}/update/"])
def test_our_pages_open(site, path):
    assert Browser(site, logged_in=True).opens(f"/horizon/admin/backup_reset/{path}").status == 200


@pytest.mark.parametrize("path", ["admin/backups/", "settings/"])
def test_horizons_own_pages_open(site, path):
    assert Browser(site, logged_in=True).opens(f"/horizon/{path}").status == 200
