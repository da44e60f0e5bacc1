# SPDX-License-Identifier: Apache-2.0
"""Bringing a lab up: what depends on nothing runs side by side."""

import concurrent.futures
import threading
import urllib.error
import urllib.request
from collections.abc import Callable

from tests.lab import cinder, environment, horizon, keystone, servers, wait
from tests.lab.commands import Runner
from tests.lab.errors import LabError
from tests.lab.processes import Service
from tests.lab.state import State

START_SECONDS = 120
FIRST_HORIZON_SECONDS = 300


class Start:
    """One start of one lab."""

    def __init__(self, lab) -> None:
        self.lab = lab
        self.state: State = lab.state
        self.say = lab.say
        self.run = Runner(lab.state)
        self._lock = threading.Lock()

    def all(self) -> None:
        """Start everything and return when every service is ready.

        :raises LabError: when something does not start; the caller takes down what runs
        """
        if self.state.shape == "services":
            servers.require()
        with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
            try:
                identity = pool.submit(self._identity)
                block_storage = pool.submit(self._block_storage)
                dashboards = pool.submit(self._dashboards)
                for job in concurrent.futures.as_completed([identity, block_storage, dashboards]):
                    job.result()
                self._finish()
            except BaseException:
                # Ctrl-C as well: the pool's exit waits for the jobs, so make them end.
                self.run.abort()
                raise

    def start(self, service: Service) -> Service:
        """Start a service and remember it."""
        with self._lock:
            service.start(environment.base(self.state))
            self.state.services[service.name] = service
            self.state.save()
        return service

    def ready(self, service: Service, condition: Callable[[], bool], seconds: float = START_SECONDS) -> None:
        """Wait until a started service is ready.

        :raises LabError: when it ends or is not ready in time, with the end of its log
        """

        def ready_or_dead() -> bool:
            if self.run.aborted:
                raise LabError("The start of the lab was given up.")
            if not service.alive():
                raise service.failure("it ended instead of getting ready")
            return condition()

        try:
            wait.until(ready_or_dead, f"{service.name} to get ready", seconds)
        except LabError as error:
            if service.alive() and not self.run.aborted:
                raise service.failure(str(error)) from None
            raise
        self.say(f"{service.name} is ready")

    def _identity(self) -> None:
        service = keystone.configure(self.state)
        keystone.prepare(self.state, self.run)
        self.start(service)
        self.ready(service, lambda: answers(self.state.url("keystone", "v3")))
        keystone.fill(self.state)
        self.say("users, projects and catalog are made")

    def _block_storage(self) -> None:
        state = self.state
        cinder.configure(state)
        if state.shape == "embedded":
            cinder.prepare(state, self.run)
            self.start(cinder.embedded_service(state, cinder.new_backup_host(state)))
            return
        broker = [self.start(service) for service in servers.configure_rabbitmq(state)][-1]
        database = servers.configure_mariadb(state)
        servers.install_mariadb(state, self.run)
        self.start(database)
        self.ready(database, lambda: servers.mariadb_ready(state))
        servers.make_database(state)
        cinder.prepare(state, self.run)
        self.ready(broker, lambda: servers.rabbitmq_ready(state))
        for service in cinder.services(state):
            self.start(service)
        for _ in range(state.backup_hosts):
            self.start(cinder.backup_service(state, cinder.new_backup_host(state)))

    def _dashboards(self) -> None:
        static = horizon.prepare_static(self.state, self.run)
        names = ["horizon", "stock-horizon"] if self.state.stock else ["horizon"]
        started = [self.start(horizon.configure(self.state, name, static)) for name in names]
        for service in started:
            address = self.state.url(service.name.replace("-", "_"), "auth/login/")
            self.ready(service, lambda address=address: answers(address))

    def _finish(self) -> None:
        state = self.state
        api = state.services.get("cinder-api") or state.services[cinder.EMBEDDED]
        self.ready(api, lambda: answers(state.url("cinder")))
        expected = {"cinder-scheduler", "cinder-volume"}
        for service in state.services.values():
            if service.name in expected:
                self.ready(service, lambda service=service: service.name in up(state))
        for host in cinder.backup_hosts(state):
            self.ready(state.services[cinder.service_of(state, host)], lambda host=host: host in up(state))
        self.ready(api, lambda: expected <= up(state))
        cinder.fill(state)
        self.lab.hosts.ensure()


def up(state: State) -> set[str]:
    """Return binaries and hosts of the Cinder services that Cinder's API shows as up."""
    rows = [row for row in cinder.client(state, microversion="3.0").services.list() if row.state == "up"]
    return {row.binary for row in rows} | {row.host for row in rows}


def answers(url: str) -> bool:
    """Tell whether a web service answers with anything but a failure of its own."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status < 500
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
