# SPDX-License-Identifier: Apache-2.0
"""What a reading of contents hands to the browser and gets back: where it is, and what it found; signed.

Each is good for one backup, one region and one person: another's says nothing here.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from backup_reset_panel.core.storage import kept
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.resets import tokens

#: A chain of 400 backups takes some 40 kB.
MOST_BYTES = 256 * 1024
#: Between two steps; a computer may have slept meanwhile.
MAX_AGE_SECONDS = 3600


class TooLarge(Exception):
    """A place that is larger than what is taken back."""


@dataclasses.dataclass(frozen=True)
class Reading:
    """A reading that is not over.

    :param where: region, project and user that it belongs to, see ``execute.where``
    :param record: fingerprint of the backup when it was begun
    :param place: as ``storage.entry`` gave it
    :param seconds: that its steps took so far
    """

    backup_id: str
    where: tuple[str, ...]
    record: dict[str, Any]
    place: dict[str, Any]
    seconds: float = 0.0


def place(reading: Reading) -> str:
    """The token of a reading that is not over.

    :raises TooLarge:
    """
    token = tokens.dump("reading", dataclasses.asdict(reading))
    if len(token) > MOST_BYTES:
        raise TooLarge
    return token


def reading(token: str, backup_id: str, where: tuple[str, ...]) -> Reading:
    """The Reading that ``place`` put in.

    :raises BadToken: the token is none, too old, too large, or of another backup, region or person
    """
    found = _load("reading", token, backup_id, where, MAX_AGE_SECONDS)
    return Reading(backup_id, where, found["record"], found["place"], found["seconds"])


def result(finding: Finding, where: tuple[str, ...]) -> str:
    """The token of what was found."""
    values = {"backup_id": finding.backup_id, "where": where, "finding": kept.to_json(finding)}
    return tokens.dump("contents", values)


def found(token: str, backup_id: str, where: tuple[str, ...]) -> Finding:
    """The Finding that ``result`` put in.

    :raises BadToken: as ``reading``; too old only after a day
    """
    values = _load("contents", token, backup_id, where, tokens.MAX_AGE_SECONDS)
    try:
        return kept.from_json(values["finding"])
    except (KeyError, TypeError, ValueError) as exc:
        # Of another release.
        raise tokens.BadToken from exc


def _load(kind: str, token: str, backup_id: str, where: tuple[str, ...], max_age: int) -> dict[str, Any]:
    if len(token) > MOST_BYTES:
        raise tokens.BadToken
    values = tokens.load(kind, token, max_age)
    if (values["backup_id"], tuple(values["where"])) != (backup_id, where):
        raise tokens.BadToken
    return values
