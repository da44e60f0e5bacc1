# SPDX-License-Identifier: Apache-2.0
"""Which Horizon this is. The package requires none, so that pip replaces none: this keeps the plugin out of one that is
too old, which then stays as it was.

Nothing of the plugin is imported here, nor anything that the Django 3.2 of an old Horizon lacks.
"""

from __future__ import annotations

import importlib.metadata
from typing import Any

from django.core import checks
from packaging.version import Version

#: Horizon releases that the tests run against: 2025.1 to 2026.2.
OLDEST = Version("25.3")
BEYOND = Version("28")

#: Why the plugin could not be loaded; None when it was, or was not tried. Set by ``AppConfig.ready()``.
problem: Exception | None = None


def present() -> Version | None:
    """The version of the installed Horizon; None where that is not known."""
    try:
        return Version(importlib.metadata.version("horizon"))
    except importlib.metadata.PackageNotFoundError:
        return None


def too_old() -> bool:
    """Whether the plugin must not be loaded into this Horizon."""
    found = present()
    return found is not None and Version(found.base_version) < OLDEST


def usable() -> bool:
    """Whether the pages are to be there: not in a Horizon that is too old, nor where they could not be loaded."""
    return problem is None and not too_old()


@checks.register
def check_loaded(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """E003: something that the plugin imports is not there, so that nothing of it is either."""
    if problem is None:
        return []
    return [
        checks.Error(
            f"The plugin could not be loaded, and is left out: {problem}",
            hint="This Horizon is not one of those the plugin was tested with; see its compatibility table.",
            id="backup_reset_panel.E003",
        )
    ]


@checks.register
def check_horizon_version(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """E002: a Horizon that is too old, so that nothing of the plugin is there.

    W002: one that is newer than those that the tests run against, or whose version is not known.
    """
    found = present()
    if found is None:
        return [_untested("It is not known whether this Horizon is one of those that were tested")]
    if too_old():
        return [
            checks.Error(
                f"Horizon {found} is too old: the plugin needs {OLDEST} or newer.",
                hint="Upgrade Horizon, or delete _2235_admin_backup_reset_panel.py from local/enabled.",
                id="backup_reset_panel.E002",
            )
        ]
    # Without its "rc1" or "dev5": to sort before 28 does not make a candidate for 28 a tested one.
    is_tested = Version(found.base_version) < BEYOND
    return [] if is_tested else [_untested(f"Horizon {found} is newer than those that were tested")]


def _untested(problem: str) -> checks.CheckMessage:
    return checks.Warning(
        f"{problem}: they are {OLDEST} up to but not including {BEYOND}.",
        hint="Install a release of backup-reset-panel that lists it in its compatibility table.",
        id="backup_reset_panel.W002",
    )
