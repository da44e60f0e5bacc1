# SPDX-License-Identifier: Apache-2.0
"""A reset of ours that may not have been applied yet: what is known of it, for whoever comes next."""

from __future__ import annotations

import dataclasses
import datetime
import enum


class Stage(enum.Enum):
    """How far a reset has come, as far as is known.

    CLAIMED: it is about to be sent, nothing has left. PERHAPS_SENT: it may have reached Cinder. ACCEPTED: Cinder took
    it (202), and it waits for a cinder-backup. One that was seen applied is pending no more.
    """

    CLAIMED = "claimed"
    PERHAPS_SENT = "perhaps_sent"
    ACCEPTED = "accepted"


#: Between the moment at which we send a reset and that of Cinder's own note of its host: the POST, and two clocks.
_NOTED_WITHIN = datetime.timedelta(seconds=15)
#: A request that claims something ends long before this. A claim that is older was left by a worker that died.
CLAIM_SECONDS = 30


@dataclasses.dataclass(frozen=True)
class Pending:
    """One reset that is on its way.

    Each reset goes to any host that is up and is written blindly whenever that handles it (29.0.0
    ``backup/manager.py`` ``reset_status``): so the earlier of two can win. The same one again can only repeat itself.

    :param target: the status that it carries
    :param since: aware datetime of the last thing known of it
    :param owner: who may end it: a word that is made up for each
    :param by: log-in name of who sent it
    :param host: the cinder-backup that was given it, None: not known
    :param request_id: Cinder's, or empty
    """

    target: str
    stage: Stage
    since: datetime.datetime
    owner: str = ""
    by: str = ""
    host: str | None = None
    request_id: str = ""

    def has_written_last(self, written: datetime.datetime | None) -> bool:
        """Whether nobody has written to the backup since this reset was taken.

        The API saves the host that it picks, which writes ``updated_at`` (29.0.0 ``backup/api.py`` ``reset_status``). A
        job that is begun later, or comes to an end, writes again.

        :param written: ``updated_at`` of the backup
        """
        return bool(self.target) and written is not None and abs(written - self.since) <= _NOTED_WITHIN

    def is_being_sent(self, now: datetime.datetime) -> bool:
        """Whether the request that sends it is still at it: then the next one waits for its end, a moment."""
        age = (now - self.since).total_seconds()
        return self.stage is Stage.CLAIMED and age < CLAIM_SECONDS
