# SPDX-License-Identifier: Apache-2.0
"""A finding as plain JSON and back: for the place of a reading, for a cache and for the audit log."""

from __future__ import annotations

import dataclasses
from typing import Any

from backup_reset_panel.core.storage.place import moment
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Depth
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import Issue


def to_json(finding: Finding) -> dict[str, Any]:
    """Dicts, lists, strings and numbers only; ``state`` is there for who reads it."""
    data = {field.name: getattr(finding, field.name) for field in dataclasses.fields(finding)}
    return data | {
        "state": finding.state.value,
        "depth": finding.depth.value,
        "checked_at": finding.checked_at.isoformat(),
        "last_written": finding.last_written.isoformat() if finding.last_written else None,
        "read_at": finding.read_at.isoformat() if finding.read_at else None,
        "ancestors": list(finding.ancestors),
        "issues": [[issue.code.value, issue.count, issue.example, issue.backup_id] for issue in finding.issues],
    }


def from_json(data: dict[str, Any]) -> Finding:
    """The reverse.

    :raises KeyError, TypeError, ValueError: it is not one of this release's
    """
    known = {key: value for key, value in data.items() if key != "state"}
    checked_at = moment(data["checked_at"])
    if checked_at is None:
        raise ValueError("checked_at")
    known |= {
        "depth": Depth(data["depth"]),
        "checked_at": checked_at,
        "last_written": moment(data["last_written"]),
        "read_at": moment(data["read_at"]),
        "ancestors": tuple(data["ancestors"]),
        "issues": tuple(Issue(Code(code), *rest) for code, *rest in data["issues"]),
    }
    return Finding(**known)
