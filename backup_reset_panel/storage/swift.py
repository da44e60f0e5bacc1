# SPDX-License-Identifier: Apache-2.0
"""Backups in Swift, by three requests of its API: a container's listing, HEAD and GET of an object.

Over keystoneauth, not python-swiftclient: that one writes the first signs of the token into the log with every answer
that is an error (4.11.0, ``http_log``), and has no time limit for an answer as a whole.
"""

from __future__ import annotations

import contextlib
import datetime
import email.utils
import json
import re
from collections.abc import Generator
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import requests
import urllib3
from keystoneauth1 import exceptions as keystoneauth_exceptions
from keystoneauth1 import session as keystoneauth_session

from backup_reset_panel.core.storage.naming import Layout
from backup_reset_panel.core.storage.types import StoredObject
from backup_reset_panel.storage import limits
from backup_reset_panel.storage import paging
from backup_reset_panel.storage.types import Deadline
from backup_reset_panel.storage.types import Listing
from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Trouble
from backup_reset_panel.storage.types import trouble_of

CONNECT_SECONDS = 2.0
#: Between two pieces of an answer.
READ_SECONDS = 5.0
#: A page of a listing has 10,000 entries of some 300 bytes.
MOST_PAGE_BYTES = 32 * 1024 * 1024
#: A page that has fewer entries than any site's limit is the last one.
_SHORT_PAGE = 1000
_PIECE = 256 * 1024
_MD5 = re.compile(r"[0-9a-f]{32}")


class SwiftStore:
    """One Swift account.

    :param session: authenticated; this store closes it
    :param url: of the account, such as ``https://swift.example/v1/AUTH_<project>``
    """

    layout = Layout.NESTED

    def __init__(self, session: keystoneauth_session.Session, url: str, deadline: Deadline) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self.deadline = deadline

    def list_objects(
        self, container: str, prefix: str, *, folders: bool = False, after: str = "", limit: int | None = None
    ) -> Listing:
        """As ``Store.list_objects``."""
        query = {"format": "json", "prefix": prefix} | ({"delimiter": "/"} if folders else {})

        def fetch(after: str) -> paging.Page:
            asked = query | ({"marker": after} if after else {}) | ({"limit": str(limit)} if limit else {})
            at, entries = self._page(self._path(container), asked)
            objects: list[StoredObject] = []
            below: list[str] = []
            for entry in entries:
                _add(entry, objects, below)
            last = str(entries[-1].get("name") or entries[-1].get("subdir")) if entries else ""
            return paging.Page(objects, last, len(entries) >= (limit or _SHORT_PAGE), tuple(below), at)

        return paging.listed(fetch, after, limit)

    def list_containers(self) -> tuple[str, ...]:
        """As ``Store.list_containers``."""
        names: list[str] = []
        while True:
            asked = {"format": "json"} | ({"marker": names[-1]} if names else {})
            _at, page = self._page(self._url, asked)
            found = [entry["name"] for entry in page if isinstance(entry.get("name"), str)]
            if len(found) < len(page) or (names and found and found[-1] <= names[-1]):
                raise StorageError(Trouble.BROKEN, "listing")
            names += found
            if len(page) < _SHORT_PAGE:
                return tuple(names)

    def _page(self, url: str, query: dict[str, str]) -> tuple[datetime.datetime | None, list[dict[str, Any]]]:
        with self._answer("GET", url, params=query) as answer:
            at = _date(answer.headers.get("Date"))
            if answer.status_code == 204:
                return at, []
            try:
                page = json.loads(b"".join(self._pieces(answer, MOST_PAGE_BYTES)))
            except (ValueError, RecursionError) as exc:
                raise StorageError(Trouble.BROKEN, "listing") from exc
        if not isinstance(page, list) or not all(isinstance(entry, dict) for entry in page):
            raise StorageError(Trouble.BROKEN, "listing")
        return at, page

    def head(self, container: str, name: str) -> StoredObject:
        """As ``Store.head``."""
        with self._answer("HEAD", self._path(container, name)) as answer:
            headers = answer.headers
        # The ETag of a large object is over its segments.
        is_plain = not {"X-Static-Large-Object", "X-Object-Manifest"} & {key.title() for key in headers}
        etag = headers.get("ETag", "").strip('"').lower()
        try:
            size = int(headers["Content-Length"])
        except (KeyError, ValueError) as exc:
            raise StorageError(Trouble.BROKEN, "Content-Length") from exc
        md5 = etag if is_plain and _MD5.fullmatch(etag) else None
        return StoredObject(name, size, _date(headers.get("Last-Modified")), md5)

    def get(
        self, container: str, name: str, limit: int, *, beginning: bool = False, start: int = 0
    ) -> Generator[bytes, None, None]:
        """As ``Store.get``."""
        headers = {"Range": f"bytes={start}-{limit - 1 if beginning else ''}"} if beginning or start else {}
        with self._answer("GET", self._path(container, name), headers=headers) as answer:
            if answer.status_code == 416:  # a range of nothing
                return
            if start and answer.status_code != 206:
                raise StorageError(Trouble.BROKEN, "the store gave all for a part of it")
            yield from self._pieces(answer, limit - start, beginning)

    def _path(self, *parts: str) -> str:
        if any(part in {"", ".", ".."} for part in "/".join(parts).split("/")):
            raise StorageError(Trouble.DENIED, "no name for a container or an object")
        return "/".join([self._url, *(quote(part) for part in parts)])

    @contextlib.contextmanager
    def _answer(self, method: str, url: str, **options: Any) -> Iterator[requests.Response]:
        """Send one request; its answer is closed at the end, read or not."""
        with limits.connection(self.deadline), _told():
            options["headers"] = {"Accept-Encoding": "identity"} | options.get("headers", {})
            timeout = (self.deadline.left(CONNECT_SECONDS), self.deadline.left(READ_SECONDS))
            answer = self._session.request(
                url, method, raise_exc=False, log=False, redirect=False, stream=True, timeout=timeout, **options
            )
            with contextlib.closing(answer):
                if answer.status_code not in {200, 204, 206, 416}:
                    raise StorageError(trouble_of(answer.status_code), str(answer.status_code))
                yield answer

    def _pieces(self, answer: requests.Response, limit: int, beginning: bool = False) -> Generator[bytes, None, None]:
        """The body as it comes in: a trickle ends with the deadline, too."""
        expected = answer.headers.get("Content-Length", "")
        size = int(expected) if expected.isdigit() else None
        if size is not None and size > limit and not beginning:
            raise StorageError(Trouble.TOO_LARGE, f"{size} bytes")
        done = 0
        while done < limit or not beginning:
            data = _read_some(answer.raw)
            if not data:
                break
            self.deadline.left()
            if done + len(data) > limit:
                if not beginning:
                    raise StorageError(Trouble.TOO_LARGE, f"more than {limit} bytes")
                data = data[: limit - done]
            done += len(data)
            yield data
        if size is not None and done < min(size, limit):
            raise StorageError(Trouble.BROKEN, "the answer was cut off")

    def close(self) -> None:
        """Close the connections of this store."""
        self._session.session.close()


