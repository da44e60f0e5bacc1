# SPDX-License-Identifier: Apache-2.0
"""Cinders of other releases: any that serves microversion 3.45 will do, and of an older one the page says so."""

import pytest
from django.urls import reverse
from lxml import html

from tests.fake_cinder import COMPLETE

TOO_OLD = "Version 3.45 is not supported by the API. Minimum is 3.0 and maximum is 3.44."


@pytest.mark.parametrize("highest", ["3.45", "3.50", "3.60", "3.70", "3.71"])
def test_cinder_that_serves_3_45_is_all_that_a_release_needs(open_dialog, cloud, highest):
    cloud.max_microversion = highest
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    assert (dialog.verdict, dialog.chosen) == ("complete", "available")
    assert dialog.submit().ending == "applied"
    assert cloud.resets == [(backup["id"], "available")]


def test_dialog_says_that_a_cinder_is_too_old_and_sends_nothing(open_dialog, cloud):
    cloud.max_microversion = "3.44"
    dialog = open_dialog(cloud.add_backup(**COMPLETE))
    assert TOO_OLD in dialog.text()
    assert dialog.choices == {}
    assert cloud.resets == []


@pytest.mark.parametrize("page", ["index", "hosts", "left_overs"])
def test_page_of_a_cinder_that_is_too_old_says_what_it_could_not_read_and_calls_nothing_well(admin, cloud, page):
    cloud.max_microversion = "3.44"
    cloud.add_backup(**COMPLETE)
    content = html.fromstring(admin.get(reverse(f"horizon:admin:backup_reset:{page}")).content.decode())
    text = " ".join(content.cssselect("#content_body")[0].text_content().split())
    assert "Could not be read" in text
    assert "No backup needs attention" not in text
