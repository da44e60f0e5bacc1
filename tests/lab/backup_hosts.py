# SPDX-License-Identifier: Apache-2.0
"""The lab's cinder-backup hosts: which are up, striking one down, putting another in its place."""

import contextlib
import signal
from collections.abc import Iterator

from tests.lab import cinder, ports, wait
from tests.lab.errors import LabError
from tests.lab.processes import Service
from tests.lab.runtime import DEAF

SEEN_SECONDS = 60


class BackupHosts:
    """The cinder-backup hosts of a lab, in either shape."""

    def __init__(self, lab) -> None:
        self.lab = lab

    @property
    def _embedded(self) -> bool:
        return self.lab.state.shape == "embedded"

    def _rows(self) -> dict:
        """Return Cinder's rows of cinder-backup by host; at a microversion where that asks no other service."""
        services = self.lab.client(microversion="3.0").services
        return {row.host: row for row in services.list(binary="cinder-backup")}

    def up(self) -> list[str]:
        """Return the hosts that Cinder shows as enabled and up and whose process runs, oldest first."""
        running = [host for host in cinder.backup_hosts(self.lab.state) if self._service(host).alive()]
        rows = self._rows()
        return [host for host in running if host in rows and (rows[host].state, rows[host].status) == ("up", "enabled")]

    def _service(self, host: str) -> Service:
        return self.lab.service(cinder.service_of(self.lab.state, host))

    def ensure(self) -> str:
        """Return a host that is up; add one when there is none."""
        up = self.up()
        return up[-1] if up else self.add()

    def add(self, **options: str) -> str:
        """Start a cinder-backup under a new host name and wait until it is up; return the name.

        In the embedded shape, where there is one cinder-backup, all of Cinder is killed and started with the new name.

        :param options: options of ``cinder.conf`` for this host alone
        """
        state = self.lab.state
        host = cinder.new_backup_host(state, **options)
        if self._embedded:
            self._replace_embedded(cinder.embedded_service(state, host))
        else:
            service = cinder.backup_service(state, host)
            state.services[service.name] = service
            self.lab.start(service.name)
        self.wait_up(host)
        return host

    def _replace_embedded(self, service: Service) -> None:
        self.lab.kill(cinder.EMBEDDED)
        self.lab.state.services[cinder.EMBEDDED] = service
        self.lab.start(cinder.EMBEDDED)
        self._wait_api()

    def _wait_api(self) -> None:
        service = self.lab.service(cinder.EMBEDDED)

        def listening() -> bool:
            if not service.alive():
                raise service.failure("it ended instead of starting")
            return ports.accepts(self.lab.state.ports["cinder"])

        wait.until(listening, "Cinder's API", SEEN_SECONDS)

    def wait_up(self, host: str) -> None:
        """Wait until Cinder shows a host as up.

        :raises LabError: when its process ends instead
        """
        service = self._service(host)

        def seen() -> bool:
            if not service.alive():
                raise service.failure("it ended instead of starting")
            row = self._rows().get(host)
            return row is not None and row.state == "up"

        wait.until(seen, f"Cinder to see {host} up", SEEN_SECONDS)

    def wait_down(self, host: str) -> None:
        """Wait until Cinder shows a host as down: its last report is older than ``service_down_time``."""
        wait.until(lambda: self._rows()[host].state == "down", f"Cinder to see {host} down", SEEN_SECONDS)

    @contextlib.contextmanager
    def only(self, host: str) -> Iterator[None]:
        """Disable the other hosts, as an administrator can, so that whatever is asked inside the block goes to this one."""
        services = self.lab.client(microversion="3.0").services
        others = [one for one in self.up() if one != host]
        for other in others:
            services.disable(other, "cinder-backup")
        try:
            yield
        finally:
            for other in others:
                services.enable(other, "cinder-backup")

    def deafen(self, host: str) -> None:
        """Make a host take no more messages while Cinder still shows it up, for ``service_down_time`` at most.

        Services: it is killed. Embedded: its consumer stops (killing it would kill the API as well).
        """
        service = self._service(host)
        if not self._embedded:
            self.lab.kill(service.name)
            return
        before = service.read_log().count(DEAF)
        service.signal(signal.SIGUSR1)
        wait.until(lambda: service.read_log().count(DEAF) > before, "cinder-backup to stop listening", 30)

    def restart(self, host: str) -> None:
        """Kill a host, if it still runs, start it under its own name and wait until it is up."""
        name = cinder.service_of(self.lab.state, host)
        self.lab.kill(name)
        self.lab.start(name)
        if self._embedded:
            self._wait_api()
        self.wait_up(host)

    def replace(self, host: str) -> str:
        """Kill a host, start another in its place and return when Cinder shows the one down and the other up."""
        self.lab.kill(cinder.service_of(self.lab.state, host))
        new = self.add()
        self.wait_down(host)
        return new

    def stop_all(self) -> None:
        """Leave no cinder-backup up, and return when Cinder has seen that."""
        hosts = cinder.backup_hosts(self.lab.state)
        if self._embedded:
            without = cinder.embedded_service(self.lab.state, hosts[-1], "--without-backup")
            self._replace_embedded(without)
        else:
            for host in hosts:
                self.lab.kill(cinder.backup_name(host))
        for host in hosts:
            self.wait_down(host)

    def purge(self, host: str) -> None:
        """Throw away what the broker holds for a host, as a broker that lost its memory would; embedded: it has already."""
        if self._embedded:
            return
        if self._service(host).alive():
            raise LabError(f"{host} is alive: its messages are not lost.")
        # Imported late: kombu's transports take half a second to load.
        from amqp import Connection

        with Connection(f"127.0.0.1:{self.lab.state.ports['rabbitmq']}", userid="lab", password="lab") as broker:
            broker.channel().queue_purge(f"cinder-backup.{host}")

