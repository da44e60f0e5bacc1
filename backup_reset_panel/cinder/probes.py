# SPDX-License-Identifier: Apache-2.0
"""Questions about columns that Cinder's API does not show, asked by filter.

For administrators every column of ``backups`` and of ``volumes`` is a filter (``cinder/api/common.py``,
``reject_invalid_filters``, 26.3.0 to 29.0.0), ``~`` behind a name meaning LIKE. Nobody promised that, so no answer is
believed without its control: for a match, an impossible value in a hidden column must give no row (whoever Cinder does
not call an administrator may have such filters dropped, and would see every row); for none, the known id alone must
give that one.
"""

import concurrent.futures
import threading
import time

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.client import asked
from backup_reset_panel.cinder.filters import in_statuses
from backup_reset_panel.cinder.reads import to_backup
from backup_reset_panel.core import statuses

IMPOSSIBLE = "backup-reset-panel-no-such-value"

#: Of each table, the hidden column that the first control asks about.
_CONTROL = {"backups": "service", "volumes": "previous_status"}


class ControlsFailed(Exception):
    """This cloud's filters cannot be trusted, at least not for this user."""


class Late(Exception):
    """The time for looking things up is over."""


class Budget:
    """Time for looking things up.

    :param seconds: from now on
    :param clock: function that gives seconds
    """

    def __init__(self, seconds, clock=time.monotonic):
        self._clock = clock
        self._end = clock() + seconds

    @property
    def left(self):
        """Seconds until it is used up, at least 0."""
        return max(0, self._end - self._clock())

    def check(self):
        """Let a request be started.

        :raises Late: the budget is used up
        """
        if self._clock() > self._end:
            raise Late


def services_question(cloud):
    """Key and question of the list of all cinder-backup services, see ``Row.once``.

    Asked below microversion 3.49, from which on the list makes the API call the scheduler: in an outage that hangs.
    """
    return "services", lambda: asked(cloud.reads.services.list, binary="cinder-backup")


def control_question(cloud, table, row_id):
    """Key and question of the control for a match: how many rows an impossible value gives."""
    filters = {_CONTROL[table]: IMPOSSIBLE}
    return (table, row_id, *filters), lambda: count(cloud, table, row_id, **filters)


def count(cloud, table, row_id, **filters):
    """How many rows of that id pass some filters: 0 or 1.

    :raises ControlsFailed: another row came
    :raises CinderFault: it could not be asked
    """
    options = {"all_tenants": 1, "id": row_id, **filters}
    listed = asked(getattr(cloud.reads, table).list, detailed=False, search_opts=options)
    if any(found.id != row_id for found in listed):
        raise ControlsFailed
    return len(listed)


class Row:
    """One row that is asked about: shared by all the sources of one collection, so that each control is asked once.

    :param cloud: Cloud
    :param backup: Backup as just read
    :param budget: Budget
    :param begun: questions that are being asked already, a key of ``once`` to a Future
    """

    def __init__(self, cloud, backup, budget, begun=()):
        self.cloud = cloud
        self.backup = backup
        self.budget = budget
        self._begun = dict(begun)
        self._services = self._begun.get("services")
        self._lock = threading.Lock()
        self._once = {}
        self._found = set()

    def once(self, key, question):
        """The answer to a question that several sources have, asked by the first of them; the others wait for it.

        A question that fails is asked anew by the next.

        :param key: what the question is known by
        :param question: function without arguments
        """
        with self._lock:
            lock, answers = self._once.setdefault(key, (threading.Lock(), []))
        with lock:
            if not answers:
                begun = self._begun.pop(key, None)
                answers.append(self._await(begun, self.budget.left) if begun else self._timely(question))
            return answers[0]

    def _timely(self, question):
        self.budget.check()
        return question()

    def _await(self, begun, seconds):
        try:
            return begun.result(timeout=seconds)
        except concurrent.futures.TimeoutError:
            raise Late from None

    def ask(self, call, *args, **kwargs):
        """One client call, if there is time for it.

        :raises Late: there is not
        :raises CinderFault: it failed
        """
        self.budget.check()
        return asked(call, *args, **kwargs)

    def backup_is(self, column, value):
        """Whether the backup's row has that value in a hidden column (``column~``: a value like that).

        :raises ControlsFailed: the answer cannot be trusted
        """
        return self.matches("backups", self.backup.id, **{column: value})

    def volume_is(self, volume_id, column, value):
        """Likewise for a row of ``volumes``."""
        return self.matches("volumes", volume_id, **{column: value})

    def matches(self, table, row_id, **columns):
        """Whether the row of that table and id has those values in hidden columns, all of them; see ``backup_is``."""
        self.budget.check()
        is_match = count(self.cloud, table, row_id, **columns) == 1
        self._control(table, row_id, is_match)
        return is_match

    def believe_match(self, table, row_id):
        """Make sure that filters on hidden columns are not dropped, after one has let that row pass.

        :raises ControlsFailed: they are
        """
        self._control(table, row_id, is_match=True)

    def _control(self, table, row_id, is_match):
        """Ask what could make an answer wrong: a match means nothing where an impossible value matches as well, and
        none means nothing where the row cannot even be found by its id (which any match has shown).
        """
        if is_match:
            self._found.add((table, row_id))
            expected, (key, question) = 0, control_question(self.cloud, table, row_id)
        elif (table, row_id) in self._found:
            return
        else:
            expected, key, question = 1, (table, row_id), lambda: count(self.cloud, table, row_id)
        if self.once(key, question) != expected:
            raise ControlsFailed

    def backups(self, **filters):
        """Backups of all projects that match, as records."""
        listed = self.ask(self.cloud.reads.backups.list, search_opts={"all_tenants": 1, **filters})
        return tuple(to_backup(raw) for raw in listed)

    @property
    def siblings(self):
        """All backups of the same volume, newest first, this one among them."""
        found = self.once("siblings", lambda: self.backups(volume_id=self.backup.volume_id))
        return tuple(sorted(found, key=lambda sibling: str(sibling.created_at), reverse=True))

    @property
    def in_flight(self):
        """Backups of the same volume, at least those that are in flight; all of them only where that is needed."""
        if self.backup.is_incremental:
            return self.siblings
        options = {"volume_id": self.backup.volume_id, **in_statuses((statuses.CREATING, statuses.RESTORING))}
        return self.once("in flight", lambda: self.backups(**options))

    def hosts_within(self, seconds):
        """The hosts of all cinder-backup services; none if they are not told in time, or not at all."""
        try:
            return tuple(raw.host for raw in self._services.result(timeout=seconds)) if self._services else ()
        except (CinderFault, concurrent.futures.TimeoutError):
            return ()

    @property
    def services(self):
        """The client's rows of all cinder-backup services."""
        return self.once(*services_question(self.cloud))
