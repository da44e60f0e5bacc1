# SPDX-License-Identifier: Apache-2.0
"""Whether a history is kept, where, and for how long."""

from __future__ import annotations

import dataclasses

from django.conf import settings

from backup_reset_panel import conf
from backup_reset_panel.core import history

_DUMMY = "django.db.backends.dummy"


@dataclasses.dataclass(frozen=True)
class Kept:
    """Where the history is kept: a name of Django's DATABASES, and for how many days."""

    database: str
    days: int


def kept() -> Kept | None:
    """Where the history is kept; None: nowhere, since the site does not want it or the setting is wrong."""
    found = conf.get("HISTORY")
    if not found or history.setting_problems(found) or missing_database():
        return None
    return Kept(found["database"], found.get("days", history.DAYS))


def missing_database() -> str:
    """The name of the database that the setting asks for and Horizon does not have; empty where it is there.

    Django's own default for a site without DATABASES is a dummy (5.2 ``db/utils.py``), and so is Horizon's.
    """
    name = conf.get("HISTORY").get("database", "")
    if not isinstance(name, str) or not name:
        return ""
    return "" if settings.DATABASES.get(name, {}).get("ENGINE", _DUMMY) not in ("", _DUMMY) else name
