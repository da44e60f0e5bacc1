# SPDX-License-Identifier: Apache-2.0
"""What a bulk run takes beside bare calls and the commands; every one of them resets the same backups."""

import concurrent.futures
import os
import subprocess

from backup_reset_panel import conf
from tests.bench.bulk_run import BulkPage
from tests.bench.bulk_run import Run
from tests.bench.catalogue import BY_KEY
from tests.bench.cloud import Cloud
from tests.bench.measure import Spread
from tests.bench.measure import timed
from tests.lab import environment
from tests.lab import keystone
from tests.pages.web import BenchError

TARGET = "error"
#: The openstack command takes one id and some seconds a call: so many are measured, and scaled.
OPENSTACK_CALLS = 20


def bulk(cloud: Cloud, rounds: int) -> dict[str, dict]:
    """Compare resets per second. Volumes are not held, so that nobody has anything to repair.

    The first resets of a cloud take cinder-backup twice as long, whoever sends them: those are not measured.
    """
    peers = {"api": bare, "cinder": cinder_command, "openstack": openstack_command}
    runs: list[Run] = []
    rates: dict[str, list[float]] = {name: [] for name in ("ours", *peers)}
    _released(cloud, lambda: bare(cloud))
    for _round in range(rounds):
        runs.append(_released(cloud, lambda: ours(cloud)))
        rates["ours"].append(len(runs[-1].results) / runs[-1].seconds)
        for name, peer in peers.items():
            rates[name].append(_released(cloud, lambda peer=peer: peer(cloud)))
    spreads = {name: Spread(tuple(found)) for name, found in rates.items()}
    more = {"ours_runs": rates["ours"], "chunks": runs[-1].chunks, "classes": dict(runs[-1].classes)}
    more |= {"plan_seconds": [run.plan_seconds for run in runs], "backups": len(cloud.stuck)}
    return {
        f"bulk_{name}": BY_KEY[f"bulk_{name}"].result(
            spreads["ours"].median, spreads[name].median, peer_runs=rates[name], **(more if name == "api" else {})
        )
        for name in peers
    }


def _released(cloud: Cloud, run):
    """Let the backups be stuck, run, and wait until none of them is any more."""
    cloud.stick(held=False)
    found = run()
    cloud.wait_released()
    return found


def ours(cloud: Cloud) -> Run:
    """Plan all that match, carry the plan out, and make sure that every outcome was seen."""
    page = BulkPage(cloud.ours, {"tile": "needs_attention"})
    run = page.carry_out(page.plan_of_dead())
    # Where nothing is held, nothing tells whether a reset or its own job ended a restore.
    if set(run.results) != {each.id for each in cloud.stuck} or not set(run.classes) <= {"applied", "reached"}:
        raise BenchError(f"Of {len(cloud.stuck)} stuck backups the run told {dict(run.classes)}.")
    return run


def bare(cloud: Cloud) -> float:
    """Send as many resets from threads, look at nothing; return resets per second."""
    client = cloud.lab.client()
    client.client.session.get_token()

    def send(backup) -> None:
        client.backups.reset_state(backup.id, TARGET)

    with concurrent.futures.ThreadPoolExecutor(conf.KEYS["BULK_THREADS"].default) as pool:
        seconds = timed(lambda: list(pool.map(send, cloud.stuck)))
    return len(cloud.stuck) / seconds


def cinder_command(cloud: Cloud) -> float:
    """Reset all by one call of the ``cinder`` command; return resets per second."""
    ids = [each.id for each in cloud.stuck]
    seconds = timed(lambda: command(cloud, "cinder", "backup-reset-state", "--state", TARGET, *ids))
    return len(ids) / seconds


def openstack_command(cloud: Cloud) -> float:
    """Reset some by as many calls of the ``openstack`` command, the others by bare calls; return resets per second."""
    some = cloud.stuck[:OPENSTACK_CALLS]
    seconds = timed(
        lambda: [command(cloud, "openstack", "volume", "backup", "set", "--state", TARGET, each.id) for each in some]
    )
    client = cloud.lab.client()
    for each in cloud.stuck[len(some) :]:
        client.backups.reset_state(each.id, TARGET)
    return len(some) / seconds


def command(cloud: Cloud, name: str, *arguments: str) -> None:
    """Run a command of this environment as the administrator.

    :raises BenchError: it failed
    """
    who = cloud.lab.info["admin"]
    variables = {
        "OS_AUTH_URL": cloud.lab.info["keystone"],
        "OS_USERNAME": who["user"],
        "OS_PASSWORD": who["password"],
        "OS_PROJECT_NAME": who["project"],
        "OS_USER_DOMAIN_NAME": who["domain"],
        "OS_PROJECT_DOMAIN_NAME": who["domain"],
        "OS_REGION_NAME": keystone.REGION,
        "OS_IDENTITY_API_VERSION": "3",
    }
    ended = subprocess.run(
        [str(environment.BIN / name), *arguments],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise BenchError(f"{name} ended with {ended.returncode}: {ended.stderr[-500:]}")
