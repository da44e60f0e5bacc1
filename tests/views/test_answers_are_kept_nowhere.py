# SPDX-License-Identifier: Apache-2.0
"""No answer of ours is kept by a browser or a proxy: each names other projects' backups, and many hold a token."""

import pytest
from django.urls import reverse

from tests.views.conftest import AJAX

OURS = "horizon:admin:backup_reset:"
SOME_ID = "7d3f2a90-6c2b-4a49-9f3c-0d6f1f3f7c11"
ASKED = [
    ("get", "index", {}),
    ("get", "history", {}),
    ("post", "index", {}),
    ("post", "index", {"action": "stuck_backups__update_statuses", "object_ids": [SOME_ID]}),
    ("get", "hosts", {}),
    ("post", "hosts", {}),
    ("post", "hosts", {"action": "hosts__plan_of_host__node-1"}),
    ("get", "left_overs", {}),
    ("get", "left_overs", {"format": "csv"}),
    ("get", "left_over", {}),
    ("post", "left_over", {}),
    ("get", "bulk", {}),
    ("post", "bulk", {}),
    ("post", "bulk_plan", {"ids": "[]"}),
    ("post", "bulk_plan", {"ids": "nonsense"}),
    ("post", "bulk_plan", {}),
    ("post", "bulk_apply", {"tokens": "[]"}),
    ("post", "bulk_look", {"tokens": "[]"}),
    ("get", "update_status", {}),
    ("post", "update_status", {}),
    ("post", "outcome", {}),
]


@pytest.mark.parametrize("headers", [AJAX, {}], ids=["xhr", "page"])
@pytest.mark.parametrize(("method", "name", "data"), ASKED)
def test_answer_is_kept_nowhere(admin, cloud, method, name, data, headers):
    args = (cloud.add_backup()["id"],) if name in ("update_status", "outcome") else ()
    args = ("volumes", cloud.add_volume()["id"]) if name == "left_over" else args
    answer = getattr(admin, method)(reverse(OURS + name, args=args), data, headers=headers)
    assert answer.status_code in (200, 302, 400)
    if "X-Horizon-Location" not in answer.headers:  # Horizon's own, in place of a redirect
        assert answer.headers["Cache-Control"] == "no-store"


def test_dialog_without_its_backup_is_kept_nowhere(open_dialog, cloud):
    assert open_dialog(SOME_ID).response.headers["Cache-Control"] == "no-store"


def test_dialog_at_the_stock_url_is_kept_nowhere(admin, cloud):
    answer = admin.get(reverse("horizon:admin:backups:update_status", args=(cloud.add_backup()["id"],)))
    assert answer.headers["Cache-Control"] == "no-store"


def test_plan_of_rows_ticked_in_the_stock_table_is_kept_nowhere(admin, cloud):
    data = {"action": "volume_backups__update_statuses", "object_ids": [cloud.add_backup()["id"]]}
    answer = admin.post(reverse("horizon:admin:backups:index"), data)
    assert answer.headers["Cache-Control"] == "no-store"
