# SPDX-License-Identifier: Apache-2.0
"""Cinder: configuration, schema, and its services in both shapes."""

import pathlib

from cinderclient import client as cinder_client
from keystoneauth1.session import Session

from tests.lab import cache
from tests.lab import cinder_release
from tests.lab import gunicorn
from tests.lab import ini
from tests.lab import keystone
from tests.lab import slow
from tests.lab import stores
from tests.lab.processes import Service
from tests.lab.state import State

VOLUME_TYPE = "lab"
ZONE = "nova"
REPORT_INTERVAL = 3
EMBEDDED = "cinder"
MICROVERSION = "3.71"
# Quiet where every line is said twice, and what tells which cinder-backup hosts the scheduler knows.
LOG_LEVELS = (
    "amqp=WARN,sqlalchemy=WARN,stevedore=ERROR,castellan=ERROR,oslo.messaging=INFO,os_brick=ERROR,urllib3=WARN,"
    "keystonemiddleware=ERROR,cinder.quota=ERROR,cinder.api.openstack.wsgi=WARN,cinder.scheduler.host_manager=DEBUG"
)
MIB = 1024 * 1024
CHUNK = MIB


def configure(state: State) -> None:
    """Write ``cinder.conf``, which all of Cinder's services share, and what its API is made of."""
    slow.write_paste(state)
    ini.write(
        state.path("cinder", "cinder.conf"),
        {
            "DEFAULT": _general(state) | _backup(state) | _unlimited(),
            "lab": {
                "volume_driver": "tests.lab.drivers.volume.LabVolumeDriver",
                "volume_backend_name": "lab",
                "lab_volumes": state.path("volumes"),
                "lab_gates": state.path("gates"),
                "lab_mib_per_gib": state.mib_per_gib,
            },
            "database": {"connection": state.database, "sqlite_synchronous": False},
            "keystone_authtoken": {
                "www_authenticate_uri": state.url("keystone", "v3"),
                "auth_url": state.url("keystone", "v3"),
                "auth_type": "password",
                "username": "cinder",
                "password": keystone.CINDER_PASSWORD,
                "project_name": "service",
                "user_domain_id": "default",
                "project_domain_id": "default",
            },
            "oslo_concurrency": {"lock_path": state.path("locks")},
            "coordination": {"backend_url": f"file://{state.path('locks')}"},
            "key_manager": {"backend": "cinder.keymgr.conf_key_mgr.ConfKeyManager", "fixed_key": "ab" * 32},
            "oslo_messaging_rabbit": {"kombu_reconnect_delay": 0.5, "rabbit_retry_interval": 1},
        },
    )


def _general(state: State) -> dict:
    transport = "fake://" if state.shape == "embedded" else f"rabbit://lab:lab@127.0.0.1:{state.ports['rabbitmq']}/"
    return {
        "my_ip": "127.0.0.1",
        "host": "lab",
        "transport_url": transport,
        "auth_strategy": "keystone",
        "api_paste_config": state.path("cinder", "api-paste.ini"),
        "resource_query_filters_file": cinder_release.settings(state, "resource_filters.json"),
        "state_path": state.path("cinder"),
        "enabled_backends": "lab",
        "default_volume_type": VOLUME_TYPE,
        "storage_availability_zone": ZONE,
        "osapi_volume_listen": "127.0.0.1",
        "osapi_volume_listen_port": state.ports["cinder"],
        "service_down_time": state.service_down_time,
        "report_interval": REPORT_INTERVAL,
        "periodic_interval": 5,
        "periodic_fuzzy_delay": 0,
        # A scheduler that missed the first report of cinder-volume has not to wait a minute for the next.
        "backend_stats_polling_interval": 5,
        "volume_clear": "none",
        "default_log_levels": LOG_LEVELS,
    }


def _backup(state: State) -> dict:
    return stores.cinder_options(state, CHUNK) | {
        "backup_max_operations": 64,
        # A driver that was not set up when cinder-backup first reported has not to wait a minute for the next report.
        "backup_driver_stats_polling_interval": 10,
        "backup_workers": state.backup_workers,
        "backup_use_same_host": state.backup_use_same_host,
    }


def _unlimited() -> dict:
    kinds = ("volumes", "snapshots", "gigabytes", "backups", "backup_gigabytes")
    return {f"quota_{kind}": -1 for kind in kinds} | {"osapi_max_limit": 1000}


def config_files(state: State, *more: str) -> list[str]:
    """Return the options that name Cinder's configuration files."""
    files = [str(state.path("cinder", "cinder.conf")), *more]
    return [part for path in files for part in ("--config-file", path)]


