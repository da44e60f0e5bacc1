# SPDX-License-Identifier: Apache-2.0
"""What no page of ours sends, and anybody can: it is refused, or the default is taken; it never ends as a 500."""

import json

import pytest
from django.urls import reverse
from lxml import html

from backup_reset_panel.resets import tokens
from tests.fake_cinder import stamp
from tests.views.conftest import AJAX

CHUNKS = {"bulk_plan": "ids", "bulk_apply": "tokens", "bulk_look": "tokens"}
LISTS = {
    "nested 100,000 deep": "[" * 100_000,
    "nested and closed": "[" * 100_000 + "]" * 100_000,
    "nested objects": '{"a":' * 100_000,
    "a number of 5,000 digits": f"[{'9' * 5000}]",
    "a lone surrogate": '["\\ud800"]',
    "one within": '["7d3f2a90-6c2b-\\udfff-9f3c-0d6f1f3f7c11"]',
    "no list": '"x"',
    "not a number": "NaN",
    "cut off": '["x"',
}


@pytest.mark.parametrize("name", CHUNKS)
@pytest.mark.parametrize("sent", LISTS.values(), ids=LISTS.keys())
def test_chunk_that_is_no_list_of_texts_is_refused(admin, cloud, name, sent):
    answer = admin.post(reverse(f"horizon:admin:backup_reset:{name}"), {CHUNKS[name]: sent}, headers=AJAX)
    assert answer.status_code == 400
    assert "Nothing was sent" in json.loads(answer.content)["stop"]
    assert cloud.asked("GET", "/backups") == 0


@pytest.mark.parametrize("token", ["\ud800", "a\udfffb:c:d", "", ":", "\x00"])
def test_token_that_is_no_text_is_none_of_ours(token):
    with pytest.raises(tokens.BadToken):
        tokens.ordered(token)


@pytest.mark.parametrize("size", ["0", "-5"])
def test_page_size_that_is_none_gives_the_default(admin, cloud, settings, size):
    settings.API_RESULT_PAGE_SIZE = 3
    for number in range(5):
        cloud.add_backup(status="error", updated_at=stamp(9000 - number))
    admin.cookies["API_RESULT_PAGE_SIZE"] = size
    answer = admin.get(reverse("horizon:admin:backup_reset:index"), {"tile": "error"}, headers=AJAX)
    assert answer.status_code == 200
    rows = html.fromstring(answer.content.decode()).cssselect("#stuck_backups tr[data-object-id]")
    assert len(rows) == 3


@pytest.mark.parametrize("action", ["", " ", "x", "_", "__", "x__y", "stuck_backups__", "stuck_backups__x__y__z"])
def test_button_that_no_table_of_ours_has_leads_back_to_the_page(admin, cloud, action):
    url = reverse("horizon:admin:backup_reset:index")
    answer = admin.post(url, {"action": action, "object_ids": ["x"]})
    assert (answer.status_code, answer["location"]) == (302, url)


ZONES = ["Nowhere/Land", "x", "", "../../etc/passwd", "/etc/passwd", "Europe", "Europe/", "\x01"]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("name", ["index", "update_status"])
def test_time_zone_that_is_none_gives_that_of_the_site(admin, cloud, name, zone):
    backup = cloud.add_backup(updated_at="2026-03-01T20:30:00.000000", status="error")
    admin.cookies["django_timezone"] = zone
    args = (backup["id"],) if name == "update_status" else ()
    answer = admin.get(reverse(f"horizon:admin:backup_reset:{name}", args=args), {"tile": "error"}, headers=AJAX)
    assert answer.status_code == 200
    assert "2026-03-01 20:30:00 UTC" in answer.content.decode()
