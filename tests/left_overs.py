# SPDX-License-Identifier: Apache-2.0
"""Left-overs of every kind planted in a lab, and live ones of the same kinds beside them.

Volumes, snapshots and their backups are rows, as Cinder's services leave them (29.0.0). What lies on the store is what
Cinder's own driver wrote there: of those that are left over the records are then lost, as with a database that was
restored from an older copy.
"""

import contextlib
import csv
import dataclasses
import datetime
import io
import os
import sqlite3
import uuid

import sqlalchemy

from tests.lab import Lab
from tests.lab import database
from tests.lab.situations.bench import Bench
from tests.pages.web import Dashboard

PAGE = "admin/backup_reset/left_overs/"
STORED = PAGE + "stored/"
LONG_AGO = datetime.timedelta(hours=3)
#: Volumes that are backed up side by side; each can have but one backup in progress.
SOURCES = 4


@dataclasses.dataclass(frozen=True)
class Planted:
    """Ids of what was planted.

    :param left: kind to volumes or snapshots that are left over
    :param live: likewise of those that something holds
    :param unrecorded: backups on the store whose records are lost
    :param recorded: those that have theirs
    """

    left: dict[str, list[str]]
    live: dict[str, list[str]]
    unrecorded: list[str]
    recorded: list[str]

    @property
    def all_left(self) -> list[str]:
        """All volumes and snapshots that are left over, sorted."""
        return sorted(each for ids in self.left.values() for each in ids)


def plant(lab: Lab, count: int) -> Planted:
    """Plant so many of each kind, left over and live."""
    made = _backed_up(lab, 2 * count)
    rows = _Rows(lab, made[0])
    left = {kind: [make(rows) for _number in range(count)] for kind, make in LEFT.items()}
    live = {kind: [make(rows) for _number in range(count)] for kind, make in LIVE.items()}
    rows.write()
    with database.engine(lab.state).begin() as connection:
        lose = sqlalchemy.text("DELETE FROM backups WHERE id IN :ids")
        connection.execute(lose.bindparams(sqlalchemy.bindparam("ids", expanding=True)), {"ids": made[count:]})
    age(lab)
    return Planted(left, live, made[count:], made[:count])


def _backed_up(lab: Lab, count: int) -> list[str]:
    """Make backups of a few volumes, one after the other of each; return their ids."""
    bench = Bench(lab, "left-overs")
    volumes = [bench.volume() for _number in range(min(SOURCES, count))]
    made: list[str] = []
    while len(made) < count:
        begun = [bench.start_backup(each) for each in volumes[: count - len(made)]]
        for each in begun:
            bench.wait_backup(each, "available")
        made += begun
    return made


class _Rows:
    """Rows like those that there are, of other ids."""

    def __init__(self, lab: Lab, backup_id: str) -> None:
        self.lab = lab
        self.changed = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0, tzinfo=None) - LONG_AGO
        self.backup_like = self._row("backups", backup_id)
        self.volume_like = self._row("volumes", self.backup_like["volume_id"])
        snapshot = lab.client("member").volume_snapshots.create(self.volume_like["id"], force=True)
        self.snapshot_like = self._row("snapshots", snapshot.id)
        self.made: dict[str, list[dict]] = {"volumes": [], "snapshots": [], "backups": []}

    def _row(self, table: str, row_id: str) -> dict:
        """A row whose times can be written again, which those of ``database.row`` cannot into SQLite."""
        with database.engine(self.lab.state).connect() as connection:
            described = sqlalchemy.Table(table, sqlalchemy.MetaData(), autoload_with=connection)
            return dict(connection.execute(described.select().where(described.c.id == row_id)).mappings().one())

    def _add(self, table: str, like: dict, **values) -> str:
        when = {"created_at": self.changed, "updated_at": self.changed}
        self.made[table].append({**like, **when, "id": str(uuid.uuid4()), **values})
        return self.made[table][-1]["id"]

    def volume(self, status: str, **values) -> str:
        return self._add("volumes", self.volume_like, status=status, **values)

    def snapshot(self, status: str, **values) -> str:
        return self._add("snapshots", self.snapshot_like, status=status, **values)

    def backup(self, status: str, volume_id: str, **values) -> str:
        return self._add("backups", self.backup_like, status=status, volume_id=volume_id, **values)

    def write(self) -> None:
        with database.engine(self.lab.state).begin() as connection:
            for table, rows in self.made.items():
                described = sqlalchemy.Table(table, sqlalchemy.MetaData(), autoload_with=connection)
                for row in rows:
                    connection.execute(described.insert(), row)


