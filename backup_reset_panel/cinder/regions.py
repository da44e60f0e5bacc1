# SPDX-License-Identifier: Apache-2.0
"""Lists of backups in the whole cloud, asked for side by side under one budget of time."""

import concurrent.futures
import dataclasses

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.client import asked
from backup_reset_panel.cinder.collect import POOL
from backup_reset_panel.cinder.collect import gap
from backup_reset_panel.cinder.filters import in_statuses
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.outcome import FaultKind

OLDEST_FIRST = "updated_at:asc"


@dataclasses.dataclass(frozen=True)
class Region:
    """One list of backups of all projects, the longest unchanged first.

    :param statuses: the statuses of all of them, see ``in_statuses``
    :param filters: (name, value) pairs that Cinder filters by
    :param marker: id of the backup after which it begins, None: at the start
    :param limit: how many rows at most
    """

    statuses: tuple[str, ...]
    filters: tuple[tuple[str, str], ...] = ()
    marker: str | None = None
    limit: int = 50

    @property
    def name(self):
        """What the region is called in the page's place in the list."""
        return "+".join(self.statuses)

    def options(self, **more):
        """Search options for python-cinderclient, with some more filters."""
        return {"all_tenants": 1, "sort": OLDEST_FIRST, **in_statuses(self.statuses), **dict(self.filters), **more}


class Lists:
    """Lists asked for side by side under one budget; each may fail by itself.

    :param cloud: Cloud
    :param clock: function that gives seconds
    :param budget: seconds for all of them
    """

    def __init__(self, cloud, clock, budget):
        self.cloud = cloud
        self.clock = clock
        self.end = clock() + budget
        self.refused = None

    def ask(self, questions):
        """Ask questions.

        :param questions: (key, function, keyword arguments) triples
        :returns: dict of key to answer, Unknown where there was none
        :raises CinderFault: TOKEN_REFUSED
        """
        asking = {POOL.submit(self._one, call, kwargs): key for key, call, kwargs in questions}
        concurrent.futures.wait(asking, timeout=max(0, self.end - self.clock()))
        answers = {}
        for future, key in asking.items():
            answers[key] = future.result() if future.done() else Unknown(Gap.TIMED_OUT)
            future.cancel()
        if self.refused:
            raise CinderFault(self.refused)
        return answers

    def _one(self, call, kwargs):
        if self.clock() > self.end:
            return Unknown(Gap.TIMED_OUT)
        try:
            return asked(call, **kwargs)
        except CinderFault as exc:
            if exc.fault.kind is FaultKind.TOKEN_REFUSED:
                self.refused = exc.fault
            if exc.fault.kind is FaultKind.NO_SUCH_BACKUP:
                return Unknown(Gap.FAILED, "marker")
            return gap(exc.fault)
