# SPDX-License-Identifier: Apache-2.0
"""Who does not get to see the action."""

import pytest


@pytest.fixture(params=[("member", "reader"), ("reader",)], ids=["member", "reader"])
def not_an_administrator(request, horizon, log_in):
    log_in(*request.param)


@pytest.mark.usefixtures("not_an_administrator")
def test_list_of_their_own_backups_has_no_such_action(horizon, cloud):
    backup = cloud.add_backup(status="error", **{"os-backup-project-attr:project_id": "admin-project"})
    horizon.open("project/backups/")
    horizon.wait_until_ready()
    assert horizon.row(backup).text
    assert "update_status" not in horizon.driver.page_source
    assert "backup_reset" not in horizon.driver.page_source


@pytest.mark.usefixtures("not_an_administrator")
def test_dialog_opened_by_hand_is_not_authorized_and_asks_cinder_nothing(horizon, cloud):
    backup = cloud.add_backup()
    horizon.open(f"admin/backup_reset/{backup['id']}/update/")
    horizon.wait_for_words("You are not authorized to access this page")
    assert cloud.asked("GET", f"/backups/{backup['id']}") == 0
