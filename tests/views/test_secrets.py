# SPDX-License-Identifier: Apache-2.0
"""What must stay secret is in no log, however much is logged, and in nothing that a browser is handed."""

import json
import logging

from django.core import signing
from django.urls import reverse

from tests.fake_cinder import COMPLETE
from tests.fake_cinder import TIME_OUT
from tests.views.conftest import AJAX

TOKEN = "a-secret-token"


def test_token_is_in_no_log_at_any_level(admin, cloud, open_dialog, caplog):
    backup = cloud.add_backup(**COMPLETE)
    with caplog.at_level(logging.DEBUG):
        for view in ("index", "hosts", "left_overs", "history"):
            admin.get(reverse(f"horizon:admin:backup_reset:{view}"))
        open_dialog(backup).submit()
        for trouble in (401, 500, TIME_OUT):
            cloud.trouble["GET", "/backups"] = trouble
            open_dialog(backup)
    assert caplog.records
    assert TOKEN not in "\n".join(record.getMessage() for record in caplog.records)
    assert TOKEN not in caplog.text


def test_what_a_page_hands_to_the_next_request_holds_no_token(admin, cloud, open_dialog):
    backup = cloud.add_backup(**COMPLETE)
    plan = reverse("horizon:admin:backup_reset:bulk_plan")
    answer = admin.post(plan, {"ids": json.dumps([backup["id"]]), "mode": "recommended"}, headers=AJAX)
    (row,) = json.loads(answer.content)["rows"]
    shown = open_dialog(backup).find("input[name=shown]").get("value")
    for token in (row["token"], shown):
        told = json.dumps(signing.loads(token, salt="backup_reset_panel"))
        assert backup["id"] in told
        assert TOKEN not in told
