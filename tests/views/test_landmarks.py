# SPDX-License-Identifier: Apache-2.0
"""What those go by who see no page: where its contents begin, what a dialog is called, where the way back leads."""

import pytest
from django.urls import reverse
from lxml import html

from tests.views.conftest import AJAX

PANEL = "horizon:admin:backup_reset:"
LIST = "left-overs-list"


def read(client, name, *args, **headers):
    answer = client.get(reverse(PANEL + name, args=args), headers=headers)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


@pytest.mark.parametrize("name", ["index", "hosts", "left_overs", "unrecorded", "history"])
def test_contents_of_each_page_are_its_main_landmark(admin, cloud, name):
    cloud.add_backup()
    cloud.add_volume()
    page = read(admin, name)
    [main] = page.cssselect("main")
    assert main.cssselect(".backup-reset")


def test_plan_is_the_main_landmark_of_its_page(admin, cloud):
    cloud.add_backup()
    answer = admin.get(reverse(PANEL + "bulk"), {"tile": "needs_attention"})
    [main] = html.fromstring(answer.content.decode()).cssselect("main")
    assert main.cssselect("form#bulk")


def test_dialog_as_a_page_is_its_main_landmark(admin, cloud):
    page = read(admin, "update_status", cloud.add_backup()["id"])
    [main] = page.cssselect("main")
    assert main.cssselect("#backup_reset_dialog")


def test_cross_of_a_dialog_has_a_name_and_its_title_can_name_it(admin, cloud):
    dialog = read(admin, "update_status", cloud.add_backup()["id"], **AJAX)
    [cross] = dialog.cssselect(".modal-header .close")
    assert (cross.get("role"), cross.get("aria-label")) == ("button", "Close")
    [title] = dialog.cssselect("#backup-reset-title")
    assert title.text_content() == "Update Backup Status"


@pytest.mark.parametrize("is_left", [True, False], ids=["more left", "none left"])
def test_way_back_from_a_left_over_leads_to_what_is_left_where_the_focus_can_be(admin, cloud, is_left):
    made = cloud.add_volume()
    if is_left:
        cloud.add_snapshot()
    del cloud.volumes[made["id"]]
    notice = read(admin, "left_over", "volumes", made["id"], **AJAX)
    [back] = notice.cssselect("#left-over-close")
    address, place = back.get("href").split("#")
    assert made["id"] in address
    page = html.fromstring(admin.get(address).content.decode())
    [target] = page.cssselect(f"#{place}")
    assert place == LIST
    assert target.get("tabindex") is not None
    assert "hidden" not in target.get("class", "")
