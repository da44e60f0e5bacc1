# SPDX-License-Identifier: Apache-2.0
"""Keystone: configuration, database, users and catalog."""

import sys

from keystoneauth1 import session as keystone_session
from keystoneauth1.identity import v3
from openstack.connection import Connection

from tests.lab import cache
from tests.lab import gunicorn
from tests.lab import ini
from tests.lab.processes import Service
from tests.lab.state import State

REGION = "RegionOne"
CINDER_PASSWORD = "cinder"
SETUP = "tests.lab.runtime.keystone_setup"


def configure(state: State) -> Service:
    """Write Keystone's files and return its service."""
    folder = state.path("keystone")
    ini.write(
        folder / "keystone.conf",
        {
            "DEFAULT": {"debug": False, "max_token_size": 255},
            "database": {"connection": f"sqlite:///{folder}/keystone.sqlite", "sqlite_synchronous": False},
            "token": {"provider": "fernet", "expiration": 86400},
            "fernet_tokens": {"key_repository": folder / "fernet"},
            # Of no use here, but Keystone makes its keys as well, by default in /etc.
            "fernet_receipts": {"key_repository": folder / "fernet"},
            "credential": {"key_repository": folder / "credential"},
            "identity": {"password_hash_rounds": 4},
            # Without a cache each request works out the roles anew: 250 ms of a whole core.
            "cache": {"enabled": True, "backend": "oslo_cache.dict", "expiration_time": 60},
        },
    )
    for name in ("fernet", "credential"):
        (folder / name).mkdir(mode=0o700)
    return gunicorn.service(
        state,
        "keystone",
        application="keystone.wsgi.api:application",
        folder=folder,
        workers=1 if state.shape == "embedded" else 2,
        env={"OS_KEYSTONE_CONFIG_FILES": str(folder / "keystone.conf")},
    )


def prepare(state: State, run) -> None:
    """Make Keystone's database and keys, and bootstrap the administrator; the empty schema comes from the cache.

    :param run: callable that runs a Python module to its end, as ``commands.runner`` makes it
    """
    database = state.path("keystone", "keystone.sqlite")
    conf = str(state.path("keystone", "keystone.conf"))
    with cache.entry("keystone-schema", ("keystone", "oslo.db", "SQLAlchemy")) as kept:
        if kept.fetch("keystone.sqlite", database):
            steps = ["keys", "bootstrap"]
        else:
            run([sys.executable, "-m", SETUP, conf, "schema"], "keystone-setup")
            kept.store("keystone.sqlite", database)
            steps = ["keys", "bootstrap"]
    run(
        [sys.executable, "-m", SETUP, conf, *steps],
        "keystone-setup",
        env={"LAB_ADMIN_PASSWORD": state.users["admin"]["password"], "LAB_KEYSTONE_URL": state.url("keystone", "v3")},
    )


def session(state: State, user: str = "admin", project: str | None = None) -> keystone_session.Session:
    """Return a session of one of the lab's users, scoped to their own project or another one."""
    who = state.users[user]
    auth = v3.Password(
        auth_url=state.url("keystone", "v3"),
        username=who["user"],
        password=who["password"],
        project_name=project or who["project"],
        user_domain_name=who["domain"],
        project_domain_name=who["domain"],
    )
    return keystone_session.Session(auth=auth, timeout=60)


def fill(state: State) -> None:
    """Make projects, users, roles and the block storage catalog; needs a running Keystone."""
    identity = Connection(session=session(state), region_name=REGION, identity_interface="public").identity
    roles = {role.name: role for role in identity.roles()}
    projects = {project.name: project for project in identity.projects()}
    for name in ("demo", "service"):
        projects[name] = identity.create_project(name=name, domain_id="default")
    for name in ("member", "reader"):
        user = identity.create_user(name=name, password=state.users[name]["password"], domain_id="default")
        identity.assign_project_role_to_user(projects["demo"], user, roles[name])
    cinder = identity.create_user(name="cinder", password=CINDER_PASSWORD, domain_id="default")
    for role in ("admin", "service"):
        identity.assign_project_role_to_user(projects["service"], cinder, roles[role])
    admin = identity.find_user("admin")
    identity.assign_project_role_to_user(projects["demo"], admin, roles["admin"])
    for kind in ("block-storage", "volumev3"):
        service = identity.create_service(type=kind, name=f"cinder-{kind}")
        identity.create_endpoint(
            service_id=service.id, interface="public", region_id=REGION, url=state.url("cinder", "v3")
        )
