# SPDX-License-Identifier: Apache-2.0
"""Swift: one proxy with Keystone and the S3 API before it, one account, container and object server, one replica.

Its packages are in an environment of their own (``requirements-swift.txt``), which ``tools/shared_env.py`` makes when a
lab first wants it: a cloud without Swift needs none of them.
"""

import getpass
import pathlib
import subprocess
import sys

from keystoneauth1 import adapter

from tests.lab import environment
from tests.lab import ini
from tests.lab import keystone
from tests.lab.errors import LabError
from tests.lab.processes import Service
from tests.lab.state import State

#: Role that reads every account and writes none.
READER_ROLE = "backup-reader"
#: An account of its own for who reads with no administrator logged in.
READER = "backup-reader"
PASSWORD = "swift"
S3_REGION = "us-east-1"
BACKENDS = ("account", "container", "object")
PIPELINE = "catch_errors healthcheck cache authtoken s3api s3token keystoneauth slo proxy-server"
NAMES = (*(f"swift-{kind}" for kind in BACKENDS), "swift")


def folder() -> pathlib.Path:
    """Return where Swift's environment is, or is to be."""
    return environment.REPOSITORY / ".tox" / "swift"


def require() -> None:
    """Make Swift's environment unless it is there.

    :raises LabError: when it cannot be made
    """
    tool = environment.REPOSITORY / "tools" / "shared_env.py"
    if subprocess.run([sys.executable, str(tool), str(folder()), "--packages", "swift"], check=False).returncode:
        raise LabError(f"Swift's packages could not be installed into {folder()}.")


def configure(state: State, run) -> list[Service]:
    """Write Swift's files and rings and return its services; they need no Keystone to start.

    :param run: callable that runs a command to its end, a ``commands.Runner``
    """
    place = state.path("swift")
    (place / "devices" / "d1").mkdir(parents=True)
    ini.write(
        place / "swift.conf",
        {
            "swift-hash": {"swift_hash_path_suffix": "lab", "swift_hash_path_prefix": "lab"},
            "storage-policy:0": {"name": "gold", "default": "yes"},
        },
    )
    for kind in BACKENDS:
        ini.write(place / f"swift-{kind}.conf", _backend(state, kind))
        builder = [_bin("swift-ring-builder"), str(place / f"{kind}.builder")]
        run([*builder, "create", "4", "1", "0"], "swift-rings")
        port = state.ports[f"swift_{kind}"]
        run([*builder, "add", f"r1z1-127.0.0.1:{port}/d1", "1"], "swift-rings")
        run([*builder, "rebalance"], "swift-rings")
    ini.write(place / "swift.conf.proxy", _proxy(state))
    return [_service(state, name) for name in NAMES]


def _bin(name: str) -> str:
    return str(folder() / "bin" / name)


def _service(state: State, name: str) -> Service:
    place = state.path("swift")
    kind = name.removeprefix("swift-")
    program, conf = ("proxy", "swift.conf.proxy") if name == "swift" else (kind, f"{name}.conf")
    return Service(
        name=name,
        argv=[_bin(f"swift-{program}-server"), str(place / conf), "-v"],
        cwd=str(place),
        log=state.log(name),
        # Of this repository it may see only its own filter: the rest wants packages that are not there.
        env={"PYTHONPATH": str(environment.REPOSITORY / "tests" / "lab" / "runtime")},
    )


def _general(state: State, port: str) -> dict:
    return {
        "bind_ip": "127.0.0.1",
        "bind_port": state.ports[port],
        "workers": 0,  # in the process itself
        "user": getpass.getuser(),
        "swift_dir": state.path("swift"),
        "devices": state.path("swift", "devices"),
        "mount_check": False,
        "log_level": "WARNING",
        "log_statsd_host": "",
        "fallocate_reserve": 0,
        "eventlet_debug": False,
    }


