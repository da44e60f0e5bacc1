# SPDX-License-Identifier: Apache-2.0
"""``manage.py backup_reset_history --prune``: delete what is older than it is to be kept, for cron."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.core.management.base import CommandError

from backup_reset_panel import conf
from backup_reset_panel.history import settings
from backup_reset_panel.history import store

_AT_ONCE = 500


class Command(BaseCommand):
    """Prunes the history; each write does so too, for some hundred records."""

    help = "Deletes from the history of resets what is older than BACKUP_RESET_PANEL['HISTORY']['days']."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say which arguments there are."""
        parser.add_argument("--prune", action="store_true", required=True, help="delete what is too old")

    def handle(self, **options: Any) -> None:
        """Delete, and say how many there were.

        :raises CommandError: no history is kept
        """
        kept = settings.kept()
        if kept is None:
            name = settings.missing_database()
            why = f"the database {name!r} is not there" if name else f"see {conf.NAME}['HISTORY']"
            raise CommandError(f"No history is kept: {why}.")
        deleted = 0
        while found := store.prune(kept, _AT_ONCE):
            deleted += found
        self.stdout.write(f"{deleted} records older than {kept.days} days deleted.")
