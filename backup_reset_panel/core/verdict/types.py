# SPDX-License-Identifier: Apache-2.0
"""The values that verdicts are made of."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable

from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.liveness import Life
from backup_reset_panel.core.notes import Text


class Kind(enum.Enum):
    """What the record says: one value for each row of the table in ``table.py``."""

    UNREADABLE = "unreadable"
    NOT_ANSWERED = "not_answered"
    NOT_TAKEN_UP = "not_taken_up"
    IMPORT_UNFINISHED = "import_unfinished"
    DELETE_BEGUN = "delete_begun"
    AVAILABLE = "available"
    UNKNOWN_STATUS = "unknown_status"
    DELETE_TRIED = "delete_tried"
    BEING_WRITTEN = "being_written"
    WHOLE = "whole"
    DAMAGED = "damaged"
    WAS_WHOLE = "was_whole"
    DRIVER_UNKNOWN = "driver_unknown"
    CHAIN_NOT_ASKED = "chain_not_asked"
    CHAIN_NOT_PROVED = "chain_not_proved"
    COMPLETE = "complete"
    WAS_COMPLETE = "was_complete"
    WAS_AVAILABLE = "was_available"
    WAS_AVAILABLE_UNTOLD = "was_available_untold"
    NEVER_PROVED = "never_proved"
    CANNOT_TELL = "cannot_tell"
    NO_PROOF = "no_proof"


#: All data was written: as recorded, or as its store shows.
COMPLETE = frozenset({Kind.COMPLETE, Kind.WHOLE})


#: What only a look at the backup's store tells.
OF_THE_STORE = frozenset({Kind.BEING_WRITTEN, Kind.WHOLE, Kind.DAMAGED, Kind.WAS_WHOLE})


class Level(enum.Enum):
    """How a verdict is coloured; the headline says the same in words. LIVE: a job is probably at work."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"
    LIVE = "live"


class Permission(enum.Enum):
    """On what terms ``available`` may be asked for: not at all, freely, by override, or after a confirmation."""

    NO = "no"
    YES = "yes"
    OVERRIDE = "override"
    CONFIRM = "confirm"


class Advice(enum.Enum):
    """What is recommended. LEAVE: no change. WAIT: a job is probably at work. NONE: nothing is known well enough.

    REMOVE: free volume or snapshot, then delete the record. REPAIR: free volume or snapshot, send no reset. AVAILABLE
    and ERROR are the two statuses that ``os-reset_status`` takes (29.0.0 ``api/validation/validators.py``).
    """

    AVAILABLE = "available"
    ERROR = "error"
    LEAVE = "leave"
    REMOVE = "remove"
    REPAIR = "repair"
    WAIT = "wait"
    NONE = "none"


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What Cinder's record proves, whether a job is at work, and what follows from both.

    :param row: number of the row in the design's table, 1 to 16; 17 to 20 are those of the store
    :param kind: Kind, what the record says
    :param life: Life, what can be said of a job
    :param level: Level, its colour
    :param headline: lazy text, the one line of the dialog
    :param by_record: Advice that the record alone leads to: once it is known that no job is at work
    :param available: Permission for ``available``
    :param reasons: lazy texts for the fold, most telling first
    """

    row: int
    kind: Kind
    life: Life
    level: Level
    headline: Text
    recommended: Advice
    by_record: Advice
    available: Permission
    reasons: tuple[Text, ...] = ()


@dataclasses.dataclass(frozen=True)
class Row:
    """One row of the table: its number, the test, and what it leads to.

    ``level``, ``recommended`` and ``available`` hold for every status, but for a backup that is restoring the triple
    ``restoring``, where there is one: a reset to ``available`` gives back the status that it had (29.0.0
    ``backup/api.py`` ``restore`` takes no other).
    """

    number: int
    kind: Kind
    matches: Callable[[Evidence], bool]
    level: Level
    recommended: Advice
    available: Permission
    restoring: tuple[Level, Advice, Permission] | None = None
