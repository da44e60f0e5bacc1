# SPDX-License-Identifier: Apache-2.0
"""MariaDB, RabbitMQ and memcached for the services shape: the system's programs, the lab's own data and ports."""

import os
import pathlib
import secrets
import shutil
import subprocess

import pymysql

from tests.lab import ports
from tests.lab.errors import LabError
from tests.lab.processes import Service
from tests.lab.state import State

# Not the one on PATH: Debian's wrapper there refuses everybody but root and rabbitmq.
RABBITMQ = pathlib.Path("/usr/lib/rabbitmq/bin/rabbitmq-server")

MARIADB_CONF = """\
[mysqld]
datadir = {data}
socket = mariadb.sock
pid-file = {folder}/mariadb.pid
bind-address = 127.0.0.1
port = {port}
skip-name-resolve
max-connections = 500
innodb-log-file-size = 16M
innodb-buffer-pool-size = 256M
# A lab's data ends with the lab: nothing is worth waiting for the disk.
innodb-flush-log-at-trx-commit = 0
innodb-flush-method = nosync
innodb-doublewrite = 0
character-set-server = utf8mb4
{user}
"""

RABBITMQ_CONF = """\
listeners.tcp.default = 127.0.0.1:{port}
default_user = lab
default_pass = lab
loopback_users.lab = true
disk_free_limit.absolute = 1MB
log.console = true
log.console.level = warning
log.file = false
"""


def missing() -> list[str]:
    """Return the names of the system's packages that the services shape lacks here."""
    absent = []
    if not (find("mariadbd") and find("mariadb-install-db")):
        absent.append("mariadb-server")
    if not RABBITMQ.exists() or not find("epmd"):
        absent.append("rabbitmq-server")
    if not find("memcached"):
        absent.append("memcached")
    return absent


def find(program: str) -> str | None:
    """Find a program, along PATH or where an ordinary user's PATH does not lead."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin:/usr/bin")


def require() -> None:
    """Make sure that the servers are installed.

    :raises LabError: when one is not, naming the packages
    """
    absent = missing()
    if absent:
        raise LabError(f"The services shape needs {', '.join(absent)}: apt-get install {' '.join(absent)}.")


def configure_mariadb(state: State) -> Service:
    """Write MariaDB's options and return its service."""
    folder = state.path("mariadb")
    folder.mkdir()
    user = "user = root" if os.geteuid() == 0 else ""
    (folder / "my.cnf").write_text(
        MARIADB_CONF.format(folder=folder, data=folder / "data", port=state.ports["mariadb"], user=user)
    )
    return Service(
        name="mariadb",
        argv=[find("mariadbd"), f"--defaults-file={folder / 'my.cnf'}"],
        cwd=str(folder),
        log=state.log("mariadb"),
    )


def mariadb_version() -> str:
    """Return what MariaDB says of its version."""
    return subprocess.run([find("mariadbd"), "--version"], capture_output=True, text=True, check=True).stdout


def install_mariadb(state: State, run) -> None:
    """Make MariaDB's system tables, with no test database and root by password."""
    run(
        [
            find("mariadb-install-db"),
            f"--defaults-file={state.path('mariadb', 'my.cnf')}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ],
        "mariadb-setup",
    )


def mariadb_ready(state: State) -> bool:
    """Tell whether MariaDB answers a query."""
    if not ports.accepts(state.ports["mariadb"]):
        return False
    try:
        _root(state).close()
    except pymysql.err.OperationalError:
        return False
    return True


def make_database(state: State) -> None:
    """Make Cinder's database and its user."""
    with _root(state) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE cinder CHARACTER SET utf8mb4")
        cursor.execute("GRANT ALL ON cinder.* TO cinder@'127.0.0.1' IDENTIFIED BY 'cinder'")


def _root(state: State) -> pymysql.Connection:
    return pymysql.connect(host="127.0.0.1", port=state.ports["mariadb"], user="root", password="")


def configure_memcached(state: State) -> Service:
    """Return the service of Horizon's shared cache."""
    user = ["-u", "root"] if os.geteuid() == 0 else []
    argv = [find("memcached"), "-l", "127.0.0.1", "-p", str(state.ports["memcached"]), "-U", "0", *user]
    return Service(name="memcached", argv=argv, cwd=str(state.path("logs")), log=state.log("memcached"))


def configure_rabbitmq(state: State) -> list[Service]:
    """Write RabbitMQ's options and return the services: its port mapper, and the broker."""
    folder = state.path("rabbitmq")
    folder.mkdir()
    (folder / "rabbitmq.conf").write_text(RABBITMQ_CONF.format(port=state.ports["rabbitmq"]))
    (folder / "enabled_plugins").write_text("[].\n")
    cookie = state.path("home", ".erlang.cookie")
    cookie.write_text(secrets.token_hex(16))
    cookie.chmod(0o400)
    env = {
        "ERL_EPMD_PORT": str(state.ports["epmd"]),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": "lab@localhost",
        "RABBITMQ_DIST_PORT": str(state.ports["rabbitmq_dist"]),
        "RABBITMQ_MNESIA_BASE": str(folder),
        "RABBITMQ_LOG_BASE": str(state.path("logs")),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none",
    }
    mapper = Service(
        name="epmd",
        argv=[find("epmd"), "-address", "127.0.0.1", "-port", str(state.ports["epmd"])],
        cwd=str(folder),
        log=state.log("epmd"),
    )
    broker = Service(name="rabbitmq", argv=[str(RABBITMQ)], cwd=str(folder), log=state.log("rabbitmq"), env=env)
    return [mapper, broker]
