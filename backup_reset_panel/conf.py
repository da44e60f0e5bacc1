# SPDX-License-Identifier: Apache-2.0
"""Settings of the plugin: the dict ``BACKUP_RESET_PANEL`` in Horizon's local settings. All have a default."""

from __future__ import annotations

import dataclasses
import datetime
import re
from typing import Any
from typing import cast

from django.conf import settings

from backup_reset_panel.core import history
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.storage import settings as storage_settings

NAME = "BACKUP_RESET_PANEL"


@dataclasses.dataclass(frozen=True)
class Key:
    """One setting: its default, its type, and the range of values that are taken (None: no bound).

    :param form: what a text has to look like: a regular expression, and that in words
    """

    default: bool | int | float | str | dict[str, Any]
    kind: type[bool] | type[int] | type[float] | type[str] | type[dict[str, Any]]
    least: float | None = None
    most: float | None = None
    form: tuple[str, str] | None = None

    def problem(self, value: Any) -> str | None:
        """Why a value is invalid, or None."""
        kinds = (int, float) if self.kind is float else self.kind
        if not isinstance(value, kinds) or (isinstance(value, bool) and self.kind is not bool):
            return f"must be a {self.kind.__name__}, not {value!r}"
        if self.form and not re.fullmatch(self.form[0], str(value)):
            return f"must be {self.form[1]}, not {value!r}"
        if self.least is not None and self.most is not None and not self.least <= cast("float", value) <= self.most:
            return f"must lie between {self.least} and {self.most}, not be {value!r}"
        return None


KEYS = {
    "OVERRIDE_ALLOWED": Key(True, bool),
    "FOLLOW_SECONDS": Key(1.5, float, 0, 8),
    "NOT_TAKEN_UP_MINUTES": Key(15, float, 1, 24 * 60),
    "COMPLETE_UNCHANGED_MINUTES": Key(10, float, 1, 24 * 60),
    "LONG_RUNNING_HOURS": Key(24, float, 1, 24 * 90),
    "BULK_CHUNK": Key(200, int, 1, 200),
    "BULK_THREADS": Key(4, int, 1, 16),
    "GUIDE_URL": Key(
        "https://pypi.org/project/backup-reset-panel/", str, form=(r"(https?:/)?/[^\s\\]*|", "a URL, a path, or empty")
    ),
    "STORAGE": Key({}, dict),
    "HISTORY": Key({}, dict),
}


def get(name: str) -> Any:
    """The value of one setting; its default where it is not set or invalid (system check E001 reports that)."""
    key = KEYS[name]
    found = getattr(settings, NAME, {})
    value = found.get(name, key.default) if isinstance(found, dict) else key.default
    return key.default if key.problem(value) else value


def rules() -> Rules:
    """The settings that decisions depend on."""
    return Rules(
        override_allowed=get("OVERRIDE_ALLOWED"),
        not_taken_up=datetime.timedelta(minutes=get("NOT_TAKEN_UP_MINUTES")),
        complete_unchanged=datetime.timedelta(minutes=get("COMPLETE_UNCHANGED_MINUTES")),
        long_running=datetime.timedelta(hours=get("LONG_RUNNING_HOURS")),
    )


def problems() -> list[str]:
    """What is wrong with the settings, a line each, naming the key."""
    found = getattr(settings, NAME, {})
    if not isinstance(found, dict):
        return [f"{NAME} must be a dict"]
    unknown = [f"{NAME}[{name!r}] is not a setting of this plugin" for name in found if name not in KEYS]
    wrong = [
        f"{NAME}[{name!r}] {problem}"
        for name, value in found.items()
        if name in KEYS and (problem := KEYS[name].problem(value))
    ]
    # Region by region: one that is wrong leaves the others as they are.
    stores = found.get("STORAGE", {})
    inside = storage_settings.problems(stores) if isinstance(stores, dict) else []
    kept = found.get("HISTORY", {})
    inside_history = history.setting_problems(kept) if isinstance(kept, dict) else []
    return (
        unknown
        + wrong
        + [f"{NAME}['STORAGE']{problem}" for problem in inside]
        + [f"{NAME}['HISTORY']{problem}" for problem in inside_history]
    )
