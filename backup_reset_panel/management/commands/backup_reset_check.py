# SPDX-License-Identifier: Apache-2.0
"""``manage.py backup_reset_check``: whether a backup needs attention, for cron and for monitoring."""

from __future__ import annotations

import pathlib
import sys
import tempfile
from typing import Any

from django.core.management.base import BaseCommand
from django.core.management.base import CommandParser

from backup_reset_panel import cinder
from backup_reset_panel.check import formats
from backup_reset_panel.check.report import report
from backup_reset_panel.cinder.own_login import NoLogin
from backup_reset_panel.cinder.own_login import own_cloud

#: What a monitoring plugin exits with where it cannot tell.
NOT_KNOWN = 2


class Command(BaseCommand):
    """Look through the whole cloud once."""

    help = (
        "Tell which volume backups need attention, by the rules of the Stuck Backups page. Credentials come from "
        "clouds.yaml or OS_* variables, as with the openstack client; they must be those of an administrator. Exit "
        "status: 0 nothing needs attention, 1 something does, 2 it cannot be told, since something did not answer."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Options."""
        parser.add_argument("--os-cloud", metavar="NAME", help="cloud of clouds.yaml (default: OS_CLOUD)")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--json", dest="format", action="store_const", const="json", help="all of it, as JSON")
        how.add_argument(
            "--prometheus", dest="format", action="store_const", const="prometheus", help="metrics, as text"
        )
        parser.add_argument(
            "--output", type=pathlib.Path, metavar="FILE", help="write to a file, whole or not at all, not to stdout"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask, tell, and exit."""
        try:
            found = report(own_cloud(options["os_cloud"]))
        except NoLogin as exc:
            self.stderr.write(f"NOT KNOWN: {exc}")
            sys.exit(NOT_KNOWN)
        except cinder.CinderFault as exc:
            self.stderr.write(f"NOT KNOWN: Cinder refused: {exc}")
            sys.exit(NOT_KNOWN)
        text = {"json": formats.as_json, "prometheus": formats.as_prometheus}.get(
            options["format"] or "", formats.as_text
        )(found)
        if not options["output"]:
            self.stdout.write(text.rstrip("\n"))
            sys.exit(found.exit_status)
        try:
            _write(options["output"], text.rstrip("\n") + "\n")
        except OSError as exc:
            self.stderr.write(f"NOT KNOWN: {options['output']} cannot be written: {exc.strerror}")
            sys.exit(NOT_KNOWN)
        sys.exit(found.exit_status)


def _write(path: pathlib.Path, text: str) -> None:
    """Put a file in place at once: a collector must not read half of it.

    :raises OSError: it cannot be written; then nothing is left
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        made = pathlib.Path(folder) / path.name
        made.write_text(text)
        made.chmod(0o644)
        made.replace(path)
