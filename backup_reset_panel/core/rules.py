# SPDX-License-Identifier: Apache-2.0
"""What a site may set, and what an administrator may tick."""

from __future__ import annotations

import dataclasses
import datetime
import enum


@dataclasses.dataclass(frozen=True)
class Rules:
    """The site's settings that decisions depend on.

    :param override_allowed: whether ``available`` may be asked for without proof, with an override
    :param not_taken_up: for how long a backup that no cinder-backup has taken up may simply be waiting
    :param complete_unchanged: for how long a job may take to end after all data is written
    :param long_running: for how long any job may take
    """

    override_allowed: bool = True
    not_taken_up: datetime.timedelta = datetime.timedelta(minutes=15)
    complete_unchanged: datetime.timedelta = datetime.timedelta(minutes=10)
    long_running: datetime.timedelta = datetime.timedelta(hours=24)


class Tick(enum.Enum):
    """What the administrator can take upon themselves, one tick box each; no record of Cinder's can answer these.

    OVERRIDE: ``available`` without proof. NEVER_DELETED: a backup that was complete once was never being deleted.
    PROCESS_DEAD: no process works on it any more; they looked. EARLIER_RESET: an earlier reset to the other status may
    still be applied over this one. NO_MARK: nothing will show later that it was being deleted.
    """

    OVERRIDE = "override"
    NEVER_DELETED = "never_deleted"
    PROCESS_DEAD = "process_dead"
    EARLIER_RESET = "earlier_reset"
    NO_MARK = "no_mark"
