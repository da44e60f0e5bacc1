# SPDX-License-Identifier: Apache-2.0
"""What every store can do, and every way in which it can fail to."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import time
from collections.abc import Generator
from typing import Protocol

from backup_reset_panel.core.storage.naming import Layout
from backup_reset_panel.core.storage.types import StoredObject

CHUNK_BYTES = 1024 * 1024


class Trouble(enum.Enum):
    """Why there is no answer. The values are those of ``core.storage.types.Code``."""

    NOT_CONFIGURED = "not_configured"  # no store for this region, or one that cannot be used as it is set
    NOT_FOUND = "not_found"  # no such object, container or folder
    DENIED = "denied"  # 401, 403, no permission to read, a symbolic link, encrypted with a key of its own
    UNREACHABLE = "unreachable"  # no connection, 5xx, an input or output error
    TOO_SLOW = "too_slow"  # the time was up
    BROKEN = "broken"  # an answer that is none: cut off, or not what the protocol says
    TOO_LARGE = "too_large"  # more than the caller wants to have


def trouble_of(status: int) -> Trouble:
    """What an HTTP status of an error means."""
    if status in {401, 403}:
        return Trouble.DENIED
    if status in {404, 410}:
        return Trouble.NOT_FOUND
    if status in {408, 504}:
        return Trouble.TOO_SLOW
    return Trouble.UNREACHABLE if status >= 500 or status in {429, 498} else Trouble.BROKEN


class StorageError(Exception):
    """A call that gave no usable answer.

    :param detail: for the administrator: a status code, a name; never a token, a key or a header
    """

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble.value}: {detail}" if detail else trouble.value)
        self.trouble = trouble
        self.detail = detail


@dataclasses.dataclass(frozen=True)
class Listing:
    """One answer to ``Store.list_objects``, complete unless ``is_cut``.

    :param objects: in the order of their names
    :param folders: with a delimiter: what the names have up to and with it, once each
    :param at: the time by the store's clock; None: it does not say
    :param is_cut: more may follow: the limit was reached
    """

    objects: tuple[StoredObject, ...] = ()
    folders: tuple[str, ...] = ()
    at: datetime.datetime | None = None
    is_cut: bool = False


class Deadline:
    """The end of all that is done for one request.

    :param seconds: from now
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, most: float = 3600) -> float:
        """Seconds that a call may take.

        :raises StorageError: TOO_SLOW, when the time is up
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise StorageError(Trouble.TOO_SLOW)
        return min(left, most)


class Store(Protocol):
    """One region's store. Every method may raise StorageError."""

    layout: Layout
    deadline: Deadline

    def list_objects(
        self, container: str, prefix: str, *, folders: bool = False, after: str = "", limit: int | None = None
    ) -> Listing:
        """List objects.

        :param prefix: what their names begin with
        :param folders: do not go below the next ``/`` after the prefix
        :param after: only names that sort after this one
        :param limit: how many at most; None: all, in as many requests as it takes
        :raises StorageError: NOT_FOUND when there is no such container
        """

    def list_containers(self) -> tuple[str, ...]:
        """The names of all containers, in order; of files: of the folders right below the path."""

    def head(self, container: str, name: str) -> StoredObject:
        """What one object says of itself: what a listing says may be old.

        :raises StorageError: NOT_FOUND
        """

    def get(
        self, container: str, name: str, limit: int, *, beginning: bool = False, start: int = 0
    ) -> Generator[bytes, None, None]:
        """Read one object, piece by piece; an end without an error is the end of a whole object.

        :param limit: bytes at most
        :param beginning: an object that is larger is read up to the limit, instead of TOO_LARGE
        :param start: where in the object to begin, bytes; at its end or behind it there is nothing
        :raises StorageError: NOT_FOUND; BROKEN when it ends early
        """

    def close(self) -> None:
        """Let go of connections."""


def read(store: Store, container: str, name: str, limit: int, *, beginning: bool = False) -> bytes:
    """Read one object into memory; as ``Store.get``."""
    return b"".join(store.get(container, name, limit, beginning=beginning))
