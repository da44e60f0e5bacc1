# SPDX-License-Identifier: Apache-2.0
"""Where a reading of all contents has got to: plain JSON, so that it can be signed and kept by a browser.

Nothing in it is taken as true without being looked at: it names what to read next, and the store is asked again.
"""

from __future__ import annotations

import dataclasses
import datetime
import math
import random
from typing import Any

#: Of the parts, at least so many; and of a large backup this share.
LEAST_SAMPLE = 20
SAMPLE = 0.01
#: After so many parts whose contents differ nothing more is to be learned.
ENOUGH_DAMAGE = 10


@dataclasses.dataclass(frozen=True)
class Link:
    """One backup of the chain, as level 1 found it.

    :param container: where it lies
    :param prefix: of its names
    :param parts: how many its manifest names
    :param manifest_md5: of the manifest's bytes; another one later means that the backup was changed meanwhile
    """

    backup_id: str
    volume_id: str
    container: str
    prefix: str
    parts: int
    manifest_md5: str


@dataclasses.dataclass(frozen=True)
class Place:
    """How far a reading is.

    :param links: the chain, the backup itself first
    :param seed: what the sample is drawn with; None: every part is read
    :param done: parts of the order that were read
    :param bytes_read: stored bytes of them
    :param bytes_total: stored bytes of all that are to be read, about so for a sample
    :param differing: names of parts whose contents differ
    :param id: of this reading, drawn by chance
    :param inside: stored bytes that were read of the part at ``done``, where a step ended in the middle of it
    :param halts: how many steps ended in that part
    :param tried: how often it was read to its end, and something was wrong
    :param unread: parts that could not be compared, and why (a ``Code`` value)
    :param base: the finding of level 1, as ``finding_to_json`` gives it
    """

    region: str
    project_id: str
    links: tuple[Link, ...]
    seed: int | None = None
    done: int = 0
    bytes_read: int = 0
    bytes_total: int = 0
    differing: tuple[tuple[str, str], ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    base: dict[str, Any] = dataclasses.field(default_factory=dict)
    id: str = ""
    inside: int = 0
    halts: int = 0
    tried: int = 0

    @property
    def total(self) -> int:
        """Parts of the whole chain."""
        return sum(link.parts for link in self.links)

    @property
    def wanted(self) -> int:
        """Parts that are to be read."""
        return self.total if self.seed is None else sample_size(self.total)

    def order(self) -> list[int] | range:
        """Numbers of the parts to read, through the whole chain; the same at every step."""
        if self.seed is None:
            return range(self.total)
        # Drawn for chance, not for secrecy.
        return sorted(random.Random(self.seed).sample(range(self.total), self.wanted))  # nosec B311  # noqa: S311

    def locate(self, number: int) -> tuple[Link, int]:
        """The link and the index in its manifest of the part with a number."""
        for link in self.links:
            if number < link.parts:
                return link, number
            number -= link.parts
        raise IndexError(number)

    def to_json(self) -> dict[str, Any]:
        """Dicts, lists, strings and numbers only."""
        return dataclasses.asdict(self) | {
            "links": [list(dataclasses.astuple(link)) for link in self.links],
            "differing": [list(pair) for pair in self.differing],
            "unread": [list(pair) for pair in self.unread],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Place:
        """The reverse; for a place whose signature was found good.

        :raises KeyError, TypeError: it is not one of this release's
        """
        pairs = {
            key: tuple((str(first), str(second)) for first, second in data[key]) for key in ("differing", "unread")
        }
        return cls(**data | pairs | {"links": tuple(Link(*link) for link in data["links"])})


def sample_size(total: int) -> int:
    """How many parts of so many a sample has."""
    return min(total, max(LEAST_SAMPLE, math.ceil(total * SAMPLE)))


def moment(text: str | None) -> datetime.datetime | None:
    """A time that was kept in JSON."""
    return datetime.datetime.fromisoformat(text) if text else None
