# SPDX-License-Identifier: Apache-2.0
"""Opens the store that the settings name for a region."""

from __future__ import annotations

import importlib.util
import os
import stat
import threading
from typing import Any

from keystoneauth1 import exceptions as keystoneauth_exceptions

from backup_reset_panel import conf
from backup_reset_panel.core.storage import settings
from backup_reset_panel.storage import access as accesses
from backup_reset_panel.storage import s3
from backup_reset_panel.storage.access import Access
from backup_reset_panel.storage.files import FilesStore
from backup_reset_panel.storage.swift import SwiftStore
from backup_reset_panel.storage.types import Deadline
from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Store
from backup_reset_panel.storage.types import Trouble

_CLIENTS: dict[tuple[Any, ...], Any] = {}
_LOCK = threading.Lock()


def configured(region: str) -> bool:
    """Whether a store is set for a region, and set rightly; if not, nothing is different from having none."""
    return settings.of_region(conf.get("STORAGE"), region) is not None


def open_store(region: str, project_id: str | None, access: Access, seconds: float) -> Store:
    """Open the store of a region for the backups of one project.

    :param project_id: of the backup
    :param access: whoever asks; an empty one where the settings name an account
    :param seconds: for all that is done with it
    :raises StorageError: NOT_CONFIGURED; also what Keystone answers for an account of the settings
    """
    entry = settings.of_region(conf.get("STORAGE"), region)
    if entry is None:
        raise StorageError(Trouble.NOT_CONFIGURED, "no store is set for this region")
    deadline = Deadline(seconds)
    if entry["store"] == "files":
        return FilesStore(entry["path"], deadline)
    if entry["store"] == "s3":
        return s3.S3Store(_s3_client(entry), deadline)
    return _swift(entry, region, project_id, access, deadline)


def _s3_client(entry: dict[str, Any]) -> Any:
    keys = accesses.s3_keys(entry["keys"], entry["profile"])
    wanted = (entry["endpoint"], keys, entry["region"], entry["path_style"], entry["cacert"])
    with _LOCK:
        if wanted not in _CLIENTS:
            _CLIENTS[wanted] = s3.client(
                *wanted[:3], path_style=entry["path_style"], verify=accesses.verify(entry["cacert"])
            )
        return _CLIENTS[wanted]


def _swift(
    entry: dict[str, Any], region: str, project_id: str | None, access: Access, deadline: Deadline
) -> SwiftStore:
    if entry["login"]:
        session = accesses.session_of_login(entry["login"], entry["cacert"])
        url, own_project = entry["url"], None
        if url is None:
            url, own_project = _from_catalog(session, entry, region)
    else:
        url, own_project = entry["url"] or access.url, access.project_id
        session = accesses.session_of_user(access, url, entry["cacert"])
    return SwiftStore(session, account_url(url, entry["account"], project_id, own_project), deadline)


def _from_catalog(session: Any, entry: dict[str, Any], region: str) -> tuple[str, str | None]:
    """Swift's URL, and the project that it is for."""
    try:
        url = session.get_endpoint(
            service_type=accesses.SERVICE_TYPE,
            interface=entry["interface"],
            region_name=entry["region"] or region or None,
        )
        return url or "", session.get_project_id()
    except (keystoneauth_exceptions.Unauthorized, keystoneauth_exceptions.Forbidden) as exc:
        raise StorageError(Trouble.DENIED, "Keystone refused the account of the settings") from exc
    except keystoneauth_exceptions.ConnectTimeout as exc:
        raise StorageError(Trouble.TOO_SLOW, "Keystone") from exc
    except keystoneauth_exceptions.ClientException as exc:
        raise StorageError(Trouble.UNREACHABLE, f"Keystone: {type(exc).__name__}") from exc


def account_url(url: str, account: str, project_id: str | None, own_project: str | None) -> str:
    """The URL of the account that holds the backup.

    :param url: from the catalog, or of the settings, perhaps with ``{project_id}``
    :param account: "project", or the account's name
    :param project_id: of the backup; :param own_project: whose account the catalog's URL names
    :raises StorageError: NOT_CONFIGURED, when it cannot be worked out
    """
    if not url:
        raise StorageError(Trouble.NOT_CONFIGURED, "the catalog has no object-store for this region: set 'url'")
    if account != "project":
        base, _, last = url.rstrip("/").rpartition("/")
        return url.rstrip("/") if last == account else f"{base}/{account}"
    if not project_id or not project_id.replace("-", "").isalnum():
        raise StorageError(Trouble.NOT_CONFIGURED, "the backup's project is not known")
    if "{project_id}" in url:
        return url.replace("{project_id}", project_id)
    base, _, last = url.rstrip("/").rpartition("/")
    if not own_project or own_project not in last:
        raise StorageError(Trouble.NOT_CONFIGURED, "Swift's URL names no project: set 'url' with {project_id}")
    return f"{base}/{last.replace(own_project, project_id)}"


def local_problems() -> list[tuple[str, str]]:
    """What of the settings cannot work on this machine, without asking any server: (region, problem) pairs."""
    value = conf.get("STORAGE")
    entries = ((region, settings.of_region(value, region)) for region in value)
    return [(region, problem) for region, entry in entries if entry for problem in _local_problems(entry)]


def _local_problems(entry: dict[str, Any]) -> list[str]:
    found = []
    if entry["store"] == "files" and not os.path.isdir(entry["path"]):
        found.append(f"{entry['path']} is no folder on this machine")
    if entry["store"] == "s3" and importlib.util.find_spec("boto3") is None:
        found.append("boto3 is not installed: pip install backup-reset-panel[s3]")
    for secret in (entry.get("keys"), (entry.get("login") or {}).get("secret_file")):
        if secret and not os.access(secret, os.R_OK):
            found.append(f"{secret} cannot be read")
        elif secret and stat.S_IMODE(os.stat(secret).st_mode) & stat.S_IROTH:
            found.append(f"{secret} holds a secret and can be read by every user of this machine")
    if entry.get("cacert") and not os.access(entry["cacert"], os.R_OK):
        found.append(f"{entry['cacert']} cannot be read")
    return found
