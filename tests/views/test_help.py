# SPDX-License-Identifier: Apache-2.0
"""The way from each screen to the guide."""

import pytest
from django.urls import reverse
from lxml import html

from backup_reset_panel import conf
from tests.documentation import ROOT
from tests.fake_cinder import COMPLETE
from tests.fake_cinder import stamp
from tests.views.conftest import AJAX

PAGES = ["index", "hosts", "left_overs", "unrecorded", "history", "bulk", "update_status", "left_over"]


@pytest.fixture(params=PAGES)
def screen(request, cloud):
    """The address of one of the screens."""
    backup = cloud.add_backup(**COMPLETE)
    left = cloud.add_volume(status="error_restoring", updated_at=stamp(9000))
    arguments = {"update_status": [backup["id"]], "left_over": ["volumes", left["id"]]}.get(request.param, [])
    query = "?tile=needs_attention" if request.param == "bulk" else ""
    return reverse(f"horizon:admin:backup_reset:{request.param}", args=arguments) + query


def links(admin, address, headers=None):
    answer = admin.get(address, headers=headers or {})
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode()).cssselect("a.backup-reset-help")


def test_each_screen_has_one_link_to_the_guide_in_a_new_tab(admin, screen):
    (link,) = links(admin, screen)
    assert link.text_content().strip() == "Help"
    assert link.get("href") == conf.KEYS["GUIDE_URL"].default
    assert (link.get("target"), link.get("rel")) == ("_blank", "noopener noreferrer")


def test_site_sends_its_operators_to_its_own_copy(admin, screen, settings):
    settings.BACKUP_RESET_PANEL = {"GUIDE_URL": "/static/guide/user/runbook.html"}
    (link,) = links(admin, screen)
    assert link.get("href") == "/static/guide/user/runbook.html"


def test_without_an_address_there_is_no_link(admin, screen, settings):
    settings.BACKUP_RESET_PANEL = {"GUIDE_URL": ""}
    assert links(admin, screen) == []


def test_dialog_over_a_page_has_the_link_behind_its_buttons(admin, cloud):
    address = reverse("horizon:admin:backup_reset:update_status", args=[cloud.add_backup(**COMPLETE)["id"]])
    (link,) = links(admin, address, AJAX)
    (footer,) = [each for each in link.iterancestors() if each.get("class") == "modal-footer"]
    assert [each.get("type") or each.tag for each in footer.iter("a", "input")][-1] == "a"
    assert link in list(footer.iter("a"))[-1:]


def test_address_that_is_a_script_is_not_taken(admin, cloud, settings):
    settings.BACKUP_RESET_PANEL = {"GUIDE_URL": "javascript:alert(1)"}
    (link,) = links(admin, reverse("horizon:admin:backup_reset:index"))
    assert link.get("href") == conf.KEYS["GUIDE_URL"].default


def test_package_names_the_same_address():
    assert f"url = {conf.KEYS['GUIDE_URL'].default}\n" in (ROOT / "setup.cfg").read_text()
