# SPDX-License-Identifier: Apache-2.0
"""Things that cost seconds to make and depend on nothing but the installed packages: empty schemas, compiled styles.

Kept in ``$BACKUP_RESET_LAB_CACHE``, else ``$XDG_CACHE_HOME/backup-reset-lab``, else ``~/.cache/backup-reset-lab``,
under a key of package versions. A cache that cannot be written is no error: the thing is made again.
"""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import os
import pathlib
import shutil
import sys
import tempfile
from collections.abc import Iterator


def folder() -> pathlib.Path:
    """Return the cache's folder, which need not exist."""
    named = os.environ.get("BACKUP_RESET_LAB_CACHE")
    if named:
        return pathlib.Path(named)
    return pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "backup-reset-lab"


def key(packages: tuple[str, ...], *more: str) -> str:
    """Return a short name for these packages' versions under this Python, and for whatever else counts."""
    versions = [f"{name}={importlib.metadata.version(name)}" for name in sorted(packages)]
    return hashlib.sha256("\n".join([sys.version, sys.prefix, *versions, *more]).encode()).hexdigest()[:16]


def installed(prefix: str) -> tuple[str, ...]:
    """Return the names of the installed packages that begin with a prefix, whatever its case."""
    names = (distribution.metadata["Name"] for distribution in importlib.metadata.distributions())
    return tuple(sorted({name for name in names if name.lower().startswith(prefix)}))


class Entry:
    """One folder of the cache; None in place of a folder where no cache can be kept."""

    def __init__(self, place: pathlib.Path | None) -> None:
        self.place = place

    def fetch(self, name: str, target: pathlib.Path) -> bool:
        """Copy a kept file or tree to a target; tell whether there was one."""
        if self.place is None or not (self.place / name).exists():
            return False
        kept = self.place / name
        if kept.is_dir():
            shutil.copytree(kept, target, symlinks=True)
        else:
            shutil.copyfile(kept, target)
        return True

    def store(self, name: str, source: pathlib.Path) -> None:
        """Keep a copy of a file or tree, whole or not at all."""
        if self.place is None:
            return
        with tempfile.TemporaryDirectory(dir=self.place) as scratch:
            copy = pathlib.Path(scratch) / "copy"
            if source.is_dir():
                shutil.copytree(source, copy, symlinks=True)
            else:
                shutil.copyfile(source, copy)
            copy.rename(self.place / name)


@contextlib.contextmanager
def entry(name: str, packages: tuple[str, ...], *more: str) -> Iterator[Entry]:
    """Open an entry of the cache, alone: a second lab that starts at once waits and then finds it filled.

    :param packages: names of the installed packages on whose versions the thing depends
    :param more: whatever else it depends on
    """
    place = folder() / f"{name}-{key(packages, *more)}"
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = open(place / "lock", "w")  # noqa: SIM115 (the except is about opening, not about what is done with it)
    except OSError:
        yield Entry(None)
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield Entry(place)
