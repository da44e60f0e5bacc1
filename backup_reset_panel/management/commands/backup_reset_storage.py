# SPDX-License-Identifier: Apache-2.0
"""``manage.py backup_reset_storage --check``: can the stores of the settings be read, and if not, what is missing?"""

from __future__ import annotations

import contextlib
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.core.management.base import CommandError

from backup_reset_panel import conf
from backup_reset_panel.core.storage import settings
from backup_reset_panel.storage import probe
from backup_reset_panel.storage import stores
from backup_reset_panel.storage.access import Access
from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Trouble

SECONDS = 15.0
#: As the swift command has them.
_TOKEN, _URL = "OS_AUTH_TOKEN", "OS_STORAGE_URL"
_CONTAINERS = {"swift": "volumebackups", "s3": "volumebackups"}


class Command(BaseCommand):
    """Tries each region's store; reads, lists and writes nothing of anybody's."""

    help = "Tries the access to the stores of BACKUP_RESET_PANEL['STORAGE'] and says what is missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say which arguments there are."""
        parser.add_argument("--check", action="store_true", required=True, help="try the access")
        parser.add_argument("--region", help="this region only; by default all that the setting names")
        parser.add_argument("--container", help="container or bucket; default: volumebackups, as in Cinder")
        parser.add_argument("--project", help="id of the project whose Swift account to try; default: the token's")

    def handle(self, **options: Any) -> None:
        """Try them, one line each.

        :raises CommandError: when one cannot be read, or there is none
        """
        found = conf.get("STORAGE")
        for problem in conf.problems():
            self.stderr.write(problem)
        regions = [options["region"]] if options["region"] else list(found)
        if not regions:
            raise CommandError(
                "BACKUP_RESET_PANEL['STORAGE'] names no store: backups are judged by their records alone."
            )
        failed = [region for region in regions if not self._try(region, found, options)]
        if failed:
            raise CommandError(f"Cannot be read: {', '.join(failed)}")

    def _try(self, region: str, found: Any, options: dict[str, Any]) -> bool:
        entry = settings.of_region(found, region)
        if entry is None:
            self.stdout.write(f"{region}: no store, or wrong settings")
            return False
        kind = entry["store"]
        # Of posix and NFS each backup has a folder of its own; the root's own entries are not looked at.
        container = options["container"] or _CONTAINERS.get(kind, "")
        try:
            access = _access(entry)
            project = options["project"] or access.project_id or None
            with contextlib.closing(stores.open_store(region, project, access, SECONDS)) as store:
                tried = (
                    [_path(entry)] if kind == "files" and not container else list(probe.probe(store, kind, container))
                )
        except StorageError as exc:
            tried = [probe.explained("open", kind, exc)]
        for each in tried:
            self.stdout.write(f"{region}: {each.what}: {each.problem or 'works'}")
            if each.advice:
                self.stdout.write(f"{region}:   {each.advice}")
        return not tried[-1].problem


def _access(entry: dict[str, Any]) -> Access:
    """Whoever asks: nobody is logged in here, so the token of an administrator comes from the environment.

    :raises StorageError: NOT_CONFIGURED
    """
    if entry["store"] != "swift" or entry["login"]:
        return Access()
    token, url = os.environ.get(_TOKEN, ""), os.environ.get(_URL, "")
    if not token or not url:
        raise StorageError(
            Trouble.NOT_CONFIGURED,
            "Swift is asked with the token of whoever is logged in, and here is nobody:"
            f" set {_TOKEN} and {_URL}, as printed by 'swift auth'",
        )
    return Access(project_id=url.rstrip("/").rpartition("_")[2], token=token, url=url)


def _path(entry: dict[str, Any]) -> probe.Tried:
    """Whether the folder of posix and NFS backups can be entered and read."""
    path = entry["path"]
    if not os.path.isdir(path):
        return probe.Tried("open", f"{path} is no folder", "is the share mounted here?")
    if not os.access(path, os.R_OK | os.X_OK):
        return probe.Tried(
            "open", f"{path} may not be read", "the user that Horizon runs as needs to read and enter it"
        )
    return probe.Tried("open")
