# SPDX-License-Identifier: Apache-2.0
"""What lies on a store without a record: values only. Nothing is ever deleted there, so nothing is decided either."""

from __future__ import annotations

import dataclasses
import datetime

from backup_reset_panel.core.storage.types import Issue


@dataclasses.dataclass(frozen=True, order=True)
class Place:
    """How far a store was looked through: all before it were seen. They sort in the order in which they are looked at.

    :param account: id of the project whose account it is; empty where a store has but one
    :param container: the container looked at last; empty: none was begun
    :param after: the name behind which it goes on there; empty: the container is done
    """

    account: str = ""
    container: str = ""
    after: str = ""


@dataclasses.dataclass(frozen=True)
class Prefix:
    """Objects of one backup on the store, by their names.

    :param place: its account and container
    :param begun: when the backup was begun, as its names say
    """

    place: Place
    prefix: str
    backup_id: str
    volume_id: str
    begun: datetime.datetime | None


@dataclasses.dataclass(frozen=True)
class Unlisted:
    """An account or container that could not be listed.

    :param what: its name; empty: which containers there are
    """

    what: str
    issue: Issue


@dataclasses.dataclass(frozen=True)
class Walk:
    """What was seen of a store.

    :param found: the prefixes of all backups, recorded or not
    :param next: where to look on; None: the end was reached
    :param unlisted: what could not be listed
    :param containers: how many were looked at
    """

    found: tuple[Prefix, ...] = ()
    next: Place | None = None
    unlisted: tuple[Unlisted, ...] = ()
    containers: int = 0


@dataclasses.dataclass(frozen=True)
class Unrecorded:
    """Objects of a backup that Cinder has no record of.

    :param size: bytes as stored; None: they could not be counted in time
    :param objects: how many, None likewise
    :param written: when the newest of them was written
    """

    prefix: Prefix
    size: int | None = None
    objects: int | None = None
    written: datetime.datetime | None = None
