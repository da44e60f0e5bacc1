# SPDX-License-Identifier: Apache-2.0
"""Ours and another vendor's plugin on one table: three styles of theirs, before and after ours."""

import pytest

from tests.extension import deployed

BEFORE_OURS, AFTER_OURS = 2234, 2236


@pytest.fixture(params=[BEFORE_OURS, AFTER_OURS], ids=["loaded-before-ours", "loaded-after-ours"])
def number(request):
    return request.param


@pytest.fixture(params=deployed.STYLES)
def facts(request, number):
    return deployed.look(neighbour=request.param, number=number)


@pytest.mark.parametrize("page", ["index", "detail"])
def test_both_actions_show(facts, page):
    assert facts[page]["status"] == 200
    actions = facts[page]["actions"]
    assert actions["update_status"] == [f"/admin/backup_reset/{facts['backup']}/update/"]
    assert actions["archive_backup"] == [f"/admin/backups/{facts['backup']}/"]


def test_both_table_actions_show(facts):
    assert sorted(facts["table_actions"]) == ["delete", "export_backups", "filter", "update_statuses"]


def test_our_action_stands_before_delete_and_the_others_keep_their_order(facts):
    assert list(facts["index"]["actions"]) == ["update_status", "delete", "archive_backup"]


def test_stock_dialogs_url_leads_to_our_dialog(facts):
    assert facts["stock_dialog"] == {"status": 200, "is_ours": True}
    assert facts["blind_post"] == {"status": 200, "resets": []}


def test_nobody_complains(facts):
    assert facts["complaints"] == []
    assert "backup_reset_panel.W001" not in facts["checks"]
