# SPDX-License-Identifier: Apache-2.0
"""Keystone: configuration, database, users and catalog.

What a Keystone holds once it is bootstrapped and filled (database, keys, passwords) is kept in the cache; in another
lab of the same user only the addresses in its catalog differ.
"""

import contextlib
import json
import pathlib
import shutil
import sqlite3
import sys

from keystoneauth1 import adapter
from keystoneauth1 import session as keystone_session
from keystoneauth1.identity import v3

from tests.lab import cache
from tests.lab import gunicorn
from tests.lab import ini
from tests.lab.processes import Service
from tests.lab.state import State

REGION = "RegionOne"
CINDER_PASSWORD = "cinder"
#: Cinder's own user, as those of ``State.users`` are described.
CINDER = {"user": "cinder", "password": CINDER_PASSWORD, "project": "service", "domain": "Default"}
SETUP = "tests.lab.runtime.keystone_setup"
CATALOG_TYPES = ("block-storage", "volumev3")


def configure(state: State) -> Service:
    """Write Keystone's files and return its service."""
    folder = state.path("keystone")
    data = folder / "data"
    ini.write(
        folder / "keystone.conf",
        {
            "DEFAULT": {"debug": False, "max_token_size": 255},
            "database": {"connection": f"sqlite:///{data}/keystone.sqlite", "sqlite_synchronous": False},
            "token": {"provider": "fernet", "expiration": 86400},
            "fernet_tokens": {"key_repository": data / "fernet"},
            # Of no use here, but Keystone makes these keys as well, by default in /etc, which is no ordinary user's.
            "fernet_receipts": {"key_repository": data / "fernet"},
            "credential": {"key_repository": data / "credential"},
            "identity": {"password_hash_rounds": 4},
            # Without a cache each request works out the roles anew, 250 ms of a core; a production Keystone has one.
            "cache": {"enabled": True, "backend": "oslo_cache.dict", "expiration_time": 60},
        },
    )
    return gunicorn.service(
        state,
        "keystone",
        application="keystone.wsgi.api:application",
        folder=folder,
        workers=1 if state.shape == "embedded" else 2,
        env={"OS_KEYSTONE_CONFIG_FILES": str(folder / "keystone.conf")},
    )


def bring_up(state: State, run, start) -> None:
    """Make Keystone run with its users and catalog.

    :param run: callable that runs a command to its end, a ``commands.Runner``
    :param start: callable that starts a service and waits until it is ready
    """
    service = configure(state)
    data = state.path("keystone", "data")
    ours = pathlib.Path(__file__).read_text()
    with cache.entry("keystone", ("keystone", "oslo.db", "SQLAlchemy"), ours) as kept:
        if kept.fetch("data", data):
            state.users = json.loads((data / "users.json").read_text())
            state.save()
            readdress(state)
            start(service)
            return
        bootstrap(state, run)
        start(service)
        fill(state)
        keep(state, kept)


def bootstrap(state: State, run) -> None:
    """Make Keystone's database and keys, and the administrator."""
    data = state.path("keystone", "data")
    for name in ("fernet", "credential"):
        (data / name).mkdir(mode=0o700, parents=True)
    run(
        [sys.executable, "-m", SETUP, str(state.path("keystone", "keystone.conf")), "schema", "keys", "bootstrap"],
        "keystone-setup",
        env={"LAB_ADMIN_PASSWORD": state.users["admin"]["password"], "LAB_KEYSTONE_URL": state.url("keystone", "v3")},
    )


def keep(state: State, kept: cache.Entry) -> None:
    """Keep database, keys and passwords in the cache."""
    data, copy = state.path("keystone", "data"), state.path("keystone", "copy")
    shutil.copytree(data, copy, ignore=shutil.ignore_patterns("keystone.sqlite*"))
    (copy / "users.json").write_text(json.dumps(state.users))
    # SQLite's own copy, which is whole although Keystone has the database open.
    with (
        contextlib.closing(sqlite3.connect(data / "keystone.sqlite")) as source,
        contextlib.closing(sqlite3.connect(copy / "keystone.sqlite")) as target,
    ):
        source.backup(target)
    kept.store("data", copy)
    shutil.rmtree(copy)


def readdress(state: State) -> None:
    """Write this lab's addresses into the catalog of a kept database."""
    update = "UPDATE endpoint SET url = ? WHERE service_id IN (SELECT id FROM service WHERE type = ?)"
    with contextlib.closing(sqlite3.connect(state.path("keystone", "data", "keystone.sqlite"))) as database, database:
        database.execute(update, (state.url("keystone", "v3"), "identity"))
        for kind in CATALOG_TYPES:
            database.execute(update, (state.url("cinder", "v3"), kind))


def session(state: State, user: str = "admin", project: str | None = None) -> keystone_session.Session:
    """Return a session of one of the lab's users, scoped to their own project or another one."""
    who = CINDER if user == CINDER["user"] else state.users[user]
    auth = v3.Password(
        auth_url=state.url("keystone", "v3"),
        username=who["user"],
        password=who["password"],
        project_name=project or who["project"],
        user_domain_name=who["domain"],
        project_domain_name=who["domain"],
    )
    return keystone_session.Session(auth=auth, timeout=60)


class Identity:
    """The few requests to Keystone's API that fill it; openstacksdk takes longer to import than these take to make."""

    def __init__(self, state: State) -> None:
        self._api = adapter.Adapter(session(state), endpoint_override=state.url("keystone", "v3"))

    def ids(self, collection: str) -> dict[str, str]:
        """Return the ids of all users, projects or roles by name."""
        return {one["name"]: one["id"] for one in self._api.get(f"/{collection}").json()[collection]}

    def make(self, kind: str, **fields) -> str:
        """Make a user, project, service or endpoint and return its id."""
        return self._api.post(f"/{kind}s", json={kind: fields}).json()[kind]["id"]

    def grant(self, project: str, user: str, role: str) -> None:
        """Give a user a role in a project; all by id."""
        self._api.put(f"/projects/{project}/users/{user}/roles/{role}")


def fill(state: State) -> None:
    """Make projects, users, roles and the block storage catalog; needs a running Keystone."""
    identity = Identity(state)
    roles, users = identity.ids("roles"), identity.ids("users")
    demo, service = (identity.make("project", name=name, domain_id="default") for name in ("demo", "service"))
    identity.grant(demo, users["admin"], roles["admin"])
    for name in ("member", "reader"):
        user = identity.make("user", name=name, password=state.users[name]["password"], domain_id="default")
        identity.grant(demo, user, roles[name])
    cinder = identity.make("user", name="cinder", password=CINDER_PASSWORD, domain_id="default")
    for role in ("admin", "service"):
        identity.grant(service, cinder, roles[role])
    for kind in CATALOG_TYPES:
        catalog = identity.make("service", type=kind, name=f"cinder-{kind}")
        url = state.url("cinder", "v3")
        identity.make("endpoint", service_id=catalog, interface="public", region_id=REGION, url=url)
