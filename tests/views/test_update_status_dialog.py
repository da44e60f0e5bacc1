# SPDX-License-Identifier: Apache-2.0
"""The dialog of the row action: what it shows, and what becomes of what is decided in it."""

from django.urls import reverse


def url(backup):
    return reverse("horizon:admin:backup_reset:update_status", args=(backup["id"],))


def test_dialog_names_backup_volume_and_project(admin, cloud):
    backup = cloud.add_backup()
    answer = admin.get(url(backup))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "nightly-07" in text and "db-data" in text and "shop" in text
