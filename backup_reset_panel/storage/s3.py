# SPDX-License-Identifier: Apache-2.0
"""Backups in S3, or in what speaks it (Ceph's gateway, MinIO, Swift's s3api, Google's interoperability endpoint).

boto3 comes with the extra ``backup-reset-panel[s3]``; without it this module can be imported, and no store be opened.
"""

from __future__ import annotations

import contextlib
import datetime
import email.utils
import re
from collections.abc import Generator
from collections.abc import Iterator
from typing import Any

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
READ_SECONDS = 5.0
_PIECE = 256 * 1024
_MD5 = re.compile(r"[0-9a-f]{32}")


def client(endpoint: str, keys: tuple[str, str], region: str, *, path_style: bool, verify: bool | str) -> Any:
    """A boto3 client that tries once, waits for seconds, and knows no keys but these. Safe to share among threads.

    :param keys: access key and secret key
    :param verify: path of a CA's certificates, or whether certificates are held against the machine's
    :raises StorageError: NOT_CONFIGURED, without boto3
    """
    try:
        import boto3
        from botocore import config
        from botocore import session as botocore_session
    except ImportError as exc:
        raise StorageError(Trouble.NOT_CONFIGURED, "boto3 is not installed: backup-reset-panel[s3]") from exc
    settings = config.Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": 1, "mode": "standard"},
        max_pool_connections=limits.MOST,
        s3={"addressing_style": "path" if path_style else "virtual"},
        # Checksums of newer AWS that other servers do not know; contents are compared with the manifest anyway.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    core = botocore_session.get_session()
    # dateutil would take half of the time of a long listing.
    core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_timestamp)
    session = boto3.session.Session(
        aws_access_key_id=keys[0], aws_secret_access_key=keys[1], region_name=region, botocore_session=core
    )
    return session.client("s3", endpoint_url=endpoint, config=settings, verify=verify)


class S3Store:
    """The buckets that one pair of keys may read.

    :param client: of ``client()``
    """

    layout = Layout.NESTED

    def __init__(self, client: Any, deadline: Deadline) -> None:
        self._client = client
        self.deadline = deadline

    def list_objects(
        self, container: str, prefix: str, *, folders: bool = False, after: str = "", limit: int | None = None
    ) -> Listing:
        """As ``Store.list_objects``; ``container`` is a bucket."""
        query: dict[str, Any] = {"Bucket": container, "Prefix": prefix} | ({"Delimiter": "/"} if folders else {})
        query |= {"MaxKeys": limit} if limit else {}

        def fetch(after: str) -> paging.Page:
            with self._asked():
                page = self._client.list_objects_v2(**query, **({"StartAfter": after} if after else {}))
                objects = [
                    StoredObject(entry["Key"], entry["Size"], entry.get("LastModified"), _md5(entry))
                    for entry in page.get("Contents", ())
                ]
                below = tuple(entry["Prefix"] for entry in page.get("CommonPrefixes", ()))
            last = max(objects[-1].name if objects else "", below[-1] if below else "")
            return paging.Page(objects, last, bool(page.get("IsTruncated")), below, _date(page))

        return paging.listed(fetch, after, limit)

    def list_containers(self) -> tuple[str, ...]:
        """As ``Store.list_containers``; needs ``s3:ListAllMyBuckets``."""
        with self._asked():
            page = self._client.list_buckets()
            return tuple(sorted(str(bucket["Name"]) for bucket in page.get("Buckets", ())))

    def head(self, container: str, name: str) -> StoredObject:
        """As ``Store.head``."""
        with self._asked():
            found = self._client.head_object(Bucket=container, Key=name)
        return StoredObject(name, found["ContentLength"], found.get("LastModified"), _md5(found))

    def get(
        self, container: str, name: str, limit: int, *, beginning: bool = False, start: int = 0
    ) -> Generator[bytes, None, None]:
        """As ``Store.get``."""
        is_part = beginning or start > 0
        span = {"Range": f"bytes={start}-{limit - 1 if beginning else ''}"} if is_part else {}
        with self._asked():
            try:
                found = self._client.get_object(Bucket=container, Key=name, **span)
            except self._client.exceptions.ClientError as exc:
                if is_part and exc.response.get("Error", {}).get("Code") == "InvalidRange":
                    return
                raise
            with contextlib.closing(found["Body"]) as body:
                if start and "ContentRange" not in found:
                    raise StorageError(Trouble.BROKEN, "the store gave all for a part of it")
                yield from self._pieces(body, found["ContentLength"], limit - start, beginning)

    def _pieces(self, body: Any, size: int, limit: int, beginning: bool) -> Generator[bytes, None, None]:
        if size > limit and not beginning:
            raise StorageError(Trouble.TOO_LARGE, f"{size} bytes")
        left = min(size, limit)
        while left:
            data = body.read(min(_PIECE, left))
            if not data:
                raise StorageError(Trouble.BROKEN, "the answer was cut off")
            self.deadline.left()
            left -= len(data)
            yield data

    @contextlib.contextmanager
    def _asked(self) -> Iterator[None]:
        """Make a call within the limits, and turn every way in which it can fail into a StorageError."""
        from botocore import exceptions

        with limits.connection(self.deadline):
            try:
                yield
            except exceptions.ClientError as exc:
                raise _from_answer(exc.response) from exc
            except (exceptions.ConnectTimeoutError, exceptions.ReadTimeoutError) as exc:
                raise StorageError(Trouble.TOO_SLOW) from exc
            except exceptions.IncompleteReadError as exc:
                raise StorageError(Trouble.BROKEN, "the answer was cut off") from exc
            except (exceptions.ConnectionError, exceptions.HTTPClientError) as exc:
                raise StorageError(Trouble.UNREACHABLE, type(exc).__name__) from exc
            # RecursionError: how botocore 1.44 follows a server that answers each of its redirects with another.
            except (exceptions.BotoCoreError, KeyError, RecursionError) as exc:
                raise StorageError(Trouble.BROKEN, type(exc).__name__) from exc

    def close(self) -> None:
        """Nothing: connections belong to the client, which is shared."""


def _from_answer(response: dict[str, Any]) -> StorageError:
    """What an error of the server means."""
    code = str(response.get("Error", {}).get("Code", ""))[:60]
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status == 400:
        # How S3 answers a GET or HEAD without the key that the object is encrypted with (SSE-C).
        return StorageError(Trouble.DENIED, f"400 {code}: wrong request, or encrypted with a key of its own")
    return StorageError(trouble_of(status), f"{status} {code}")


def _timestamp(value: Any) -> datetime.datetime:
    """A time as S3 gives it: ISO in listings, as in mails in headers."""
    text = str(value)
    try:
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return email.utils.parsedate_to_datetime(text)


def _md5(entry: dict[str, Any]) -> str | None:
    """The MD5 of the stored bytes; an ETag is that only for whole uploads, and not with a key other than S3's own."""
    etag = str(entry.get("ETag", "")).strip('"').lower()
    encryption = str(entry.get("ServerSideEncryption", ""))
    is_other = entry.get("SSECustomerAlgorithm") or encryption.startswith("aws:kms")
    return etag if _MD5.fullmatch(etag) and not is_other else None


def _date(page: dict[str, Any]) -> datetime.datetime | None:
    try:
        return email.utils.parsedate_to_datetime(page["ResponseMetadata"]["HTTPHeaders"]["date"])
    except (KeyError, ValueError):
        return None
