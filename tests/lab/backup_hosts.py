# SPDX-License-Identifier: Apache-2.0
"""The lab's cinder-backup hosts: which are up, striking one down, putting another in its place."""

import datetime
import re
import signal
from collections.abc import Callable

from tests.lab import broker
from tests.lab import cinder
from tests.lab import readiness
from tests.lab import wait
from tests.lab.processes import Service
from tests.lab.runtime import DEAF

SEEN_SECONDS = 60
FRESH = datetime.timedelta(seconds=cinder.REPORT_INTERVAL + 1)
# What the scheduler logs when a cinder-backup reports to it (at DEBUG, which cinder.conf turns on for that module).
#: One whose driver is still being set up (S3's asks its server first) reports too, and gets no backup yet.
KNOWN = re.compile(r"Received backup service update from (\S+): \{'backend_state': True")
# The same of a cinder-volume: before that, the scheduler finds no backend for any new volume.
VOLUME_KNOWN = re.compile(r"Received volume service update from +\S+:")


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

    def running(self) -> list[str]:
        """Return the hosts whose process runs and is not frozen, oldest first."""
        return [host for host in cinder.backup_hosts(self.lab.state) if self._service(host).running()]

    def up(self) -> list[str]:
        """Return those of the running hosts that Cinder shows as enabled and up."""
        rows = self._rows()
        return [
            host
            for host in self.running()
            if host in rows and (rows[host].state, rows[host].status) == ("up", "enabled")
        ]

    def _service(self, host: str) -> Service:
        return self.lab.service(cinder.service_of(self.lab.state, host))

    def ensure(self) -> list[str]:
        """Return the hosts that are up, known to the scheduler; add one when there is none."""
        up = self.up() or self.add()
        self._teach_scheduler(up)
        return up

    def add(self, count: int = 1, **options: str) -> list[str]:
        """Start cinder-backup under new host names and wait until they are up; return the names.

        In the embedded shape, where there is one cinder-backup, all of Cinder is killed and started with the new name.

        :param options: options of ``cinder.conf`` for these hosts alone
        """
        state = self.lab.state
        hosts = [cinder.new_backup_host(state, **options) for _ in range(count)]
        if self._embedded:
            self._replace_embedded(cinder.embedded_service(state, hosts[-1]))
        else:
            for host in hosts:
                service = cinder.backup_service(state, host)
                state.services[service.name] = service
                self.lab.launch(service.name)
        for host in hosts:
            self.wait_up(host)
        return hosts

    def _replace_embedded(self, service: Service) -> None:
        self.lab.kill(cinder.EMBEDDED)
        self.lab.state.services[cinder.EMBEDDED] = service
        self.lab.start(cinder.EMBEDDED)

    def _wait(self, service: Service, condition: Callable[[], bool], what: str) -> None:
        """Wait for a condition that a service's process has to bring about; fail at once when that ends."""

        def true_or_dead() -> bool:
            if not service.alive():
                raise service.failure(f"it ended; the lab waited for {what}")
            return condition()

        wait.until(true_or_dead, what, SEEN_SECONDS)

    def wait_up(self, host: str) -> None:
        """Wait until a host takes messages and Cinder shows it as up.

        :raises LabError: when its process ends instead
        """

        def seen() -> bool:
            # Its last life's reports may make it look up before it is.
            if not readiness.is_ready(self.lab.state, self._service(host)):
                return False
            row = self._rows().get(host)
            return row is not None and row.state == "up"

        self._wait(self._service(host), seen, f"Cinder to see {host} up")

    def wait_down(self, host: str) -> None:
        """Wait until Cinder shows a host as down: its last report is older than ``service_down_time``."""
        wait.until(lambda: self._rows()[host].state == "down", f"Cinder to see {host} down", SEEN_SECONDS)

    def _teach_scheduler(self, up: list[str]) -> None:
        """Make the scheduler know the hosts that are up, and no others.

        Cinder's scheduler (29.0.0, scheduler/host_manager.py) chooses from all cinder-backup hosts that ever reported
        to its process: neither one that is down nor one that is disabled is left out until the scheduler is
        restarted.
        """
        scheduler = self.lab.service(cinder.EMBEDDED if self._embedded else "cinder-scheduler")

        def known() -> set[str]:
            return set(KNOWN.findall(scheduler.read_log(this_life=True)))

        if known() - set(up) and not self._embedded:
            self.lab.kill(scheduler.name)
            self.lab.launch(scheduler.name)
        self._wait(scheduler, lambda: known() >= set(up), "the scheduler to know the cinder-backup hosts")
        self._wait(
            scheduler,
            lambda: VOLUME_KNOWN.search(scheduler.read_log(this_life=True)),
            "the scheduler to know cinder-volume",
        )

    def deafen(self, hosts: list[str]) -> None:
        """Make hosts take no more messages while Cinder still shows them up, for ``service_down_time`` at most.

        Services: they are killed. Embedded: the consumer stops (killing it would kill the API as well).
        """
        self.await_fresh(hosts)
        for host in hosts:
            service = self._service(host)
            if self._embedded:
                self._make_deaf(service)
            else:
                self.lab.kill(service.name)

    def await_fresh(self, hosts: list[str]) -> None:
        """Wait until hosts have just reported, so that there is time left before Cinder misses them."""

        def fresh() -> bool:
            rows = self._rows()
            now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
            ages = [now - datetime.datetime.fromisoformat(rows[host].updated_at) for host in hosts]
            return max(ages) < FRESH

        wait.until(fresh, f"{hosts} to report", SEEN_SECONDS)

    def _make_deaf(self, service: Service) -> None:
        service.signal(signal.SIGUSR1)
        self._wait(service, lambda: DEAF in service.read_log(this_life=True), "cinder-backup to stop listening")

    def restart(self, hosts: list[str]) -> None:
        """Kill hosts, those that still run, start them under their own names and wait until they are up."""
        for host in hosts:
            name = cinder.service_of(self.lab.state, host)
            self.lab.kill(name)
            self.lab.launch(name)
        for host in hosts:
            self.wait_up(host)
        self._teach_scheduler(self.up())

    def replace(self, hosts: list[str]) -> None:
        """Kill hosts, start others, as many as the lab began with, and return when Cinder has seen both."""
        for host in hosts:
            self.lab.kill(cinder.service_of(self.lab.state, host))
        self.add(self.lab.state.backup_hosts)
        for host in hosts:
            self.wait_down(host)
        self._teach_scheduler(self.up())

    def swap(self, **options: str) -> None:
        """Put one host with other options in the place of the running ones, which do nothing."""
        for host in self.running():
            self.lab.kill(cinder.service_of(self.lab.state, host))
        self._teach_scheduler(self.add(**options))

    def freeze(self, hosts: list[str]) -> None:
        """Halt hosts where they are; Cinder shows them up for ``service_down_time`` more."""
        self.await_fresh(hosts)
        for host in hosts:
            self.lab.freeze(cinder.service_of(self.lab.state, host))

    def relieve(self, hosts: list[str]) -> None:
        """Add hosts, as many as the lab began with, and return when Cinder shows them up and the frozen ones down."""
        new = self.add(self.lab.state.backup_hosts)
        for host in hosts:
            self.wait_down(host)
        self._teach_scheduler(new)

    def stop_all(self) -> None:
        """Leave no cinder-backup up, and return when Cinder has seen that."""
        hosts = cinder.backup_hosts(self.lab.state)
        if self._embedded:
            self._replace_embedded(cinder.embedded_service(self.lab.state, hosts[-1], "--without-backup"))
        else:
            for host in hosts:
                self.lab.kill(cinder.backup_name(host))
        for host in hosts:
            self.wait_down(host)

    def purge_dead(self) -> None:
        """Throw away what the broker holds for hosts that are dead, as a broker that lost its memory would.

        Embedded: what was sent to a dead host lived in the process that died with it.
        """
        if self._embedded:
            return
        for name, service in self.lab.state.services.items():
            if name.startswith("cinder-backup-") and not service.alive():
                broker.purge(self.lab.state, cinder.queue(name))
