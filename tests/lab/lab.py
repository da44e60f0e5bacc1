# SPDX-License-Identifier: Apache-2.0
"""The lab as tests see it: a cloud to bring up, break, look into and take down."""

import contextlib
import pathlib
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from collections.abc import Iterator

from keystoneauth1.session import Session

from tests.lab import cinder
from tests.lab import database
from tests.lab import environment
from tests.lab import keystone
from tests.lab import readiness
from tests.lab import slow
from tests.lab import state as lab_state
from tests.lab.backup_hosts import BackupHosts
from tests.lab.drivers.gate import Gates
from tests.lab.errors import LabError
from tests.lab.processes import Service
from tests.lab.situations import run as situations
from tests.lab.start import Start
from tests.lab.state import State
from tests.lab.troubles import Troubles


def say_on_stderr(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Let no Ctrl-C (or SIGTERM) stop the taking down half-way; only the main thread gets any."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Lab:
    """One cloud. As a context manager it is up inside the block and gone after it."""

    def __init__(
        self,
        folder: str | pathlib.Path | None = None,
        port: int | None = None,
        say: Callable[[str], None] = say_on_stderr,
        **settings,
    ) -> None:
        """Describe a lab; nothing happens yet.

        :param folder: where it keeps everything; must not exist or be empty
        :param port: of Horizon; a free one by default
        :param settings: ``shape`` (embedded, services), ``stock`` (also a Horizon without the plugin),
            ``cinder`` (another release of Cinder than ours), ``cinder_max`` (the highest microversion that it serves),
            ``check_storage`` (Horizon may look at the backups' store), ``store`` (posix, swift, s3), ``swift_auth``
            (per_user, single_user), ``backup_hosts``,
            ``mib_per_gib`` (MiB of file for each GiB of volume), ``service_down_time`` (seconds of silence),
            ``backup_workers`` (processes of each cinder-backup), ``backup_use_same_host``, ``horizon_workers``
        """
        self.folder = pathlib.Path(folder or lab_state.default_folder()).absolute()
        self.say = say
        self._port = port
        self._settings = settings
        self._state: State | None = None

        self._sessions: dict[tuple[str, str | None], Session] = {}
        self.hosts = BackupHosts(self)
        self.troubles = Troubles(self)

    @classmethod
    def load(cls, folder: str | pathlib.Path | None = None, say: Callable[[str], None] = say_on_stderr) -> "Lab":
        """Return the lab that runs in a folder.

        :raises LabError: when there is none
        """
        lab = cls(folder, say=say)
        lab._state = State.load(lab.folder)
        return lab

    def __enter__(self) -> "Lab":
        self.up()
        return self

    def __exit__(self, *_) -> None:
        self.down()

    @property
    def state(self) -> State:
        """What is known of the lab.

        :raises LabError: when it is not up
        """
        if self._state is None:
            raise LabError("The lab is not up.")
        return self._state

    @property
    def info(self) -> dict:
        """Addresses, credentials, process ids: what ``lab.json`` holds for its users."""
        return self.state.public()

    def up(self) -> dict:
        """Bring the lab up and return ``info``; nothing is left if that fails or is interrupted.

        :raises LabError: with the reason and the end of the log that tells it
        """
        State.check(self.folder, self._port, **self._settings)
        try:
            self._state = State.new(self.folder, self._port, **self._settings)
            Start(self).all()
        except BaseException:
            with uninterrupted():
                if self._state:
                    self.down()
                else:
                    shutil.rmtree(self.folder, ignore_errors=True)
            raise
        self.state.save()
        return self.info

    def down(self) -> None:
        """Kill every process and remove the folder."""
        for service in self.state.services.values():
            service.signal(signal.SIGKILL)
        for service in self.state.services.values():
            service.kill()
        shutil.rmtree(self.folder)
        self._state = None

    def service(self, name: str) -> Service:
        """Return a service by name.

        :raises LabError: when there is none of that name, naming those there are
        """
        try:
            return self.state.services[name]
        except KeyError:
            raise LabError(f"No service {name}; there are {', '.join(self.state.services)}.") from None

    def launch(self, name: str) -> Service:
        """Start a service that was stopped or killed, as it was, and return at once."""
        service = self.service(name)
        service.start(environment.base(self.state))
        self.state.save()
        return service

    def start(self, name: str) -> None:
        """Start a service that was stopped or killed, as it was, and return when it answers, or takes messages.

        Cinder may show it down until its next report, 3 s later at most: ``hosts.wait_up`` waits for that.

        :raises LabError: when it ends or does not get ready, with the end of its log
        """
        readiness.await_ready(self.state, self.launch(name))

    def stop(self, name: str) -> None:
        """Stop a service as an operator would (SIGTERM)."""
        self.service(name).terminate()
        self.state.save()

    def kill(self, name: str) -> None:
        """Kill a service at once (SIGKILL)."""
        self.service(name).kill()
        self.state.save()

    def freeze(self, name: str) -> None:
        """Halt a service where it is (SIGSTOP): alive, but silent."""
        self.service(name).signal(signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let a frozen service go on (SIGCONT)."""
        self.service(name).signal(signal.SIGCONT)

    def client(self, user: str = "admin", project: str | None = None, microversion: str | None = None):
        """Return a cinderclient of ``admin``, ``member`` or ``reader``, in their own or another project."""
        if (user, project) not in self._sessions:
            self._sessions[user, project] = keystone.session(self.state, user, project)
        return cinder.client(self.state, self._sessions[user, project], microversion)

    def gates(self, volume_id: str) -> Gates:
        """Return the gates at which jobs on a volume can be held or slowed."""
        return Gates(self.state.path("gates"), volume_id)

    def slow(self, pattern: str, seconds: float = slow.FOR_EVER) -> contextlib.AbstractContextManager[None]:
        """Let requests to cinder-api wait whose path matches; see ``tests.lab.slow.slow``."""
        return slow.slow(self.state, pattern, seconds)

    def make(self, *names: str, count: int = 1, leave_down: bool = False) -> list[dict]:
        """Make ``count`` stuck backups of each situation named; see ``tests.lab.situations.run.make``."""
        return situations.make(self, list(names), count, leave_down)

    def backup_row(self, backup_id: str) -> dict:
        """Return a backup's row as it stands in Cinder's database, deleted or not."""
        return database.row(self.state, "backups", backup_id)

    def volume_row(self, volume_id: str) -> dict:
        """Return a volume's row as it stands in Cinder's database, deleted or not."""
        return database.row(self.state, "volumes", volume_id)

    def snapshot_row(self, snapshot_id: str) -> dict:
        """Return a snapshot's row as it stands in Cinder's database, deleted or not."""
        return database.row(self.state, "snapshots", snapshot_id)
