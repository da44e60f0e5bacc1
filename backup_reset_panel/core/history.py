# SPDX-License-Identifier: Apache-2.0
"""What the history keeps of an audit record, and what it counts as a reset. No database is known here."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable
from typing import Any

from backup_reset_panel.core import audit
from backup_reset_panel.core.outcome.types import OPEN
from backup_reset_panel.core.outcome.types import Ending

#: For how many days a record is kept where the setting does not say.
DAYS = 365
_MOST_DAYS = 100 * 365
#: The texts of a record that have a column of their own, with the longest that the column takes.
COLUMNS = {
    "region": 64,
    "backup_id": 64,
    "backup_project_id": 64,
    "volume_id": 64,
    "user_id": 64,
    "user_name": 255,
    "from_address": 255,
    "mode": 16,
    "choice": 16,
    "from_status": 64,
    "to_status": 64,
    "verdict": 64,
    "refused": 64,
    "outcome": 32,
}
LONGEST_HOST = 255
#: Endings after which a later look may tell more.
OPEN_ENDINGS = tuple(sorted(ending.value for ending in OPEN))
_NOT_SENT = frozenset({Ending.NOT_SENT.value, Ending.REFUSED.value})
#: An act that was broken off: it may have been sent.
_INTERRUPTED = "interrupted"


@dataclasses.dataclass(frozen=True)
class Entry:
    """One act, as the history keeps it.

    :param key: by which it is kept once, however often it is written: the owner of the reset
    :param record: the audit record
    :param host: the cinder-backup that was given the reset, or was asked last about the backup; empty: not known
    """

    key: str
    record: dict[str, Any]
    host: str = ""

    @property
    def at(self) -> datetime.datetime:
        """When it was done."""
        return datetime.datetime.fromisoformat(self.record["at"])

    @property
    def columns(self) -> dict[str, str]:
        """The texts that have a column of their own; one that the record lacks is empty."""
        found = {name: fit(self.record[name] or "", longest) for name, longest in COLUMNS.items()}
        return found | {"host": fit(self.host, LONGEST_HOST), "line": audit.line(self.record)}


@dataclasses.dataclass(frozen=True)
class Settled:
    """What a later look at a reset showed, which was open before.

    :param key: of its Entry
    :param outcome: value of an Ending
    :param locked: ids of volumes and snapshots that stay locked
    """

    key: str
    outcome: str
    at: datetime.datetime
    locked: tuple[str, ...] = ()


def entry(key: str, record: dict[str, Any], act: audit.Act) -> Entry:
    """The Entry of an audit record and the act that it is of."""
    host = act.outcome.host if act.outcome else None
    last = act.evidence.last_host if act.evidence else None
    return Entry(key, record, host or (last if isinstance(last, str) else ""))


def fit(text: str, longest: int) -> str:
    """A text as every database takes it, and as no page is put out of order by it.

    What is not printed (controls, NUL, lone surrogates, marks that turn the direction of writing) is spelled as in the
    audit log, and so is what takes four bytes in UTF-8, which MySQL's older character set does not know.
    """
    plain = "".join(
        each if each.isprintable() and ord(each) <= 0xFFFF else each.encode("unicode_escape").decode("ascii")
        for each in text
    )
    return plain[:longest]


def is_reset(to_status: str, refused: str, outcome: str) -> bool:
    """Whether an act sent a reset, or may have."""
    return bool(to_status) and refused in ("", _INTERRUPTED) and outcome not in _NOT_SENT


def packed(changes: Iterable[Entry | Settled]) -> list[dict[str, Any]]:
    """Changes as JSON values."""
    return [
        {"key": each.key, "record": each.record, "host": each.host}
        if isinstance(each, Entry)
        else {"key": each.key, "outcome": each.outcome, "at": each.at.isoformat(), "locked": list(each.locked)}
        for each in changes
    ]


def unpacked(values: Any) -> list[Entry | Settled]:
    """The changes that ``packed`` was given; nothing of what an earlier release packed in another form."""
    try:
        return [
            Entry(each["key"], each["record"], each["host"])
            if "record" in each
            else Settled(
                each["key"], each["outcome"], datetime.datetime.fromisoformat(each["at"]), tuple(each["locked"])
            )
            for each in values
        ]
    except (KeyError, TypeError, ValueError):
        return []


def setting_problems(value: Any) -> list[str]:
    """What is wrong with the setting ``HISTORY``, a line each; its shape only, no database is looked for."""
    if not isinstance(value, dict):
        return [f" must be a dict, not a {type(value).__name__}"]
    found = [f"[{name!r}] is not a key of it" for name in value if name not in ("database", "days")]
    if value and not (isinstance(value.get("database"), str) and value["database"]):
        found.append("['database'] must be the name of one of DATABASES")
    days = value.get("days", DAYS)
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= _MOST_DAYS:
        found.append(f"['days'] must be a whole number between 1 and {_MOST_DAYS}, not {days!r}")
    return found
