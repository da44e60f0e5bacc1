# SPDX-License-Identifier: Apache-2.0
"""System checks: ``manage.py check`` reports a wrong installation before a 500 does. That of Horizon's version is in
``releases``.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.core.cache import InvalidCacheBackendError
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache

from backup_reset_panel import conf
from backup_reset_panel import extension
from backup_reset_panel.history import settings as history_settings
from backup_reset_panel.history import store as history
from backup_reset_panel.history.bounded import Unavailable
from backup_reset_panel.resets import audit_log
from backup_reset_panel.storage import stores

STYLE_SHEET = "backup_reset_panel/panel.css"


@checks.register
def check_extension(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """W001: Horizon's Volume Backups panel could not be extended."""
    if extension.problem is None:
        return []
    return [
        checks.Warning(
            f"The Volume Backups panel was not extended: {extension.problem}",
            hint="This Horizon is not one of those the plugin was tested with; see its compatibility table.",
            id="backup_reset_panel.W001",
        )
    ]


@checks.register
def check_backups_enabled(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """W003: Horizon shows no backups, so nothing of the plugin either."""
    if settings.OPENSTACK_CINDER_FEATURES.get("enable_backup", False):
        return []
    return [
        checks.Warning(
            "Horizon's volume backups are switched off, so the plugin shows nothing.",
            hint="Set OPENSTACK_CINDER_FEATURES['enable_backup'] = True in Horizon's local settings.",
            id="backup_reset_panel.W003",
        )
    ]


@checks.register
def check_static_files(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """W004: the plugin's style sheet is not among the collected static files."""
    if settings.DEBUG and finders.find(STYLE_SHEET):
        return []
    if staticfiles_storage.exists(STYLE_SHEET):
        return []
    return [
        checks.Warning(
            "The plugin's static files were not collected: its dialogs work, but look plain.",
            hint="Run manage.py collectstatic, then restart Horizon. There is no need to run compress.",
            id="backup_reset_panel.W004",
        )
    ]


@checks.register
def check_cache(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """W005: a cache that each worker process has for itself, or none."""
    try:
        cache = caches["default"]
    except InvalidCacheBackendError:
        # Django has its own words for it, at the first use.
        return []
    if not isinstance(cache, (LocMemCache, DummyCache)):
        return []
    return [
        checks.Warning(
            "Horizon's cache is not shared between processes: with more than one worker, an administrator is not told"
            " of the resets that another one has under way.",
            hint="Set CACHES to memcached, as Horizon's own default does. With a single process there is no need to.",
            id="backup_reset_panel.W005",
        )
    ]


@checks.register
def check_audit_log(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """W006: Horizon's LOGGING drops the audit log."""
    if audit_log.fallback is None:
        return []
    return [
        checks.Warning(
            f"Horizon's LOGGING has no handler that takes the logger {audit_log.LOG.name} at level INFO: the audit log"
            " goes to stderr.",
            hint="Name the logger in LOGGING, with a handler of its own; the documentation has an example.",
            id="backup_reset_panel.W006",
        )
    ]


@checks.register
def check_settings(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """E001: an invalid setting of the plugin."""
    hint = "The default is used in its place. The documentation's page on configuration lists every key."
    return [checks.Error(problem, hint=hint, id="backup_reset_panel.E001") for problem in conf.problems()]


@checks.register
def check_storage(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """W007: a store of the settings that cannot be used on this machine."""
    hint = (
        "manage.py backup_reset_storage --check tries the access. Until then backups are judged by their records alone."
    )
    return [
        checks.Warning(f"{conf.NAME}['STORAGE'][{region!r}]: {problem}", hint=hint, id="backup_reset_panel.W007")
        for region, problem in stores.local_problems()
    ]


@checks.register
def check_history(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """W008: the history's database is none that Horizon has. W009: it has no table of the history, or does not answer.

    Asked in bounded time: manage.py check must not hang where a database does.
    """
    missing, kept = history_settings.missing_database(), history_settings.kept()
    if missing:
        return [
            checks.Warning(
                f"{conf.NAME}['HISTORY'] names the database {missing!r}, which Horizon does not have: no history is"
                " kept.",
                hint="Describe the database in DATABASES, or take HISTORY out.",
                id="backup_reset_panel.W008",
            )
        ]
    if kept is None:
        return []
    try:
        problem = "" if history.is_migrated(kept) else "its table is not there"
    except Unavailable as exc:
        problem = str(exc)
    hint = f"Run manage.py migrate backup_reset_panel --database {kept.database}, once the database answers."
    text = f"The history of resets cannot be kept in the database {kept.database!r}: {problem}"
    return [checks.Warning(text, hint=hint, id="backup_reset_panel.W009")] if problem else []