def _source(rows: _Rows) -> str:
    volume = rows.volume("backing-up")
    rows.backup("creating", volume)
    return volume


def _target(rows: _Rows, status: str) -> str:
    volume = rows.volume(status)
    rows.backup("restoring", str(uuid.uuid4()), restore_volume_id=volume)
    return volume


def _snapshot(rows: _Rows) -> str:
    snapshot = rows.snapshot("backing-up")
    rows.backup("creating", rows.volume("in-use"), snapshot_id=snapshot)
    return snapshot


def _of_volume(source: str) -> dict:
    return {"display_name": f"backup-vol-{source}", "use_quota": False}


def _of_snapshot(source: str) -> dict:
    return {"display_name": f"backup-snap-{source}", "use_quota": False}


def _named(rows: _Rows) -> str:
    volume = rows.volume("available", **_of_volume(str(uuid.uuid4())))
    rows.backup("error", str(uuid.uuid4()), temp_volume_id=volume)
    return volume


LEFT = {
    "volume": lambda rows: rows.volume("backing-up"),
    "target": lambda rows: rows.volume("restoring-backup"),
    "error_restoring": lambda rows: rows.volume("error_restoring"),
    "snapshot": lambda rows: rows.snapshot("backing-up"),
    "temp_volume": lambda rows: rows.volume("available", **_of_volume(str(uuid.uuid4()))),
    "temp_snapshot": lambda rows: rows.snapshot("available", **_of_snapshot(str(uuid.uuid4()))),
}
LIVE = {
    "volume": _source,
    "target": lambda rows: _target(rows, "restoring-backup"),
    "error_restoring": lambda rows: _target(rows, "error_restoring"),
    "snapshot": _snapshot,
    "temp_volume": lambda rows: rows.volume("available", **_of_volume(_source(rows))),
    "temp_snapshot": lambda rows: rows.snapshot("available", **_of_snapshot(_source(rows))),
    "temp_volume that a backup names": _named,
    "temp_volume of a user": lambda rows: rows.volume("available", display_name=f"backup-vol-{uuid.uuid4()}"),
}


def age(lab: Lab) -> None:
    """Let everything on the store have been written long ago."""
    then = (datetime.datetime.now(datetime.timezone.utc) - LONG_AGO).timestamp()
    if lab.state.store == "posix":
        for path in lab.state.path("backups").rglob("*"):
            os.utime(path, (then, then))
        return
    # What came in last is in a container's database only once somebody has listed it.
    Dashboard(lab.info["horizon"], lab.info["admin"]).get(STORED)
    for path in lab.state.folder.glob("**/containers/**/*.db"):
        with contextlib.closing(sqlite3.connect(path, timeout=30)) as connection, connection:
            # Swift lets nothing but itself change a row.
            [[forbidden]] = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'object_update'")
            connection.execute("DROP TRIGGER object_update")
            connection.execute("UPDATE object SET created_at = ?", (f"{then:016.5f}",))
            connection.execute(forbidden)


def listed(text: str, column: str = "id") -> list[str]:
    """Return the ids of a CSV, all of which says that it is the whole."""
    lines = list(csv.DictReader(io.StringIO(text)))
    assert {line["is_whole"] for line in lines} <= {"yes"}, text
    return sorted(line[column] for line in lines)
