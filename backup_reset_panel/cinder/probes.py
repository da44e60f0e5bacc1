# SPDX-License-Identifier: Apache-2.0
"""Questions about columns that Cinder's API does not show, asked by filter.

For administrators every column of ``backups`` and of ``volumes`` is a filter (``cinder/api/common.py``,
``reject_invalid_filters``, 26.3.0 to 29.0.0), ``~`` behind a name meaning LIKE. Nobody promised that, so no answer is
believed without its control: for a match, an impossible value in a hidden column must give no row (whoever Cinder does
not call an administrator may have such filters dropped, and would see every row); for none, the known id alone must
give that one.
"""

import threading

from backup_reset_panel.cinder.client import asked
from backup_reset_panel.cinder.reads import to_backup

IMPOSSIBLE = "backup-reset-panel-no-such-value"

#: Of each table, the hidden column that the first control asks about.
_CONTROL = {"backups": "service", "volumes": "previous_status"}


class ControlsFailed(Exception):
    """This cloud's filters cannot be trusted, at least not for this user."""


class Late(Exception):
    """The time for looking things up is over."""


class Row:
    """One row that is asked about: shared by all the sources of one collection, so that each control is asked once.

    :param cloud: Cloud
    :param backup: Backup as just read
    :param in_time: function without arguments; raises Late when no further request may be started
    """

    def __init__(self, cloud, backup, in_time):
        self.cloud = cloud
        self.backup = backup
        self.in_time = in_time
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
                answers.append(question())
            return answers[0]

    def ask(self, call, *args, **kwargs):
        """One client call, if there is time for it.

        :raises Late: there is not
        :raises CinderFault: it failed
        """
        self.in_time()
        return asked(call, *args, **kwargs)

    def backup_is(self, column, value):
        """Whether the backup's row has that value in a hidden column (``column~``: a value like that).

        :raises ControlsFailed: the answer cannot be trusted
        """
        return self.matches("backups", self.backup.id, column, value)

    def volume_is(self, volume_id, column, value):
        """Likewise for a row of ``volumes``."""
        return self.matches("volumes", volume_id, column, value)

    def matches(self, table, row_id, column, value):
        """Whether the row of that table and id has that value in a hidden column; see ``backup_is``."""
        is_match = self._count(table, row_id, **{column: value}) == 1
        self._control(table, row_id, is_match)
        return is_match

    def _count(self, table, row_id, **filters):
        listed = self.ask(
            getattr(self.cloud.reads, table).list,
            detailed=False,
            search_opts={"all_tenants": 1, "id": row_id, **filters},
        )
        if any(found.id != row_id for found in listed):
            raise ControlsFailed
        return len(listed)

    def _control(self, table, row_id, is_match):
        """Ask what could make an answer wrong: a match means nothing where an impossible value matches as well, and
        none means nothing where the row cannot even be found by its id (which any match has shown).
        """
        if is_match:
            self._found.add((table, row_id))
        elif (table, row_id) in self._found:
            return
        filters, expected = ({_CONTROL[table]: IMPOSSIBLE}, 0) if is_match else ({}, 1)
        key = (table, row_id, *filters)
        if self.once(key, lambda: self._count(table, row_id, **filters)) != expected:
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
    def services(self):
        """The client's rows of all cinder-backup services.

        Asked below microversion 3.49, from which on the list makes the API call the scheduler: in an outage that hangs.
        """
        return self.once("services", lambda: self.ask(self.cloud.reads.services.list, binary="cinder-backup"))
