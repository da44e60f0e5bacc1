# SPDX-License-Identifier: Apache-2.0
"""Bringing a lab up: what depends on nothing runs side by side."""

import concurrent.futures
import threading
import time

from tests.lab import cache
from tests.lab import cinder
from tests.lab import cinder_release
from tests.lab import environment
from tests.lab import horizon
from tests.lab import keystone
from tests.lab import readiness
from tests.lab import servers
from tests.lab import swift
from tests.lab import wait
from tests.lab.commands import Runner
from tests.lab.processes import Service
from tests.lab.state import State


class Start:
    """One start of one lab."""

    def __init__(self, lab) -> None:
        self.lab = lab
        self.state: State = lab.state
        self._begun = time.monotonic()
        self.run = Runner(lab.state)
        self._lock = threading.Lock()

    def all(self) -> None:
        """Start everything and return when every service is ready, and Cinder shows its own as up.

        :raises LabError: when something does not start; the caller takes down what runs
        """
        if self.state.shape == "services":
            servers.require()
        if self.state.store != "posix":
            swift.require()
        cinder_release.require(self.state)
        with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
            try:
                identity = pool.submit(self._identity)
                if self.state.store != "posix":
                    self._store(identity)
                block_storage = pool.submit(self._block_storage)
                dashboards = pool.submit(self._dashboards)
                for job in concurrent.futures.as_completed([identity, block_storage, dashboards]):
                    job.result()
                self._finish()
            except BaseException:
                # Ctrl-C as well: the pool's exit waits for the jobs, so make them end.
                self.run.abort()
                raise

    def say(self, text: str) -> None:
        """Report progress, with the seconds since the start."""
        self.lab.say(f"[{time.monotonic() - self._begun:5.1f} s] {text}")

    def start(self, service: Service) -> Service:
        """Start a service and remember it."""
        with self._lock:
            service.start(environment.base(self.state))
            self.state.services[service.name] = service
            self.state.save()
        return service

    def ready(self, service: Service) -> None:
        """Wait until a started service is ready, and say so."""
        readiness.await_ready(self.state, service, given_up=lambda: self.run.aborted)
        self.say(f"{service.name} is ready")

    def _start_ready(self, service: Service) -> None:
        """Start a service and wait until it is ready."""
        self.ready(self.start(service))

    def _identity(self) -> None:
        keystone.bring_up(self.state, self.run, self._start_ready)
        self.say("users, projects and catalog are there")

    def _store(self, identity: concurrent.futures.Future) -> None:
        """Start Swift and make its keys, which Cinder's and Horizon's settings name."""
        for service in [self.start(one) for one in swift.configure(self.state, self.run)]:
            self.ready(service)
        identity.result()
        swift.fill(self.state)

    def _block_storage(self) -> None:
        state = self.state
        cinder.configure(state)
        if state.shape == "embedded":
            cinder.prepare(state, self.run)
            self.start(cinder.embedded_service(state, cinder.new_backup_host(state)))
            return
        broker = [self.start(service) for service in servers.configure_rabbitmq(state)][-1]
        self._database()
        self.ready(broker)
        for service in cinder.services(state):
            self.start(service)
        for _ in range(state.backup_hosts):
            self.start(cinder.backup_service(state, cinder.new_backup_host(state)))

    def _database(self) -> None:
        """Start MariaDB with Cinder's empty schema, which is kept in the cache after the first time."""
        state = self.state
        service = servers.configure_mariadb(state)
        data = state.path("mariadb", "data")
        which = servers.mariadb_version(), state.cinder or "ours"
        with cache.entry("cinder-mariadb", ("cinder", "oslo.db", "SQLAlchemy"), *which) as kept:
            if not kept.fetch("data", data):
                servers.install_mariadb(state, self.run)
                self._start_ready(service)
                servers.make_database(state)
                cinder.prepare(state, self.run)
                service.terminate()
                kept.store("data", data)
        self._start_ready(service)

    def _dashboards(self) -> None:
        if self.state.shape == "services":
            self._start_ready(servers.configure_memcached(self.state))
        static = horizon.prepare_static(self.state, self.run)
        names = ["horizon", "stock-horizon"] if self.state.stock else ["horizon"]
        started = [self.start(horizon.configure(self.state, name, static)) for name in names]
        for service in started:
            self.ready(service)

    def _finish(self) -> None:
        """Wait for Cinder's services; needs Keystone, unlike their start."""
        for name, service in self.state.services.items():
            if name.startswith("cinder"):
                self.ready(service)
        cinder.fill(self.lab.client())
        for host in cinder.backup_hosts(self.state):
            self.lab.hosts.wait_up(host)
        self.lab.hosts.ensure()
        services = self.lab.client(microversion="3.0").services
        wait.until(lambda: not cinder.down(services), "Cinder to see all its services up", readiness.SECONDS)
