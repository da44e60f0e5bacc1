# SPDX-License-Identifier: Apache-2.0
"""What Cinder can be asked, as plain values: equal questions are asked once, and tests need no cloud to see them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any
from typing import ClassVar

from keystoneauth1 import exceptions as keystoneauth_exceptions

from backup_reset_panel.cinder import reads
from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.client import asked
from backup_reset_panel.core.records import Message
from backup_reset_panel.core.records import Service

#: Cinder's own order of a list that begins with what was not changed for the longest time.
OLDEST_FIRST = "updated_at:asc"
NEWEST_FIRST = "updated_at:desc"

Filters = tuple[tuple[str, str], ...]

_CONVERTED: dict[str, Callable[[Any], Any]] = {
    "backups": reads.to_backup,
    "volumes": reads.to_volume,
    "snapshots": reads.to_snapshot,
}
_MANAGERS = {"snapshots": "volume_snapshots"}


@dataclasses.dataclass(frozen=True)
class Read:
    """One record by its id.

    :param table: backups, volumes or snapshots
    """

    table: str
    id: str

    @property
    def kind(self) -> str:
        """What this question shares with others that would hang if it hangs."""
        return f"one of {self.table}"

    def put(self, cloud: Cloud) -> Any:
        """Ask it.

        :returns: the record
        :raises CinderFault: whatever went wrong; NO_SUCH_BACKUP: there is none, in any of the tables
        """
        return _CONVERTED[self.table](asked(_manager(cloud, self.table).get, self.id))


@dataclasses.dataclass(frozen=True)
class Listed:
    """A list of all projects' rows: whole records, or their ids alone (which costs Cinder less).

    :param table: backups or volumes
    :param filters: (column, value) pairs, all of which have to fit; a column that the API does not show is a filter
        too for administrators, and ``~`` behind it means LIKE
    :param whole: whether records are wanted, instead of ids
    :param sort: as Cinder's API takes it, empty for its own order
    :param limit: how many at most, None for all
    :param marker: id of the row behind which to begin
    """

    table: str
    filters: Filters
    whole: bool = False
    sort: str = ""
    limit: int | None = None
    marker: str | None = None

    @property
    def kind(self) -> str:
        """As ``Read.kind``."""
        return f"list of {self.table}"

    def put(self, cloud: Cloud) -> tuple[Any, ...]:
        """Ask it.

        :returns: tuple of records, or of ids
        :raises CinderFault: NO_SUCH_BACKUP: the marker is gone
        """
        options = {"all_tenants": 1, **({"sort": self.sort} if self.sort else {}), **dict(self.filters)}
        rows = asked(
            _manager(cloud, self.table).list,
            detailed=self.whole,
            search_opts=options,
            limit=self.limit,
            marker=self.marker,
        )
        convert = _CONVERTED[self.table] if self.whole else reads.id_of
        return tuple(convert(row) for row in rows)

    def behind(self, answer: tuple[Any, ...]) -> Listed:
        """The question whether it goes on behind the whole records of an answer: Cinder may give fewer than were asked
        for (``osapi_max_limit``), so that only this tells its end.
        """
        return dataclasses.replace(self, whole=False, marker=answer[-1].id, limit=1)


@dataclasses.dataclass(frozen=True)
class Counted:
    """How many backups pass some filters (microversion 3.45 and later)."""

    filters: Filters

    kind: ClassVar[str] = "count"

    def put(self, cloud: Cloud) -> int | None:
        """Ask it.

        :returns: None where the cloud does not count
        """
        options = {"all_tenants": 1, "with_count": "true", **dict(self.filters)}
        found = asked(cloud.reads.backups.list, detailed=False, search_opts=options, limit=1)
        return found[1] if isinstance(found, tuple) else None


@dataclasses.dataclass(frozen=True)
class Services:
    """All cinder-backup services. Asked below microversion 3.49, from which on the API asks the scheduler: in an
    outage that hangs.

    :param binary: None for Cinder's services of every kind
    """

    binary: str | None = "cinder-backup"

    kind: ClassVar[str] = "services"

    def put(self, cloud: Cloud) -> tuple[Service, ...]:
        """Ask it."""
        return tuple(reads.to_service(row) for row in asked(cloud.reads.services.list, binary=self.binary))


@dataclasses.dataclass(frozen=True)
class Messages:
    """What Cinder told users about one backup; kept for 30 days (``message_ttl``)."""

    backup_id: str

    kind: ClassVar[str] = "messages"

    def put(self, cloud: Cloud) -> tuple[Message, ...]:
        """Ask it."""
        options = {"resource_uuid": self.backup_id}
        return tuple(reads.to_message(row) for row in asked(cloud.reads.messages.list, search_opts=options))


@dataclasses.dataclass(frozen=True)
class ProjectName:
    """The name of a project; Keystone is asked, not Cinder."""

    project_id: str

    kind: ClassVar[str] = "projects"

    def put(self, cloud: Cloud) -> str | None:
        """Ask it; None where Keystone does not tell it: a name is a comfort, never a reason to fail."""
        try:
            name: str = cloud.identity(f"/projects/{self.project_id}")["project"]["name"]
            return name
        except (keystoneauth_exceptions.ClientException, KeyError, TypeError, ValueError):
            return None


@dataclasses.dataclass(frozen=True)
class Projects:
    """The ids of all projects; Keystone is asked, not Cinder."""

    kind: ClassVar[str] = "all projects"

    def put(self, cloud: Cloud) -> tuple[str, ...] | None:
        """Ask it; None where Keystone does not tell."""
        try:
            return tuple(str(project["id"]) for project in cloud.identity("/projects")["projects"])
        except (keystoneauth_exceptions.ClientException, KeyError, TypeError, ValueError):
            return None


Question = Read | Listed | Counted | Services | Messages | ProjectName | Projects


def _manager(cloud: Cloud, table: str) -> Any:
    return getattr(cloud.reads, _MANAGERS.get(table, table))
