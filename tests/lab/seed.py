# SPDX-License-Identifier: Apache-2.0
"""Rows by the thousand, for what has to be tried at a size that real backups would take days to reach.

Seeded rows are what Cinder's services leave in its database (29.0.0), but nothing is behind them: a seeded volume has
no file, a seeded backup cannot be restored. Their projects are real, and so are the cinder-backup hosts that they
name. Those of the stuck ones were really killed.
"""

import dataclasses
import datetime
import itertools
import uuid

import sqlalchemy

from tests.lab import cinder
from tests.lab import database
from tests.lab import keystone
from tests.lab import stores
from tests.lab.errors import LabError

PROJECTS = 20
#: Statuses and object counts of seeded stuck backups, in turn: dead after the last byte, before the first, before the
#: first, and dead while it was restored.
STUCK = (("creating", 32), ("creating", 0), ("creating", 0), ("restoring", 32))
#: One healthy backup in so many is one that failed; every second of these was complete once.
ONE_ERROR_IN = 30
ROWS_AT_ONCE = 1000
MINUTE = datetime.timedelta(minutes=1)


@dataclasses.dataclass(frozen=True)
class Stuck:
    """A seeded stuck backup: its row as it was put in, and that of its source volume."""

    backup: dict
    volume: dict

    @property
    def id(self) -> str:
        """The backup's id."""
        return self.backup["id"]


class Seed:
    """Fills one lab; more than once if wanted: numbers in names go on.

    :param lab: a ``tests.lab.Lab`` that is up
    :param projects: over how many projects the rows are spread
    """

    def __init__(self, lab, projects: int = PROJECTS) -> None:
        self.lab = lab
        self.projects = _make_projects(lab.state, projects)
        self.now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0, tzinfo=None)
        self._engine = database.engine(lab.state)
        self._type_id = lab.client().volume_types.find(name=cinder.VOLUME_TYPE).id
        self._user_id = lab.client().client.session.get_user_id()

    def fill(
        self, volumes: int, backups: int, stuck: int = 0, held: bool = True, dead: list[str] | None = None
    ) -> list[Stuck]:
        """Put rows in; with stuck ones, the cinder-backup hosts that ran are then killed, and replaced by others.

        :param volumes: how many volumes, at least one if there are to be backups
        :param backups: how many backups, the stuck ones among them
        :param held: whether the volumes of stuck backups are still held, as a failure leaves them
        :param dead: hosts that were killed already, for the stuck ones; then nothing is killed
        :returns: the stuck ones
        :raises LabError: when the numbers do not fit together
        """
        if stuck > backups or stuck > volumes or (backups and not volumes):
            raise LabError("Seed at most as many stuck backups as backups and as volumes, and no backup without one.")
        hosts = self.lab.hosts.ensure()
        first = self._count("volumes")
        volume_rows = [self._volume(first + number) for number in range(volumes)]
        owners = itertools.cycle(dead or hosts)
        made = [self._stuck(number, volume, next(owners)) for number, volume in enumerate(volume_rows[:stuck])]
        _hold(made, held)
        sources = itertools.cycle(volume_rows)
        first = self._count("backups")
        healthy = [self._healthy(first + number, next(sources), hosts[0]) for number in range(backups - stuck)]
        self._insert("volumes", volume_rows)
        self._insert("backups", [each.backup for each in made] + healthy)
        if stuck and not dead:
            self.lab.hosts.replace(hosts)
        return made

    def stick(self, stuck: list[Stuck], held: bool = True) -> None:
        """Put stuck backups and their volumes back to what they were when they were seeded.

        :param held: whether their volumes are to be held
        """
        _hold(stuck, held)
        database.put_back(self.lab.state, "backups", [each.backup for each in stuck])
        database.put_back(self.lab.state, "volumes", [each.volume for each in stuck])

    def _insert(self, name: str, rows: list[dict]) -> None:
        with self._engine.begin() as connection:
            table = sqlalchemy.Table(name, sqlalchemy.MetaData(), autoload_with=connection)
            for start in range(0, len(rows), ROWS_AT_ONCE):
                connection.execute(table.insert(), rows[start : start + ROWS_AT_ONCE])

    def _count(self, table: str) -> int:
        with self._engine.connect() as connection:
            return connection.execute(sqlalchemy.text(f"SELECT COUNT(*) FROM {table}")).scalar_one()

    def _common(self, number: int, since: datetime.datetime) -> dict:
        return {
            "id": str(uuid.uuid4()),
            "created_at": since,
            "updated_at": since + MINUTE,
            "deleted": False,
            "user_id": self._user_id,
            "project_id": self.projects[number % len(self.projects)],
            "availability_zone": cinder.ZONE,
            "size": 1,
        }

    def _volume(self, number: int) -> dict:
        return self._common(number, self.now - datetime.timedelta(days=90) + number * MINUTE) | {
            "display_name": f"seeded-volume-{number:05}",
            "host": "lab@lab#lab",
            "status": "available",
            "previous_status": None,
            "attach_status": "detached",
            "volume_type_id": self._type_id,
            "bootable": False,
            "multiattach": False,
            "shared_targets": False,
            "use_quota": True,
        }

    def _backup(self, number: int, volume: dict, since: datetime.datetime, host: str) -> dict:
        row = self._common(number, since)
        return row | {
            "project_id": volume["project_id"],
            "volume_id": volume["id"],
            "display_name": f"seeded-backup-{number:05}",
            "host": host,
            "container": f"{row['id'][:2]}/{row['id'][2:4]}/{row['id']}",
            "service": stores.DRIVERS[self.lab.state.store],
            "status": "available",
            "object_count": 32,
            "num_dependent_backups": 0,
            "data_timestamp": since,
            "fail_reason": None,
            "restore_volume_id": None,
        }

    def _healthy(self, number: int, volume: dict, host: str) -> dict:
        row = self._backup(number, volume, self.now - datetime.timedelta(days=60) + number * MINUTE, host)
        if number % ONE_ERROR_IN == 0:
            row.update(status="error", fail_reason="seeded", object_count=32 * (number // ONE_ERROR_IN % 2))
        return row

    def _stuck(self, number: int, volume: dict, host: str) -> Stuck:
        row = self._backup(number, volume, self.now - datetime.timedelta(hours=3) + number * MINUTE / 10, host)
        status, object_count = STUCK[number % len(STUCK)]
        row.update(display_name=f"seeded-stuck-{number:05}", status=status, object_count=object_count)
        # A restore into the very volume that the backup was made of.
        row["restore_volume_id"] = volume["id"] if status == "restoring" else None
        return Stuck(row, volume)


def _hold(stuck: list[Stuck], held: bool) -> None:
    """Say in the rows of volumes whether a backup or restore holds them: since the moment that its own row shows."""
    for each in stuck:
        holding = "restoring-backup" if each.backup["status"] == "restoring" else "backing-up"
        each.volume.update(status=holding if held else "available", previous_status="available" if held else None)
        each.volume.update(updated_at=each.backup["updated_at"])


def _make_projects(state, count: int) -> list[str]:
    """Return the ids of so many projects, made if they are not there yet."""
    identity = keystone.Identity(state)
    known = identity.ids("projects")
    names = [f"seeded-{number:02}" for number in range(1, count + 1)]
    return [known.get(name) or identity.make("project", name=name, domain_id="default") for name in names]
