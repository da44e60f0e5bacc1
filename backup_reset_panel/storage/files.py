# SPDX-License-Identifier: Apache-2.0
"""Backups in files, as Cinder's posix and NFS drivers write them; a read-only mount is enough.

A container is a folder below the path, an object a file in it. No step goes through a symbolic link or ``..``: every
folder is opened from the one above it, so that nothing outside of the path can be read, whatever a record says.
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import functools
import os
import stat
from collections.abc import Generator
from collections.abc import Iterator

from backup_reset_panel.core.storage.naming import Layout
from backup_reset_panel.core.storage.types import StoredObject
from backup_reset_panel.storage import limits
from backup_reset_panel.storage.types import CHUNK_BYTES
from backup_reset_panel.storage.types import Deadline
from backup_reset_panel.storage.types import Listing
from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Trouble

#: Seconds for one call of the file system; a listing of 21,000 files takes 0.2.
CALL_SECONDS = 5.0
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Not waiting for a writer, should somebody have put a pipe there.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

_TROUBLES = {
    errno.ENOENT: Trouble.NOT_FOUND,
    errno.ENOTDIR: Trouble.NOT_FOUND,
    errno.EACCES: Trouble.DENIED,
    errno.EPERM: Trouble.DENIED,
    errno.ELOOP: Trouble.DENIED,
    errno.ENAMETOOLONG: Trouble.NOT_FOUND,
    errno.ETIMEDOUT: Trouble.TOO_SLOW,
}


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Turn every error of the file system into a StorageError."""
    try:
        yield
    except OSError as exc:
        # ENOTDIR is also how O_DIRECTORY | O_NOFOLLOW says "a symbolic link".
        raise StorageError(_TROUBLES.get(exc.errno or 0, Trouble.UNREACHABLE), exc.strerror or "") from exc


def _steps(container: str) -> list[str]:
    """The folders of a container, one below the other.

    :raises StorageError: DENIED for one that leads elsewhere
    """
    steps = container.split("/")
    if any(step in {"", ".", ".."} or "\0" in step for step in steps):
        raise StorageError(Trouble.DENIED, "the container is no folder below the path")
    return steps


def _describe(name: str, found: os.stat_result) -> StoredObject:
    modified = datetime.datetime.fromtimestamp(found.st_mtime, datetime.timezone.utc)
    return StoredObject(name, found.st_size, modified)


class FilesStore:
    """A folder with backups.

    :param path: what cinder-backup knows as ``backup_posix_path``, or the NFS share's mount
    """

    layout = Layout.FLAT

    def __init__(self, path: str, deadline: Deadline) -> None:
        self._path = path
        self.deadline = deadline

    def list_objects(
        self, container: str, prefix: str, *, folders: bool = False, after: str = "", limit: int | None = None
    ) -> Listing:
        """As ``Store.list_objects``; ``folders`` names those right below, which are containers of their own."""
        found, below = limits.within(self.deadline, CALL_SECONDS, lambda: self._list(_steps(container), prefix))
        kept = [each for each in found if each.name > after]
        is_cut = limit is not None and len(kept) > limit
        return Listing(tuple(kept[:limit]), tuple(f"{each}/" for each in below if folders), is_cut=is_cut)

    def list_containers(self) -> tuple[str, ...]:
        """As ``Store.list_containers``."""
        _objects, below = limits.within(self.deadline, CALL_SECONDS, lambda: self._list([], ""))
        return tuple(below)

    def _list(self, steps: list[str], prefix: str) -> tuple[list[StoredObject], list[str]]:
        """The files of a folder, and the names of the folders below it, in order."""
        found, below = [], []
        with _told(), self._folder(steps) as folder, os.scandir(folder) as entries:
            for entry in entries:
                if not entry.name.startswith(prefix):
                    continue
                if entry.is_file(follow_symlinks=False):
                    found.append(_describe(entry.name, entry.stat(follow_symlinks=False)))
                elif entry.is_dir(follow_symlinks=False):
                    below.append(entry.name)
        return sorted(found, key=lambda each: each.name), sorted(below)

    def head(self, container: str, name: str) -> StoredObject:
        """As ``Store.head``."""
        return limits.within(self.deadline, CALL_SECONDS, lambda: self._head(container, name))

    def _head(self, container: str, name: str) -> StoredObject:
        with _told(), self._open(container, name) as file:
            return _describe(name, os.fstat(file))

    def get(
        self, container: str, name: str, limit: int, *, beginning: bool = False, start: int = 0
    ) -> Generator[bytes, None, None]:
        """As ``Store.get``."""
        file = limits.within(self.deadline, CALL_SECONDS, lambda: self._opened(container, name), os.close)
        try:
            size = os.fstat(file).st_size
            if size > limit and not beginning:
                raise StorageError(Trouble.TOO_LARGE, f"{size} bytes")
            left = min(size, limit) - start
            os.lseek(file, start, os.SEEK_SET)
            while left > 0:
                call = functools.partial(self._read, file, min(left, CHUNK_BYTES))
                data = limits.within(self.deadline, CALL_SECONDS, call)
                if not data:
                    raise StorageError(Trouble.BROKEN, "the file became shorter while it was read")
                left -= len(data)
                yield data
        finally:
            os.close(file)

    @staticmethod
    def _read(file: int, size: int) -> bytes:
        with _told():
            return os.read(file, size)

    def _opened(self, container: str, name: str) -> int:
        with _told(), self._open(container, name) as file:
            return os.dup(file)

    @contextlib.contextmanager
    def _folder(self, steps: list[str]) -> Iterator[int]:
        """Open a container's folder, step by step."""
        # The path itself may be a link: the site chose it.
        here = os.open(self._path, _FOLDER & ~os.O_NOFOLLOW)
        try:
            for step in steps:
                below = os.open(step, _FOLDER, dir_fd=here)
                os.close(here)
                here = below
            yield here
        finally:
            os.close(here)

    @contextlib.contextmanager
    def _open(self, container: str, name: str) -> Iterator[int]:
        if "/" in name or "\0" in name or name in {"", ".", ".."}:
            raise StorageError(Trouble.DENIED, "the name is no file's")
        with self._folder(_steps(container)) as folder:
            file = os.open(name, _FILE, dir_fd=folder)
            try:
                if not stat.S_ISREG(os.fstat(file).st_mode):
                    raise StorageError(Trouble.DENIED, "not a plain file")
                yield file
            finally:
                os.close(file)

    def close(self) -> None:
        """Nothing stays open."""
