# SPDX-License-Identifier: Apache-2.0
"""The values that outcomes are made of."""

from __future__ import annotations

import dataclasses
import enum

from backup_reset_panel.core.notes import Note
from backup_reset_panel.core.plan.types import RepairKind
from backup_reset_panel.core.plan.types import RepairStep
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Snapshot
from backup_reset_panel.core.records import Volume


class FaultKind(enum.Enum):
    """Why a request to Cinder gave no usable answer.

    BUSY: no connection was free in time, so nothing was sent. NO_CONNECTION: none could be made, so nothing was sent.
    UNTRUSTED: Horizon does not trust Cinder's certificate, so nothing was sent.
    """

    BAD_REQUEST = "bad_request"
    TOKEN_REFUSED = "token_refused"  # nosec B105  # noqa: S105  (a kind, not a secret)
    FORBIDDEN = "forbidden"
    NO_SUCH_BACKUP = "no_such_backup"
    NO_SERVICE = "no_service"
    NOT_SUPPORTED = "not_supported"
    CONFLICT = "conflict"
    OVER_LIMIT = "over_limit"
    SERVER_ERROR = "server_error"
    OTHER_ANSWER = "other_answer"
    GARBLED = "garbled"
    TIMED_OUT = "timed_out"
    BROKEN_OFF = "broken_off"
    NO_CONNECTION = "no_connection"
    UNTRUSTED = "untrusted"
    BUSY = "busy"
    NO_ENDPOINT = "no_endpoint"
    OTHER_REGION = "other_region"
    NOT_VISIBLE = "not_visible"


@dataclasses.dataclass(frozen=True)
class Fault:
    """One failed request: its kind, HTTP code and Cinder's own words where it answered, and its request id."""

    kind: FaultKind
    code: int | None = None
    detail: str = ""
    request_id: str = ""


#: After one of these the request may have reached Cinder all the same: follow it up, never repeat it by ourselves.
PERHAPS_SENT = frozenset(
    {FaultKind.TIMED_OUT, FaultKind.BROKEN_OFF, FaultKind.GARBLED, FaultKind.SERVER_ERROR, FaultKind.OTHER_ANSWER}
)

#: After one of these nothing has left Horizon.
NEVER_LEFT = frozenset({FaultKind.NO_CONNECTION, FaultKind.UNTRUSTED, FaultKind.BUSY, FaultKind.NO_ENDPOINT})

#: Where one request meets one of these, the next would as well, for now.
GONE = frozenset({FaultKind.TOKEN_REFUSED, FaultKind.TIMED_OUT, FaultKind.BROKEN_OFF, *NEVER_LEFT})


class Ending(enum.Enum):
    """How a reset ended, as far as it was seen.

    APPLIED: it is in the wanted status, and no job could have left it so. REACHED: it is in the wanted status; whether
    by this reset or by its job cannot be told. ACCEPTED: Cinder took it, and it is not applied yet. UNKNOWN: whether
    Cinder took it is not known. IGNORED: it never will be applied, which is proved. SETTLED_OTHERWISE: something else
    changed the backup. HALF_WAY: the first of two was applied, and what has to go before the second is still there.
    REPAIRED: no reset was sent. REMOVED: the record is gone. REMOVING: Cinder took its removal, and it is still there.
    STOPPED: a removal was given up, since the backup was taken up after all, or a step failed.
    """

    APPLIED = "applied"
    REACHED = "reached"
    ACCEPTED = "accepted"
    IGNORED = "ignored"
    SETTLED_OTHERWISE = "settled_otherwise"
    DELETED_MEANWHILE = "deleted_meanwhile"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    HALF_WAY = "half_way"
    REPAIRED = "repaired"
    REMOVED = "removed"
    REMOVING = "removing"
    STOPPED = "stopped"


#: Endings after which a look a moment later may show something else.
OPEN = frozenset({Ending.ACCEPTED, Ending.UNKNOWN, Ending.REMOVING})


class RepairEnding(enum.Enum):
    """How one repair ended.

    DONE: the new status was read back. CHANGED: it no longer was as planned, nothing was sent. REFUSED: Cinder said no.
    UNKNOWN: sent, and not seen. WAITING: the reset before it was not seen applied, nothing was sent. LEFT: that
    reset was settled later, and nothing was sent.
    """

    DONE = "done"
    CHANGED = "changed"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    WAITING = "waiting"
    LEFT = "left"


@dataclasses.dataclass(frozen=True)
class RepairOutcome:
    """How one repair of a volume or snapshot ended.

    :param step: what was to be done
    :param now: the status last read, None if it could not be read
    :param fault: Fault, if there was one
    :param request_id: Cinder's
    """

    step: RepairStep
    ending: RepairEnding
    now: str | None = None
    fault: Fault | None = None
    request_id: str = ""


@dataclasses.dataclass(frozen=True)
class Held:
    """What a job would set free before it writes its last status, as it was when the reset was sent.

    :param id: id of the volume or snapshot
    :param status: its status then; empty: it was gone
    :param touched: when Cinder wrote to it last, as text; None: never, as far as is known
    """

    kind: RepairKind
    id: str
    status: str
    touched: str | None = None

    @classmethod
    def of(cls, kind: RepairKind, record: Volume | Snapshot) -> Held:
        """As it is read now (``updated_at`` of Cinder's record)."""
        touched = record.updated_at.isoformat() if record.updated_at else None
        return cls(kind, record.id, record.status or "", touched)


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The ending of one reset with the facts to tell it.

    :param before: the backup as read just before the reset was sent
    :param target: the status asked for; empty: no reset
    :param now: as last read; None: it is gone, or could not be read
    :param fault: what kept us from knowing, or why it was refused
    :param request_ids: Cinder's, of what it accepted
    :param repairs: what came of them
    :param locked: what this backup still holds, and nothing was done about
    :param holds: while it is open: what it held, and nothing is done about
    :param held: what tells a job's end from ours, None where nothing does
    :param host: the cinder-backup that was given the reset, None: not known
    :param waited: seconds since Cinder took it, as far as is known
    :param cause: why it was ignored, or a removal stopped
    """

    ending: Ending
    before: Backup
    target: str
    now: Backup | None = None
    fault: Fault | None = None
    request_ids: tuple[str, ...] = ()
    repairs: tuple[RepairOutcome, ...] = ()
    locked: tuple[RepairStep, ...] = ()
    holds: tuple[RepairStep, ...] = ()
    held: Held | None = None
    host: str | None = None
    waited: float = 0.0
    cause: Note | None = None

    @property
    def is_open(self) -> bool:
        """Whether a later look may still show another ending."""
        return self.ending in OPEN
