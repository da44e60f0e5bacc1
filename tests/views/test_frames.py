# SPDX-License-Identifier: Apache-2.0
"""Our pages show without scripts, so it is the server that keeps them out of frames."""

import pytest
from django.urls import reverse
from lxml import html


@pytest.mark.parametrize("ajax", [True, False], ids=["modal", "page"])
def test_dialog_forbids_frames_where_horizon_forbids_them(open_dialog, cloud, ajax):
    assert open_dialog(cloud.add_backup(), ajax=ajax).response.headers["X-Frame-Options"] == "DENY"


def test_dialog_leaves_it_to_the_site_where_horizon_may_be_framed(open_dialog, cloud, settings):
    settings.DISALLOW_IFRAME_EMBED = False
    settings.X_FRAME_OPTIONS = "SAMEORIGIN"
    assert open_dialog(cloud.add_backup(), ajax=False).response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_dialog_page_shows_itself_without_scripts(open_dialog, cloud):
    dialog = open_dialog(cloud.add_backup(), ajax=False)
    assert dialog.find("head noscript link").get("href").endswith("backup_reset_panel/noscript.css")


@pytest.mark.parametrize(("name", "method"), [("index", "get"), ("history", "get"), ("bulk", "post")])
def test_our_other_pages_do_likewise(admin, cloud, name, method):
    answer = getattr(admin, method)(reverse(f"horizon:admin:backup_reset:{name}"))
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert html.fromstring(answer.content.decode()).cssselect("head noscript link[href$='noscript.css']")
