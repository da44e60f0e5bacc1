# SPDX-License-Identifier: Apache-2.0
"""What a site may set, and what an administrator may tick."""

import dataclasses
import datetime
import enum


@dataclasses.dataclass(frozen=True)
class Rules:
    """The site's settings that plans depend on. They touch no Cinder behaviour.

    :param override_allowed: whether ``available`` may be asked for without proof, with an override
    :param take_up_patience: timedelta, for how long a backup that no cinder-backup has taken up may simply be waiting
    """

    override_allowed: bool = True
    take_up_patience: datetime.timedelta = datetime.timedelta(minutes=15)


class Tick(enum.Enum):
    """What the administrator can take upon themselves, one tick box each; no record of Cinder's can answer these.

    OVERRIDE: ``available`` without proof. NEVER_DELETED: a backup that was complete once was never being deleted.
    MAY_BE_LIVE: reset although a job may be at work. PROCESS_DEAD: the process that worked on it is known to be dead.
    """

    OVERRIDE = "override"
    NEVER_DELETED = "never_deleted"
    MAY_BE_LIVE = "may_be_live"
    PROCESS_DEAD = "process_dead"
