# SPDX-License-Identifier: Apache-2.0
"""A Horizon that lacks a name which the extension needs stays as it is, and says so."""

import pytest

from tests.extension import deployed


@pytest.fixture(params=["views.UpdateStatusView", "views.AdminBackupsView", "tables.AdminBackupsTable"])
def facts(request):
    return deployed.look(hidden=request.param)


def test_stock_table_and_dialog_stay(facts):
    stock_dialog = f"/admin/backups/{facts['backup']}/update_status"
    for page in ("index", "detail"):
        assert facts[page]["status"] == 200
        assert facts[page]["actions"]["update_status"] == [stock_dialog]
    assert facts["stock_dialog"] == {"status": 200, "is_ours": False}


def test_system_check_says_that_the_panel_was_not_extended(facts):
    assert "backup_reset_panel.W001" in facts["checks"]


def test_our_own_dialog_is_still_served(facts):
    assert facts["urls"]["backup_reset"] == "/admin/backup_reset/"
