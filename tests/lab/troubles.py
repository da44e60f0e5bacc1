# SPDX-License-Identifier: Apache-2.0
"""What goes wrong in a cloud beside services that end: queues, service rows, zones, the database, the backup store.

Nearly all of it needs the services shape. What is taken away here is given back by the verb beside it.
"""

import contextlib
import datetime
import pathlib
import signal
from collections.abc import Iterator

import requests
import sqlalchemy

from tests.lab import broker
from tests.lab import cinder
from tests.lab import cinder_release
from tests.lab import database
from tests.lab import ini
from tests.lab import keystone
from tests.lab import readiness
from tests.lab import wait
from tests.lab.commands import Runner
from tests.lab.errors import LabError
from tests.lab.processes import children
from tests.lab.processes import send

BINARY = "cinder-backup"
API = "cinder-api"
SCHEDULER = "cinder-scheduler"
#: Of a lab's hosts that were never there; each has one row among Cinder's services.
STALE = "gone-{number}"
UNREACHABLE = {"backup_driver": "cinder.backup.drivers.nfs.NFSBackupDriver", "backup_share": "127.0.0.1:/nobody"}
WARM_SECONDS = 0.5
WARM_ANSWERS = 6


class Troubles:
    """The troubles of one lab, at ``Lab.troubles``."""

    def __init__(self, lab) -> None:
        self.lab = lab
        self._store: dict[str, str] = {}

    def unbind(self, host: str) -> None:
        """Let the broker no longer know that messages for a cinder-backup go to its queue: they are lost, unsaid."""
        broker.unbind(self.lab.state, self._queue(host))

    def rebind(self, host: str) -> None:
        """Let messages reach a cinder-backup's queue again."""
        broker.bind(self.lab.state, self._queue(host))

    def purge(self, host: str) -> int:
        """Lose what waits in a cinder-backup's queue; return how many messages there were."""
        return broker.purge(self.lab.state, self._queue(host))

    def _queue(self, host: str) -> str:
        return cinder.queue(cinder.backup_name(host))

    def disable(self, host: str, reason: str = "maintenance") -> None:
        """Have Cinder ask a cinder-backup for nothing new; it goes on with what it has."""
        self.lab.client(microversion="3.0").services.disable_log_reason(host, BINARY, reason)

    def enable(self, host: str) -> None:
        """Have Cinder ask a cinder-backup again: its row is removed, and it lists itself anew with its next report.

        Cinder's own "enable" answers that it was done and does nothing (28 and 29).
        """
        self.remove_service(host)
        self.lab.hosts.wait_up(host)

    def remove_service(self, host: str) -> None:
        """Remove a cinder-backup's row as clean-up jobs do: ``cinder-manage service remove cinder-backup HOST``.

        One that runs lists itself again with its next report.
        """
        command = [cinder_release.program(self.lab.state, "cinder-manage"), *cinder.config_files(self.lab.state)]
        Runner(self.lab.state)([*command, "service", "remove", BINARY, host], "cinder-manage")

    def add_stale_services(self, count: int) -> list[str]:
        """Put rows of cinder-backup hosts into the database that have been down for days; return their names.

        As in a cloud whose containers come and go: each new name leaves a row for good.
        """
        began = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) - datetime.timedelta(days=9)
        hosts = [STALE.format(number=number) for number in range(1, count + 1)]
        row = {"binary": BINARY, "topic": BINARY, "report_count": 1, "disabled": False, "deleted": False}
        row |= {"availability_zone": cinder.ZONE, "created_at": began, "updated_at": began}
        with database.engine(self.lab.state).begin() as connection:
            table = sqlalchemy.Table("services", sqlalchemy.MetaData(), autoload_with=connection)
            connection.execute(table.insert(), [row | {"host": host} for host in hosts])
        return hosts

    def remove_stale_services(self) -> None:
        """Take out what ``add_stale_services`` put in."""
        with database.engine(self.lab.state).begin() as connection:
            connection.execute(sqlalchemy.text("DELETE FROM services WHERE host LIKE 'gone-%'"))

    def move_to_zone(self, host: str, zone: str) -> None:
        """Start a cinder-backup anew in another availability zone; what it began it sets to error by that."""
        ini.write(self._conf(host), {"DEFAULT": {"host": host, "storage_availability_zone": zone}})
        self.lab.hosts.restart([host])

    @contextlib.contextmanager
    def read_only_database(self) -> Iterator[None]:
        """Let MariaDB take no writes meanwhile, as after a failover to a replica; Cinder has no SUPER right."""
        self._set_read_only(True)
        try:
            yield
        finally:
            self._set_read_only(False)

    def _set_read_only(self, value: bool) -> None:
        root = sqlalchemy.make_url(self.lab.state.database).set(username="root", password="")
        with sqlalchemy.create_engine(root, poolclass=sqlalchemy.NullPool).connect() as connection:
            connection.execute(sqlalchemy.text(f"SET GLOBAL read_only = {int(value)}"))

    def lose_store(self, host: str) -> None:
        """Start a cinder-backup anew with a store that cannot be reached (NFS, where nobody serves the share): it runs,
        and reports no more. (The posix driver looks at no store on its start.) Return when Cinder shows it down.
        """
        self._store[host] = self._conf(host).read_text()
        ini.write(self._conf(host), {"DEFAULT": {"host": host, **UNREACHABLE}})
        name = cinder.backup_name(host)
        self.lab.kill(name)
        self.lab.launch(name)
        self.lab.hosts.wait_down(host)

    def regain_store(self, host: str) -> None:
        """Start a cinder-backup anew with the store that it had."""
        self._conf(host).write_text(self._store.pop(host))
        self.lab.hosts.restart([host])

    def _conf(self, host: str) -> pathlib.Path:
        return self.lab.state.path("cinder", f"{host}.conf")

    @contextlib.contextmanager
    def options(self, **options: object) -> Iterator[None]:
        """Give all of Cinder further options meanwhile (``cinder.conf``), and start cinder-api and -scheduler anew."""
        path = self.lab.state.path("cinder", "cinder.conf")
        before = path.read_text()
        head, default, rest = before.partition("[DEFAULT]\n")
        kept = [line for line in rest.splitlines(True) if line.split(" = ")[0] not in options]
        added = [f"{name} = {value}\n" for name, value in options.items()]
        path.write_text("".join([head, default, *added, *kept]))
        try:
            self._restart(API, SCHEDULER)
            yield
        finally:
            path.write_text(before)
            self._restart(API, SCHEDULER)

    def _restart(self, *names: str) -> None:
        for name in names:
            self.lab.kill(name)
            self.lab.launch(name)
        for name in names:
            readiness.await_ready(self.lab.state, self.lab.service(name))
        self._warm_up()

    def _warm_up(self) -> None:
        """Wait until cinder-api answers soon: each of its workers takes seconds for its first answer."""
        session = keystone.session(self.lab.state, "admin", None)
        url = self.lab.state.url("cinder", f"v3/{session.get_project_id()}/backups?limit=1")
        swift = 0

        def is_warm() -> bool:
            nonlocal swift
            answer = requests.get(url, headers={"X-Auth-Token": session.get_token()}, timeout=60)
            swift = swift + 1 if answer.elapsed.total_seconds() < WARM_SECONDS else 0
            return swift >= WARM_ANSWERS

        wait.until(is_warm, "cinder-api to answer soon", readiness.SECONDS, poll=0)

    @contextlib.contextmanager
    def policy(self, **rules: str) -> Iterator[None]:
        """Give cinder-api rules of its own meanwhile, by name with "__" for ":" (``policy.yaml``)."""
        path = self.lab.state.path("cinder", "policy.yaml")
        path.write_text("".join(f'"{name.replace("__", ":")}": "{rule}"\n' for name, rule in rules.items()))
        try:
            self._restart(API)
            yield
        finally:
            path.unlink()
            self._restart(API)

    def freeze_one_worker(self, host: str) -> int:
        """Halt one of a cinder-backup's worker processes (``backup_workers``); the others go on; return its id.

        :raises LabError: when it has no workers
        """
        workers = children(self.lab.service(cinder.backup_name(host)).pid)
        if len(workers) < 2:
            raise LabError(f"cinder-backup on {host} has {len(workers)} worker processes: backup_workers is 1.")
        send(workers[0], signal.SIGSTOP)
        return workers[0]

    def thaw_worker(self, pid: int) -> None:
        """Let a worker go on that was halted."""
        send(pid, signal.SIGCONT)
