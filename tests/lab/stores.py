# SPDX-License-Identifier: Apache-2.0
"""Where backups are written: what Cinder's drivers need to know of a store, and what Horizon does to look at it."""

from tests.lab import keystone
from tests.lab import swift
from tests.lab.state import State

CONTAINER = "volumebackups"
BLOCK = 32768
DRIVERS = {
    "posix": "cinder.backup.drivers.posix.PosixBackupDriver",
    "swift": "cinder.backup.drivers.swift.SwiftBackupDriver",
    "s3": "cinder.backup.drivers.s3.S3BackupDriver",
}
KEYS_FILE = """\
[default]
aws_access_key_id = {access}
aws_secret_access_key = {secret}
"""


def cinder_options(state: State, part: int) -> dict:
    """Return the options of ``cinder.conf`` about the store.

    :param part: bytes of one part; small ones, so that a volume makes many, and a job can be caught between any two
    """
    options = {"posix": _posix, "swift": _swift, "s3": _s3}[state.store](state, part)
    return {"backup_driver": DRIVERS[state.store]} | options


def _posix(state: State, part: int) -> dict:
    return {
        "backup_posix_path": state.path("backups"),
        "backup_file_size": part,
        "backup_sha_block_size_bytes": BLOCK,
    }


def _swift(state: State, part: int) -> dict:
    options = {
        "backup_swift_auth": state.swift_auth,
        "backup_swift_container": CONTAINER,
        "backup_swift_object_size": part,
        "backup_swift_block_size": BLOCK,
        "backup_swift_enable_progress_timer": False,
        "backup_swift_retry_attempts": 1,
        "backup_swift_retry_backoff": 1,
    }
    if state.swift_auth == "per_user":
        return options | {"swift_catalog_info": "object-store:swift:publicURL"}
    return options | {
        "backup_swift_auth_version": 3,
        "backup_swift_auth_url": state.url("keystone", "v3"),
        "backup_swift_user": "cinder",
        "backup_swift_key": keystone.CINDER_PASSWORD,
        "backup_swift_project": "service",
        "backup_swift_user_domain": "Default",
        "backup_swift_project_domain": "Default",
    }


def _s3(state: State, part: int) -> dict:
    return {
        "backup_s3_endpoint_url": state.swift["s3_endpoint"],
        "backup_s3_store_access_key": state.swift["cinder"]["access"],
        "backup_s3_store_secret_key": state.swift["cinder"]["secret"],
        "backup_s3_store_bucket": CONTAINER,
        "backup_s3_object_size": part,
        "backup_s3_block_size": BLOCK,
        "backup_s3_enable_progress_timer": False,
        "backup_s3_verify_ssl": False,
    }


def horizon_entry(state: State) -> dict:
    """Return the region's entry in the plugin's ``STORAGE``; the files that it names are written here."""
    if state.store == "posix":
        return {"store": "files", "path": str(state.path("backups"))}
    if state.store == "s3":
        path = state.path("horizon", "s3-keys")
        _secret(path, KEYS_FILE.format(**state.swift["reader"]))
        return {"store": "s3", "endpoint": state.swift["s3_endpoint"], "keys": str(path)}
    if state.swift_auth == "per_user":
        # By the administrator's own token, which has the reader's role.
        return {"store": "swift"}
    path = state.path("horizon", "swift-secret")
    _secret(path, swift.PASSWORD)
    return {
        "store": "swift",
        "account": f"AUTH_{state.swift['project_id']}",
        "login": {
            "auth_url": state.url("keystone", "v3"),
            "username": swift.READER,
            "project_name": "service",
            "secret_file": str(path),
        },
    }


def _secret(path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o600)