def prepare(state: State, run) -> None:
    """Make Cinder's schema; the embedded shape's comes from the cache after the first time."""
    command = [cinder_release.program(state, "cinder-manage"), *config_files(state), "db", "sync"]
    if state.shape != "embedded":
        run(command, "cinder-setup")
        return
    database = state.path("cinder", "cinder.sqlite")
    with cache.entry("cinder-schema", ("cinder", "oslo.db", "SQLAlchemy"), state.cinder or "ours") as kept:
        if not kept.fetch("cinder.sqlite", database):
            run(command, "cinder-setup")
            kept.store("cinder.sqlite", database)


def new_backup_host(state: State, **options: str) -> str:
    """Think of the next cinder-backup host's name and write its own file of options; return the name.

    :param options: options of ``cinder.conf``; ``lab_backup_zone`` is the availability zone
    """
    state.backup_hosts_made += 1
    host = f"lab-backup-{state.backup_hosts_made}"
    if state.shape == "embedded":
        # Scheduler and volume service share the process, but not these.
        named = {"lab_backup_host": host}
    else:
        named = {"host": host}
        if "lab_backup_zone" in options:
            named["storage_availability_zone"] = options["lab_backup_zone"]
    ini.write(state.path("cinder", f"{host}.conf"), {"DEFAULT": named | options})
    return host


def backup_name(host: str) -> str:
    """Return the name of the service that runs cinder-backup under a host name."""
    return host.replace("lab-backup-", "cinder-backup-")


def backup_host(name: str) -> str:
    """Return the host name of a cinder-backup service; the reverse of ``backup_name``."""
    return name.replace("cinder-backup-", "lab-backup-")


def backup_hosts(state: State) -> list[str]:
    """Return the host names under which cinder-backup is meant to run now, oldest first."""
    if state.shape == "embedded":
        files = [argument for argument in state.services[EMBEDDED].argv if "lab-backup-" in argument]
        return [pathlib.Path(file).stem for file in files] if "--without-backup" not in files else []
    names = [name for name, service in state.services.items() if name.startswith("cinder-backup-") and service.pid]
    return [backup_host(name) for name in names]


def service_of(state: State, host: str) -> str:
    """Return the name of the service in which the cinder-backup of a host runs."""
    return EMBEDDED if state.shape == "embedded" else backup_name(host)


def queue(service_name: str) -> str:
    """Return the name of the broker's queue from which a service of the services shape takes messages meant for it."""
    if service_name.startswith("cinder-backup-"):
        return f"cinder-backup.{backup_host(service_name)}"
    return {"cinder-scheduler": "cinder-scheduler.lab", "cinder-volume": "cinder-volume.lab@lab.lab"}[service_name]


def embedded_service(state: State, host: str, *flags: str) -> Service:
    """Return the service that is all of Cinder in one process, its backup part under ``host``."""
    return Service(
        name=EMBEDDED,
        argv=[
            *[cinder_release.program(state, "python"), "-m", "tests.lab.runtime.cinder_all", *flags],
            *config_files(state, str(state.path("cinder", f"{host}.conf"))),
        ],
        cwd=str(state.path("cinder")),
        log=state.log(EMBEDDED),
    )


def backup_service(state: State, host: str) -> Service:
    """Return a cinder-backup service of its own under ``host``."""
    return _service(state, "cinder-backup", backup_name(host), str(state.path("cinder", f"{host}.conf")))


def services(state: State) -> list[Service]:
    """Return Cinder's services but for cinder-backup, one process each; the API has two workers."""
    return [
        gunicorn.service(
            state,
            "cinder-api",
            application="tests.lab.runtime.cinder_api:application",
            folder=state.path("cinder"),
            workers=2,
            preload=False,
            python=cinder_release.program(state, "python"),
            env={"LAB_CINDER_CONFIG": str(state.path("cinder", "cinder.conf"))},
        ),
        _service(state, "cinder-scheduler", "cinder-scheduler"),
        _service(state, "cinder-volume", "cinder-volume"),
    ]


def _service(state: State, binary: str, name: str, *files: str) -> Service:
    return Service(
        name=name,
        argv=[
            *[cinder_release.program(state, "python"), "-m", "tests.lab.runtime.cinder_service", binary],
            *config_files(state, *files),
        ],
        cwd=str(state.path("cinder")),
        log=state.log(name),
    )


def client(state: State, session: Session, microversion: str | None = None) -> cinder_client.Client:
    """Return a cinderclient that works with a Keystone session; by default at the highest microversion served."""
    microversion = microversion or state.cinder_max or MICROVERSION
    return cinder_client.Client(microversion, session=session, endpoint_override=state.url("cinder", "v3"))


def fill(admin: cinder_client.Client) -> None:
    """Make the volume type that every volume needs."""
    admin.volume_types.create(VOLUME_TYPE).set_keys({"volume_backend_name": "lab"})


def down(services) -> list[str]:
    """Return which of Cinder's services it does not show as up.

    :param services: manager of a client at a microversion below 3.49, where asking bothers no other service
    """
    up = {row.binary for row in services.list() if row.state == "up"}
    return sorted({"cinder-scheduler", "cinder-volume", "cinder-backup"} - up)