def _read_some(raw: Any) -> bytes:
    """What has come in of a body, nothing at its end; it waits for one byte and not for as many as there is room for.

    urllib3 1.26, which the OpenStack of 2025.1 and 2025.2 runs on, cannot: there it is asked of what lies below, and
    what goes wrong becomes an error of urllib3 all the same.
    """
    if hasattr(raw, "read1"):
        return bytes(raw.read1(_PIECE))
    with raw._error_catcher():
        return bytes(raw._fp.read1(_PIECE))


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Turn every way in which a request can fail into a StorageError. Their own texts may hold secrets."""
    try:
        yield
    except (keystoneauth_exceptions.ConnectTimeout, requests.Timeout, urllib3.exceptions.TimeoutError) as exc:
        raise StorageError(Trouble.TOO_SLOW) from exc
    except keystoneauth_exceptions.ConnectionError as exc:
        raise StorageError(Trouble.UNREACHABLE, type(exc).__name__) from exc
    except (keystoneauth_exceptions.Unauthorized, keystoneauth_exceptions.Forbidden) as exc:
        raise StorageError(Trouble.DENIED, "Keystone refused the account of the settings") from exc
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as exc:
        raise StorageError(Trouble.BROKEN, type(exc).__name__) from exc
    except keystoneauth_exceptions.ClientException as exc:
        raise StorageError(Trouble.UNREACHABLE, type(exc).__name__) from exc


def _add(entry: dict[str, Any], objects: list[StoredObject], below: list[str]) -> None:
    name, size, md5 = entry.get("name"), entry.get("bytes"), entry.get("hash")
    if isinstance(entry.get("subdir"), str):
        below.append(entry["subdir"])
        return
    if not isinstance(name, str) or type(size) is not int:
        raise StorageError(Trouble.BROKEN, "listing")
    is_md5 = "slo_etag" not in entry and isinstance(md5, str) and _MD5.fullmatch(md5)
    objects.append(StoredObject(name, size, _iso(entry.get("last_modified")), md5 if is_md5 else None))


def _iso(text: Any) -> datetime.datetime | None:
    """A time of a listing: ISO, in UTC, without saying so."""
    try:
        return datetime.datetime.fromisoformat(f"{text}+00:00")
    except (TypeError, ValueError):
        return None


def _date(text: str | None) -> datetime.datetime | None:
    """A time of a header."""
    try:
        return email.utils.parsedate_to_datetime(text or "")
    except ValueError:
        return None
