# SPDX-License-Identifier: Apache-2.0
"""Names that are made to do harm: pages, plans, tables and the audit log show them, and nothing obeys them."""

import json
import logging

import pytest
from django.urls import reverse

from tests.fake_cinder import COMPLETE
from tests.fake_cinder import DOWN
from tests.fake_cinder import stamp
from tests.views.conftest import AJAX

NAMES = {
    "another line": 'x\n{"user_name": "forged"}\r\n',
    "terminal": "\x1b[2J\x1b]0;owned\x07",
    "eight bits": "\x9b2J",
    "right to left": "\u202egnp.exe",
    "separator": "a\u2028b",
    "nothing and delete": "a\x00b\x7f",
    "half a character": "\ud800",
    "markup": "</script><img src=x onerror=alert(1)>",
    "template": "{{ 7|add:7 }}{% now 'Y' %}",
    "format": "{host} %s %(name)s {0.__class__}",
    "shell": "$(reboot)`reboot`;'",
}


@pytest.fixture(params=NAMES.values(), ids=NAMES)
def named(request, cloud):
    """A stuck backup in a cloud in which everything that can be named has that name; the name."""
    name = request.param
    cloud.projects = {"shop": name}
    cloud.services = [cloud.service(disabled_reason=name, **DOWN), cloud.service(host="node-2")]
    volume = cloud.add_volume(name=name)
    cloud.add_volume(name=name, status="error_restoring", updated_at=stamp(9000))
    backup = cloud.add_backup(name=name, description=name, fail_reason=name, volume_id=volume["id"], **COMPLETE)
    return name, backup


def test_every_page_shows_it_and_is_whole(admin, named):
    _name, backup = named
    for view, args in (
        ("index", ()),
        ("hosts", ()),
        ("left_overs", ()),
        ("unrecorded", ()),
        ("history", ()),
        ("update_status", (backup["id"],)),
    ):
        for headers in ({}, AJAX):
            answer = admin.get(reverse(f"horizon:admin:backup_reset:{view}", args=args), headers=headers)
            told = answer.content.decode()
            assert answer.status_code == 200, view
            assert "<img src=x" not in told


def test_plan_of_it_is_json_that_a_browser_reads(admin, named):
    _name, backup = named
    answer = admin.post(
        reverse("horizon:admin:backup_reset:bulk_plan"),
        {"ids": json.dumps([backup["id"]]), "mode": "recommended"},
        headers=AJAX,
    )
    assert answer.status_code == 200
    (row,) = json.loads(answer.content)["rows"]
    assert row["id"] == backup["id"]


def test_csv_of_left_overs_has_a_line_for_each_and_nothing_that_is_obeyed(admin, named):
    answer = admin.get(reverse("horizon:admin:backup_reset:left_overs"), {"format": "csv"})
    text = answer.content.decode()
    assert len(text.splitlines()) == 2
    assert not set(text) & set("\x00\x07\x1b\x7f\x9b\u2028\u202e")


def test_audit_line_of_it_is_one_line_of_printable_ascii(admin, named, open_dialog, caplog):
    _name, backup = named
    with caplog.at_level(logging.INFO, "backup_reset_panel.audit"):
        dialog = open_dialog(backup).submit()
    assert dialog.ending == "applied"
    (line,) = [record.getMessage() for record in caplog.records if record.name == "backup_reset_panel.audit"]
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["backup_id"] == backup["id"]
    assert "forged" not in line
