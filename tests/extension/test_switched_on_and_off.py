# SPDX-License-Identifier: Apache-2.0
"""What the enabled file and Horizon's own setting switch on and off."""

from tests.extension import deployed


def test_enabled_file_puts_our_action_in_the_stock_ones_place():
    facts = deployed.look()
    assert sorted(facts["declared"]) == sorted(deployed.look(ours=False)["declared"])
    for page in ("index", "detail"):
        assert facts[page]["status"] == 200
        assert facts[page]["actions"]["update_status"] == [f"/admin/backup_reset/{facts['backup']}/update/"]
    assert facts["complaints"] == []


def test_our_action_stands_before_those_that_delete():
    assert deployed.look()["declared"] == ["restore", "update_status", "delete_force", "delete"]


def test_enabled_file_adds_the_action_for_ticked_rows():
    added = set(deployed.look()["table_actions"]) - set(deployed.look(ours=False)["table_actions"])
    assert added == {"update_statuses"}


def test_stock_dialogs_url_shows_our_dialog():
    assert deployed.look()["stock_dialog"] == {"status": 200, "is_ours": True}


def test_stock_dialogs_url_takes_no_blind_post():
    assert deployed.look()["blind_post"] == {"status": 200, "resets": []}


def test_without_the_enabled_file_horizon_is_as_it_was():
    facts = deployed.look(ours=False)
    assert facts["urls"] == {"backups": "/admin/backups/", "backup_reset": None}
    stock_dialog = f"/admin/backups/{facts['backup']}/update_status"
    for page in ("index", "detail"):
        assert facts[page]["actions"] == {"delete": [None], "update_status": [stock_dialog]}
    assert facts["table_actions"] == ["filter", "delete"]
    assert facts["stock_dialog"] == {"status": 200, "is_ours": False}
    assert facts["blind_post"] == {"status": 302, "resets": [[facts["backup"], "available"]]}
    assert not [check for check in facts["checks"] if check.startswith("backup_reset_panel")]


def test_with_backups_switched_off_nothing_is_registered_and_nothing_fails():
    facts = deployed.look(enable_backup=False)
    assert facts["urls"] == {"backups": None, "backup_reset": None}
    assert facts["front_page"] == 200
    assert facts["index"]["status"] == facts["stock_dialog"]["status"] == 404
    assert facts["complaints"] == []


def test_with_backups_switched_off_the_system_checks_say_so():
    checks = deployed.look(enable_backup=False)["checks"]
    assert "backup_reset_panel.W003" in checks
    assert "backup_reset_panel.W001" not in checks
