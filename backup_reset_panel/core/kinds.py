# SPDX-License-Identifier: Apache-2.0
"""The values that verdicts are made of. What each rests on in Cinder is said at the rule that gives it."""

import enum


class Kind(enum.Enum):
    """What a verdict says; one a row of the table in ``verdict.py``, which names the Cinder code behind it."""

    UNREADABLE = "unreadable"
    NOT_TAKEN_UP = "not_taken_up"
    IMPORT_UNFINISHED = "import_unfinished"
    DELETE_BEGUN = "delete_begun"
    AVAILABLE = "available"
    UNKNOWN_STATUS = "unknown_status"
    DELETE_TRIED = "delete_tried"
    DRIVER_UNKNOWN = "driver_unknown"
    CHAIN_NOT_PROVED = "chain_not_proved"
    COMPLETE = "complete"
    WAS_COMPLETE = "was_complete"
    WAS_AVAILABLE = "was_available"
    WAS_AVAILABLE_UNTOLD = "was_available_untold"
    NEVER_PROVED = "never_proved"
    CANNOT_TELL = "cannot_tell"
    NO_PROOF = "no_proof"


class Level(enum.Enum):
    """How a verdict is coloured, from what Cinder's record proves; the headline says the same in words."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"


class Permission(enum.Enum):
    """On what terms ``available`` may be asked for: not at all, freely, by override, or after a confirmation.

    Cinder has one term only, the policy (29.0.0 ``policies/backup_actions.py``).
    """

    NO = "no"
    YES = "yes"
    OVERRIDE = "override"
    CONFIRM = "confirm"


class Advice(enum.Enum):
    """What is recommended. LEAVE: no change. REPAIR: free volume or snapshot, send no reset. NONE: no advice.

    AVAILABLE and ERROR are the two statuses that ``os-reset_status`` takes (29.0.0 ``api/validation/validators.py``).
    """

    AVAILABLE = "available"
    ERROR = "error"
    LEAVE = "leave"
    REPAIR = "repair"
    NONE = "none"


class RepairKind(enum.Enum):
    """What else a stuck backup can hold: source volume or snapshot, or restored volume (29.0.0 ``backup/api.py``)."""

    VOLUME = "volume"
    SNAPSHOT = "snapshot"
    RESTORE_TARGET = "restore_target"


class Choice(enum.Enum):
    """What the administrator asks for: one of the two statuses that ``os-reset_status`` takes (29.0.0
    ``api/validation/validators.py``), or repair without a reset."""

    AVAILABLE = "available"
    ERROR = "error"
    REPAIR = "repair"
