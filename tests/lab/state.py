# SPDX-License-Identifier: Apache-2.0
"""All that is known of one lab, kept in ``lab.json`` in its folder, so that any later command finds it."""

import contextlib
import dataclasses
import fcntl
import getpass
import json
import pathlib
import secrets
import tempfile
import threading
from collections.abc import Iterator

from tests.lab import ports
from tests.lab.errors import LabError
from tests.lab.processes import Service

FILE = "lab.json"
SHAPES = ("embedded", "services")
#: Where cinder-backup writes: files of its own machine, Swift by its own API, Swift by its S3 API.
STORES = ("posix", "swift", "s3")
#: Whose account of Swift holds a backup: its project's, or one of Cinder's own.
SWIFT_AUTHS = ("per_user", "single_user")
PORT_NAMES = (
    "keystone",
    "cinder",
    "horizon",
    "stock_horizon",
    "mariadb",
    "rabbitmq",
    "rabbitmq_dist",
    "epmd",
    "memcached",
    "swift",
    "swift_account",
    "swift_container",
    "swift_object",
)
FOLDERS = ("logs", "volumes", "backups", "gates", "keystone", "cinder", "horizon", "home", "locks")
#: Releases of Cinder that can take the place of ours; ``requirements-cinder-RELEASE.txt`` holds their packages.
CINDERS = ("24.5.0", "26.3.0")
DEFAULT_MIB_PER_GIB = 32
# Seconds; Cinder's own default is 60, which would make every failure take a minute to be seen.
DEFAULT_SERVICE_DOWN_TIME = 10
_SAVING = threading.Lock()


def default_folder() -> pathlib.Path:
    """Return the folder of a user's lab when none is named; one a user."""
    return pathlib.Path(tempfile.gettempdir()) / f"backup-reset-lab-{getpass.getuser()}"