def _backend(state: State, kind: str) -> dict:
    return {
        "DEFAULT": _general(state, f"swift_{kind}"),
        "pipeline:main": {"pipeline": f"{kind}-server"},
        f"app:{kind}-server": {"use": f"egg:swift#{kind}"},
        "filter:recon": {"use": "egg:swift#recon"},
        f"{kind}-updater": {},
    }


def _proxy(state: State) -> dict:
    keystone_url = state.url("keystone", "v3")
    who = {
        "auth_url": keystone_url,
        "auth_type": "password",
        "username": "swift",
        "password": PASSWORD,
        "project_name": "service",
        "user_domain_id": "default",
        "project_domain_id": "default",
    }
    return {
        "DEFAULT": _general(state, "swift"),
        "pipeline:main": {"pipeline": PIPELINE},
        "app:proxy-server": {
            "use": "egg:swift#proxy",
            "account_autocreate": True,
            # An object can be written while its container's server is away: how a listing comes to lag.
            "recheck_container_existence": 3600,
        },
        "filter:catch_errors": {"use": "egg:swift#catch_errors"},
        "filter:healthcheck": {"use": "egg:swift#healthcheck"},
        "filter:cache": {"paste.filter_factory": "swift_cache:filter_factory"},
        "filter:s3api": {"use": "egg:swift#s3api", "s3_acl": False, "location": S3_REGION},
        "filter:s3token": {
            "use": "egg:swift#s3token",
            "auth_uri": keystone_url,
            "delay_auth_decision": True,
            "secret_cache_duration": 60,
            **who,
        },
        "filter:authtoken": {
            "paste.filter_factory": "keystonemiddleware.auth_token:filter_factory",
            "www_authenticate_uri": keystone_url,
            "delay_auth_decision": True,
            "cache": "swift.cache",
            "include_service_catalog": False,
            **who,
        },
        "filter:keystoneauth": {
            "use": "egg:swift#keystoneauth",
            "operator_roles": "admin, member",
            "system_reader_roles": READER_ROLE,
        },
        "filter:slo": {"use": "egg:swift#slo"},
    }


def ready(state: State, name: str) -> str:
    """Return the address that answers when a server of Swift does."""
    return state.url(name.replace("-", "_"), "healthcheck" if name == "swift" else "")


def fill(state: State) -> None:
    """Make Swift known to Keystone: its users, the reader's role and keys, the catalog's entry. Needs Keystone."""
    identity = keystone.Identity(state)
    roles, projects = identity.ids("roles"), identity.ids("projects")
    reads = identity.make("role", name=READER_ROLE)
    swift = identity.make("user", name="swift", password=PASSWORD, domain_id="default")
    reader = identity.make("user", name=READER, password=PASSWORD, domain_id="default")
    for role in ("admin", "service"):
        identity.grant(projects["service"], swift, roles[role])
    users = identity.ids("users")
    identity.grant(projects["service"], reader, reads)
    for project in ("admin", "demo"):
        identity.grant(projects[project], users["admin"], reads)
    catalog = identity.make("service", type="object-store", name="swift")
    url = state.url("swift", "v1/AUTH_$(project_id)s")
    identity.make("endpoint", service_id=catalog, interface="public", region_id=keystone.REGION, url=url)
    state.swift = {
        "s3_endpoint": state.url("swift").rstrip("/"),
        "cinder": keys(state, users["cinder"], projects["service"]),
        "reader": keys(state, reader, projects["service"]),
        "project_id": projects["service"],
    }
    state.save()


def keys(state: State, user_id: str, project_id: str) -> dict[str, str]:
    """Make a pair of S3 keys for a user in a project, by Keystone's EC2 credentials."""
    api = adapter.Adapter(keystone.session(state), endpoint_override=state.url("keystone", "v3"))
    made = api.post(f"/users/{user_id}/credentials/OS-EC2", json={"tenant_id": project_id}).json()["credential"]
    return {"access": made["access"], "secret": made["secret"]}
