# SPDX-License-Identifier: Apache-2.0
"""The table of the history: one row for each line of the audit log that has a key."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from backup_reset_panel.core.history import COLUMNS
from backup_reset_panel.core.history import LONGEST_HOST


def _text(name: str) -> models.CharField[str, str]:
    """A column for one text of the audit record; what the record lacks is empty."""
    return models.CharField(max_length=COLUMNS[name], blank=True)


class PastReset(models.Model):
    """One act: what was decided about a backup, and what came of it.

    ``key`` is the owner of the reset: to write it again changes nothing. ``line`` is the whole line of the audit log,
    ``outcome`` is newer than it where a later look saw more (``seen_at``). ``seen_locked`` has the ids of what stayed
    locked then, with spaces between.
    """

    key: models.CharField[str, str] = models.CharField(max_length=40, unique=True)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    seen_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    region = _text("region")
    backup_id = _text("backup_id")
    backup_project_id = _text("backup_project_id")
    volume_id = _text("volume_id")
    user_id = _text("user_id")
    user_name = _text("user_name")
    from_address = _text("from_address")
    host: models.CharField[str, str] = models.CharField(max_length=LONGEST_HOST, blank=True)
    mode = _text("mode")
    choice = _text("choice")
    from_status = _text("from_status")
    to_status = _text("to_status")
    verdict = _text("verdict")
    refused = _text("refused")
    outcome = _text("outcome")
    seen_locked: models.TextField[str, str] = models.TextField(blank=True)
    line: models.TextField[str, str] = models.TextField(blank=True)

    class Meta:
        db_table = "backup_reset_panel_history"
        indexes = [
            models.Index(fields=["region", "at", "id"], name="backup_reset_history_page"),
            models.Index(fields=["backup_id", "at"], name="backup_reset_history_backup"),
            models.Index(fields=["at"], name="backup_reset_history_age"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.backup_id} {self.outcome or self.refused}"