@dataclasses.dataclass
class State:
    """A lab: its folder, shape, ports, credentials and services."""

    folder: pathlib.Path
    shape: str = "embedded"
    stock: bool = False
    cinder: str | None = None
    cinder_max: str | None = None
    check_storage: bool = False
    store: str = STORES[0]
    swift_auth: str = SWIFT_AUTHS[0]
    swift: dict = dataclasses.field(default_factory=dict)
    backup_hosts: int = 1
    mib_per_gib: int = DEFAULT_MIB_PER_GIB
    service_down_time: int = DEFAULT_SERVICE_DOWN_TIME
    backup_workers: int = 1
    backup_use_same_host: bool = False
    horizon_workers: int | None = None
    ports: dict[str, int] = dataclasses.field(default_factory=dict)
    users: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)
    services: dict[str, Service] = dataclasses.field(default_factory=dict)
    backup_hosts_made: int = 0

    @staticmethod
    def check(folder: pathlib.Path, horizon_port: int | None = None, **settings) -> None:
        """Make sure that a lab can be made in a folder: it must not exist yet, or be empty.

        :raises LabError: when a lab or anything else is in the folder, the port is taken, or the settings do not fit
        """
        if settings.get("shape", SHAPES[0]) == "embedded" and settings.get("backup_hosts", 1) != 1:
            raise LabError("In the embedded shape one process is all of Cinder: it has one cinder-backup host.")
        if settings.get("shape", SHAPES[0]) == "embedded" and settings.get("backup_workers", 1) != 1:
            raise LabError("In the embedded shape one process is all of Cinder: it has one cinder-backup worker.")
        if folder.exists() and any(folder.iterdir()):
            what = "A lab is there already; end it first" if (folder / FILE).exists() else "It is not empty"
            raise LabError(f"Cannot make a lab in {folder}: {what}.")
        if horizon_port and not ports.is_free(horizon_port):
            raise LabError(f"Port {horizon_port} of 127.0.0.1 is taken.")

    @classmethod
    def new(cls, folder: pathlib.Path, horizon_port: int | None = None, **settings) -> "State":
        """Prepare a lab in a folder for which ``check`` had no objection."""
        state = cls(folder=folder, **settings)
        state.ports = dict(zip(PORT_NAMES, ports.choose(len(PORT_NAMES)), strict=True))
        state.ports["horizon"] = horizon_port or state.ports["horizon"]
        state.users = {name: _user(name) for name in ("admin", "member", "reader")}
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in FOLDERS:
            (folder / name).mkdir()
        state.save()
        return state

    @classmethod
    def load(cls, folder: pathlib.Path) -> "State":
        """Read the lab that lives in a folder.

        :raises LabError: when there is none
        """
        try:
            stored = json.loads((folder / FILE).read_text())
        except FileNotFoundError:
            raise LabError(f"There is no lab in {folder}.") from None
        private = stored["private"]
        private["services"] = {name: Service(**spec) for name, spec in private["services"].items()}
        return cls(folder=folder, **private)

    def save(self) -> None:
        """Write ``lab.json``, whole or not at all; threads that start services side by side do so one by one."""
        path = self.folder / FILE
        scratch = path.with_suffix(".new")
        with _SAVING:
            scratch.write_text(json.dumps(self.public() | {"private": self._private()}, indent=2))
            scratch.chmod(0o600)
            scratch.replace(path)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lab against other commands that change it."""
        with open(self.folder / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def public(self) -> dict:
        """Return what a user of the lab needs, ready for JSON; this is what ``up --json`` prints."""
        return {
            "state": str(self.folder),
            "shape": self.shape,
            "horizon": self.url("horizon"),
            "stock_horizon": self.url("stock_horizon") if self.stock else None,
            "keystone": self.url("keystone", "v3"),
            "cinder": self.url("cinder", "v3"),
            **self.users,
            "database": self.database,
            "store": self.store,
            "swift": self.url("swift").rstrip("/") if self.store != STORES[0] else None,
            "pids": {name: service.pid for name, service in dict(self.services).items() if service.alive()},
            "paths": {name: str(self.folder / name) for name in ("volumes", "backups", "logs", "gates")},
        }

    def _private(self) -> dict:
        return {
            "shape": self.shape,
            "stock": self.stock,
            "cinder": self.cinder,
            "cinder_max": self.cinder_max,
            "check_storage": self.check_storage,
            "store": self.store,
            "swift_auth": self.swift_auth,
            "swift": self.swift,
            "backup_hosts": self.backup_hosts,
            "mib_per_gib": self.mib_per_gib,
            "service_down_time": self.service_down_time,
            "backup_workers": self.backup_workers,
            "backup_use_same_host": self.backup_use_same_host,
            "horizon_workers": self.horizon_workers,
            "ports": self.ports,
            "users": self.users,
            "services": {name: dataclasses.asdict(service) for name, service in dict(self.services).items()},
            "backup_hosts_made": self.backup_hosts_made,
        }

    def url(self, service: str, path: str = "") -> str:
        """Return the address of a web service of the lab."""
        return f"http://127.0.0.1:{self.ports[service]}/{path}"

    @property
    def database(self) -> str:
        """SQLAlchemy's address of Cinder's database."""
        if self.shape == "embedded":
            return f"sqlite:///{self.folder}/cinder/cinder.sqlite"
        return f"mysql+pymysql://cinder:cinder@127.0.0.1:{self.ports['mariadb']}/cinder?charset=utf8mb4"

    def path(self, *parts: str) -> pathlib.Path:
        """Return a path inside the lab's folder."""
        return self.folder.joinpath(*parts)

    def log(self, name: str) -> str:
        """Return the path of a service's log."""
        return str(self.path("logs", f"{name}.log"))


def _user(name: str) -> dict[str, str]:
    return {
        "user": name,
        "password": secrets.token_hex(5),
        "project": "admin" if name == "admin" else "demo",
        "domain": "Default",
    }
