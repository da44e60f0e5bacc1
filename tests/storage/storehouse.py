# SPDX-License-Identifier: Apache-2.0
"""A Keystone and a Swift, and a folder: the stores of a cloud without the cloud."""

import dataclasses
import pathlib
import shutil
import signal
import tempfile

from tests.lab import environment
from tests.lab import keystone
from tests.lab import readiness
from tests.lab import stores
from tests.lab import swift
from tests.lab.commands import Runner
from tests.lab.processes import Service
from tests.lab.state import State

STORES = ("posix", "swift", "s3")
#: Swift's account of Cinder's own: backups of one project, which only their records know.
AUTH = "single_user"


class Storehouse:
    """As a context manager it is up inside the block and gone after it."""

    def __enter__(self) -> "Storehouse":
        swift.require()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="backup-reset-storage-"))
        self.state = State.new(self.folder / "lab", store="swift", swift_auth=AUTH)
        run = Runner(self.state)
        try:
            keystone.bring_up(self.state, run, self._start)
            for service in swift.configure(self.state, run):
                self._start(service)
            swift.fill(self.state)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        for service in self.state.services.values():
            service.kill()
        shutil.rmtree(self.folder)

    def _start(self, service: Service) -> None:
        service.start(environment.base(self.state))
        self.state.services[service.name] = service
        readiness.await_ready(self.state, service)
        self.state.save()

    def start(self, name: str) -> None:
        """Start a server again."""
        self._start(self.state.services[name])

    def kill(self, name: str) -> None:
        """Kill a server at once."""
        self.state.services[name].kill()

    def freeze(self, name: str) -> None:
        """Halt a server: it takes connections and says nothing."""
        self.state.services[name].signal(signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let it go on."""
        self.state.services[name].signal(signal.SIGCONT)

    def of(self, store: str) -> State:
        """Return the state as that of a lab that writes to one of the stores."""
        return dataclasses.replace(self.state, store=store)

    def settings(self) -> dict:
        """Return the plugin's STORAGE: each store is a region of its own."""
        entries = {store: stores.horizon_entry(self.of(store)) for store in STORES}
        return entries | {"swift": entries["swift"] | {"region": keystone.REGION}}

    @property
    def account(self) -> str:
        """The URL of the account of Swift in which Cinder writes."""
        return self.state.url("swift", f"v1/AUTH_{self.state.swift['project_id']}")

    def token(self, user: str) -> str:
        """Return a token of one of the cloud's users, in a project of their own."""
        return keystone.session(self.state, user).get_token()
