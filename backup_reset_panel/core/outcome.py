# SPDX-License-Identifier: Apache-2.0
"""What became of a reset: only what was seen, never what was hoped for."""

import dataclasses
import enum

from backup_reset_panel.core import statuses
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.signs import CLEANED_UP


class FaultKind(enum.Enum):
    """Why a request to Cinder gave no usable answer."""

    BAD_REQUEST = "bad_request"
    TOKEN_REFUSED = "token_refused"  # noqa: S105  (a kind, not a secret)
    FORBIDDEN = "forbidden"
    NO_SUCH_BACKUP = "no_such_backup"
    NO_SERVICE = "no_service"
    CONFLICT = "conflict"
    OVER_LIMIT = "over_limit"
    SERVER_ERROR = "server_error"
    OTHER_ANSWER = "other_answer"
    GARBLED = "garbled"
    TIMED_OUT = "timed_out"
    BROKEN_OFF = "broken_off"
    NO_CONNECTION = "no_connection"
    NO_ENDPOINT = "no_endpoint"


@dataclasses.dataclass(frozen=True)
class Fault:
    """One failed request: its kind, HTTP code and Cinder's own words where it answered, and its request id."""

    kind: FaultKind
    code: int | None = None
    detail: str = ""
    request_id: str = ""


#: After one of these the request may have reached Cinder all the same: follow it up, never repeat it.
PERHAPS_SENT = frozenset(
    {FaultKind.TIMED_OUT, FaultKind.BROKEN_OFF, FaultKind.GARBLED, FaultKind.SERVER_ERROR, FaultKind.OTHER_ANSWER}
)

#: Where one request meets one of these, the next would as well, for now.
GONE = frozenset({FaultKind.TOKEN_REFUSED, FaultKind.TIMED_OUT, FaultKind.BROKEN_OFF, FaultKind.NO_CONNECTION})


class Ending(enum.Enum):
    """How a reset ended, as far as it was seen."""

    APPLIED = "applied"
    ACCEPTED = "accepted"
    IGNORED = "ignored"
    SETTLED_OTHERWISE = "settled_otherwise"
    DELETED_MEANWHILE = "deleted_meanwhile"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    HALF_WAY = "half_way"
    REPAIRED = "repaired"


#: Endings after which a look a moment later may show something else.
OPEN = frozenset({Ending.ACCEPTED, Ending.UNKNOWN})


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

    :param step: core.repairs.RepairStep
    :param ending: RepairEnding
    :param now: the status last read, None if it could not be read
    :param fault: Fault, if there was one
    :param request_id: Cinder's
    """

    step: object
    ending: RepairEnding
    now: str | None = None
    fault: Fault | None = None
    request_id: str = ""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The ending of one reset with the facts to tell it.

    ``before`` is the backup as read just before the reset was sent, ``now`` as last read (None: it is gone, or could
    not be read), ``target`` the status asked for (empty: a repair without a reset), ``request_id`` that of the
    accepted reset, ``cause`` the core.notes.Note of why it was ignored.
    """

    ending: Ending
    before: Backup
    target: str
    now: Backup | None = None
    fault: Fault | None = None
    request_id: str = ""
    repairs: tuple[RepairOutcome, ...] = ()
    cause: object = None

    @property
    def is_open(self):
        """Whether a later look may still show another ending."""
        return self.ending in OPEN


def untouched(before, now):
    """Whether nothing but the status differs between two reads of one backup.

    A reset writes the status and nothing else (``cinder/backup/manager.py``, ``reset_status``, 29.0.0), so a new fail
    reason, object count or container is somebody else's doing. ``updated_at`` proves nothing: the API bumps it on
    acceptance.
    """
    return (before.fail_reason, before.object_count, before.container) == (
        now.fail_reason,
        now.object_count,
        now.container,
    )


def cleaned_up(before, now):
    """Whether all that differs is what a start of cinder-backup does to a backup in ``creating``: an error, so called.

    It cleans up what names its host before it takes a message (29.0.0 ``backup/manager.py`` ``init_host``). So a reset
    that waits in its queue is applied after that.

    :param before: Backup, read just before the reset was sent
    :param now: Backup as read afterwards; its status may have been reset since
    """
    is_its_reason = before.status == statuses.CREATING and now.fail_reason == CLEANED_UP != before.fail_reason
    return is_its_reason and untouched(dataclasses.replace(before, fail_reason=CLEANED_UP), now)


def observe(before, target, now):
    """Name the ending from two reads.

    :param before: Backup, read just before the reset was sent
    :param target: the status asked for; differs from ``before.status``
    :param now: Backup as read afterwards, or None when Cinder says that it is gone
    :returns: Ending (APPLIED, ACCEPTED, SETTLED_OTHERWISE or DELETED_MEANWHILE)
    """
    if now is None:
        return Ending.DELETED_MEANWHILE
    if target != statuses.ERROR and cleaned_up(before, now):
        before = dataclasses.replace(now, status=statuses.ERROR)
    if not untouched(before, now):
        return Ending.SETTLED_OTHERWISE
    if now.status == target:
        return Ending.APPLIED
    if now.status == before.status:
        return Ending.ACCEPTED
    return Ending.SETTLED_OTHERWISE


def with_look(sent, now):
    """An open Outcome after one more look at the backup; what was not known to be accepted stays so until it is seen.

    :param sent: Outcome
    :param now: Backup as just read, or None when Cinder says that it is gone
    :returns: Outcome
    """
    ending = observe(sent.before, sent.target, now)
    if ending is Ending.ACCEPTED and sent.ending is Ending.UNKNOWN:
        ending = Ending.UNKNOWN
    return _settled(dataclasses.replace(sent, ending=ending, now=now))


def _settled(outcome):
    """A repair that waited for a reset is not sent behind the administrator's back: it is told as left."""
    if outcome.is_open:
        return outcome
    repairs = tuple(
        dataclasses.replace(each, ending=RepairEnding.LEFT) if each.ending is RepairEnding.WAITING else each
        for each in outcome.repairs
    )
    return dataclasses.replace(outcome, repairs=repairs)
