# SPDX-License-Identifier: Apache-2.0
"""Tries the access to a store with names that nobody has: nothing of a customer's is read, listed or counted."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from collections.abc import Iterator

from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Store
from backup_reset_panel.storage.types import Trouble
from backup_reset_panel.storage.types import read

#: Begins no backup's name.
NOBODYS = "backup-reset-panel-access-check/"

#: What is missing, by kind of store and by what went wrong.
_ADVICE = {
    ("swift", Trouble.DENIED): (
        "the account needs to read: give it a role of Swift's system_reader_roles (reading only), or ResellerAdmin"
    ),
    ("s3", Trouble.DENIED): "the keys need s3:ListBucket on the bucket and s3:GetObject on its objects",
    ("files", Trouble.DENIED): "the user that Horizon runs as needs to read and enter the folder",
    (
        "swift",
        Trouble.NOT_FOUND,
    ): "there is no such container in that account; see backup_swift_container in cinder.conf",
    ("s3", Trouble.NOT_FOUND): "there is no such bucket; see backup_s3_store_bucket in cinder.conf",
    ("files", Trouble.NOT_FOUND): "there is no such folder: is the share mounted here?",
}
_GENERAL = {
    Trouble.UNREACHABLE: "the server cannot be reached from here: look at the address, the firewall and the CA",
    Trouble.TOO_SLOW: "the server does not answer in time",
    Trouble.BROKEN: "what answers there is not such a store",
    Trouble.NOT_CONFIGURED: "the settings are not enough",
    Trouble.TOO_LARGE: "the server sends more than it was asked for",
}


@dataclasses.dataclass(frozen=True)
class Tried:
    """One thing that was tried.

    :param what: list, ask or read
    :param problem: why it cannot be done; empty: it can
    :param advice: what to do about that
    """

    what: str
    problem: str = ""
    advice: str = ""


def probe(store: Store, kind: str, container: str) -> Iterator[Tried]:
    """Try to list, to ask for and to read an object that is not there; ends at the first that cannot be done.

    :param kind: of the store, as in the settings
    :param container: where backups are: container, bucket or folder
    """
    trials: tuple[tuple[str, Callable[[], object], bool], ...] = (
        ("list", lambda: store.list_objects(container, NOBODYS, limit=1), False),
        ("ask", lambda: store.head(container, NOBODYS.strip("/")), True),
        ("read", lambda: read(store, container, NOBODYS.strip("/"), 1), True),
    )
    for what, call, may_be_missing in trials:
        try:
            call()
        except StorageError as exc:
            if not (may_be_missing and exc.trouble is Trouble.NOT_FOUND):
                yield explained(what, kind, exc)
                return
        yield Tried(what)


def explained(what: str, kind: str, exc: StorageError) -> Tried:
    """A failure, and what to do about it."""
    return Tried(what, str(exc), _ADVICE.get((kind, exc.trouble)) or _GENERAL.get(exc.trouble, ""))
