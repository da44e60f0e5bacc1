# SPDX-License-Identifier: Apache-2.0
"""Whether the bytes of a part are those that Cinder wrote: decompressed, counted and hashed, a piece at a time.

No more is ever decompressed than the manifest says plus one piece, whatever the object claims to hold.
"""

from __future__ import annotations

import bz2
import hashlib
import io
import zlib
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Any

from backup_reset_panel.core.storage.manifest import Part

_PIECE = 1024 * 1024
#: zstd's memory for looking back; Cinder's compressor takes 2 MB at most at its default level.
_MOST_WINDOW = 128 * 1024 * 1024


class Differs(Exception):
    """The contents are not those of the manifest. The text says how."""


class CannotTell(Exception):
    """They cannot be compared here. The text says why."""


class Comparison:
    """One object against its entry in the manifest. It can halt between two pieces and go on later, from the store
    again: what was read until then is in the digest.
    """

    def __init__(self, part: Part) -> None:
        self._part = part
        self._stored = _Stored()
        self._data = _DECOMPRESS[part.compression](self._stored)
        self._digest = hashlib.md5(usedforsecurity=False)
        self._length = 0

    @property
    def stored(self) -> int:
        """How many stored bytes were read, and so where to go on."""
        return self._stored.bytes

    def go_on(self, pieces: Iterable[bytes], is_over: Callable[[], bool]) -> bool:
        """Read on.

        :param pieces: of the stored bytes, from ``stored`` on; errors of theirs pass through
        :param is_over: whether to halt; asked after each piece
        :returns: whether all was read and matches; False: it halted
        :raises Differs, CannotTell:
        """
        self._stored.pieces = iter(pieces)
        for data in self._data:
            self._length += len(data)
            if self._length > self._part.length:
                raise Differs("longer than it should be")
            self._digest.update(data)
            if is_over():
                return False
        if self._length < self._part.length:
            raise Differs("shorter than it should be")
        if self._digest.hexdigest() != self._part.md5:
            raise Differs("another checksum")
        return True


def compare(pieces: Iterable[bytes], part: Part) -> int:
    """Hold an object against its entry in the manifest.

    :param pieces: of the stored bytes; errors of theirs pass through
    :returns: how many stored bytes were read
    :raises Differs, CannotTell:
    """
    comparison = Comparison(part)
    comparison.go_on(pieces, lambda: False)
    return comparison.stored


class _Stored:
    """The stored bytes, counted; where they come from may change on the way."""

    def __init__(self) -> None:
        self.pieces: Iterator[bytes] = iter(())
        self.bytes = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = next(self.pieces)
        self.bytes += len(piece)
        return piece


def _zlib(pieces: Iterable[bytes]) -> Iterator[bytes]:
    decompressor = zlib.decompressobj()
    try:
        for piece in pieces:
            left = piece
            while left and not decompressor.eof:
                yield decompressor.decompress(left, _PIECE)
                left = decompressor.unconsumed_tail
        # What had no room in the last piece.
        while not decompressor.eof and (data := decompressor.decompress(b"", _PIECE)):
            yield data
    except zlib.error as exc:
        raise Differs("not zlib") from exc
    if not decompressor.eof:
        raise Differs("zlib, cut off")


def _bz2(pieces: Iterable[bytes]) -> Iterator[bytes]:
    decompressor = bz2.BZ2Decompressor()
    for piece in pieces:
        left = piece
        while not decompressor.eof:
            try:
                data = decompressor.decompress(left, _PIECE)
            except OSError as exc:
                raise Differs("not bz2") from exc
            yield data
            left = b""
            if decompressor.needs_input:
                break
    if not decompressor.eof:
        raise Differs("bz2, cut off")


class _Source(io.RawIOBase):
    """Pieces as a file that can be read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left:
            self._left = next(self._pieces, b"")
        data, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def _zstd(pieces: Iterable[bytes]) -> Iterator[bytes]:
    try:
        import zstandard
    except ImportError as exc:
        raise CannotTell("zstandard is not installed: backup-reset-panel[zstd]") from exc
    decompressor = zstandard.ZstdDecompressor(max_window_size=_MOST_WINDOW)
    source: Any = _Source(pieces)
    with decompressor.stream_reader(source, closefd=False) as reader:
        while True:
            try:
                data = reader.read(_PIECE)
            except zstandard.ZstdError as exc:
                if "memory" in str(exc):
                    raise CannotTell("zstd wants too much memory") from exc
                raise Differs("not zstd") from exc
            if not data:
                return
            yield data


_DECOMPRESS: dict[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    "none": iter,
    "zlib": _zlib,
    "bz2": _bz2,
    "zstd": _zstd,
}
