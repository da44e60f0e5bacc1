# SPDX-License-Identifier: Apache-2.0
"""Services of the lab that are frozen or killed for a while, and tables and rows of its database that hang."""

import contextlib
import socket
from collections.abc import Iterator

import sqlalchemy

from tests.lab import Lab
from tests.lab import broker
from tests.lab import cinder
from tests.lab import database
from tests.lab import readiness
from tests.lab import wait

SECONDS = 60


class Outage:
    """Services that are frozen or killed, from ``begin`` to ``end``.

    :param how: ``freeze`` or ``kill``
    :param services: their names in the lab
    """

    def __init__(self, lab: Lab, how: str, *services: str) -> None:
        self.lab = lab
        self.how = how
        self.services = services
        self._is_on = False

    def __str__(self) -> str:
        return f"{self.how} {' '.join(self.services)}"

    def begin(self) -> None:
        """Strike all of them."""
        self._is_on = True
        for name in self.services:
            getattr(self.lab, self.how)(name)

    def end(self) -> None:
        """Bring all of them back, once, and return when Cinder shows every cinder-backup up that runs."""
        if not self._is_on:
            return
        self._is_on = False
        for name in self.services:
            if self.how == "freeze":
                self.lab.thaw(name)
            else:
                self.lab.launch(name)
        for name in self.services:
            readiness.await_ready(self.lab.state, self.lab.service(name))
        await_whole(self.lab)

    def __enter__(self) -> "Outage":
        self.begin()
        return self

    def __exit__(self, *_) -> None:
        self.end()


def backup_services(lab: Lab) -> list[str]:
    """Return the names of all cinder-backup services that run."""
    return [cinder.service_of(lab.state, host) for host in lab.hosts.running()]


def await_whole(lab: Lab) -> None:
    """Wait until Cinder shows every cinder-backup as up that runs."""
    wait.until(lambda: lab.hosts.up() == lab.hosts.running(), "Cinder to see every cinder-backup up", SECONDS)


def await_consumer(lab: Lab, name: str) -> None:
    """Wait until a service of Cinder takes messages from the broker again."""
    wait.until(lambda: broker.consumers(lab.state, cinder.queue(name)), f"{name} to take messages", SECONDS)


@contextlib.contextmanager
def hanging_table(lab: Lab, table: str) -> Iterator[None]:
    """Let every query of one table of Cinder's database hang."""
    with database.engine(lab.state).connect() as connection:
        connection.execute(sqlalchemy.text(f"LOCK TABLES {table} WRITE"))
        yield


@contextlib.contextmanager
def held_row(lab: Lab, table: str, item_id: str) -> Iterator[None]:
    """Let whoever writes to one row of Cinder's database hang; it can still be read."""
    with database.engine(lab.state).begin() as connection:
        connection.execute(sqlalchemy.text(f"SELECT id FROM {table} WHERE id = :id FOR UPDATE"), {"id": item_id})
        yield


def await_writer(lab: Lab) -> None:
    """Wait until somebody hangs in the attempt to write to a row that is held."""
    root = sqlalchemy.make_url(lab.state.database).set(username="root", password="")
    engine = sqlalchemy.create_engine(root, poolclass=sqlalchemy.NullPool)
    waiting = sqlalchemy.text("SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'")

    def hangs() -> bool:
        with engine.connect() as connection:
            return connection.execute(waiting).scalar_one() > 0

    # MariaDB looks anew only when it was not asked for a tenth of a second.
    wait.until(hangs, "a write to the row that is held", SECONDS, poll=0.2)


def forget_project_names(lab: Lab) -> None:
    """Let Horizon's cache know no name of a project, nor anything else."""
    with socket.create_connection(("127.0.0.1", lab.state.ports["memcached"]), timeout=20) as cache:
        cache.sendall(b"flush_all\r\n")
        assert cache.recv(100) == b"OK\r\n"
