# SPDX-License-Identifier: Apache-2.0
"""What one run of ``backup_reset_check`` takes, as cron starts it, beside a list of all backups alone.

With the settings of the Horizon that is measured, its shared cache among them. Any command of Horizon's first loads
Horizon, which takes as long whatever it then does: that is told by itself.
"""

import os
import re
import subprocess
import sys

from tests.bench.catalogue import BY_KEY
from tests.bench.cloud import Cloud
from tests.bench.measure import by_turns
from tests.lab import environment
from tests.lab import horizon
from tests.pages.web import BenchError

STUCK = 1
SECONDS = 120


def check(cloud: Cloud, rounds: int) -> dict:
    """Compare them; all that is stuck is told."""
    things = {"ours": lambda: command(cloud), "start": lambda: start(cloud), "peer": lambda: read_all(cloud)}
    took = by_turns(things, rounds)
    calls = len(cloud.calls(lambda: command(cloud))[0])
    return BY_KEY["check"].result(
        took["ours"].median - took["start"].median,
        took["peer"].median,
        ours_runs=took["ours"].seconds,
        start_runs=took["start"].seconds,
        peer_runs=took["peer"].seconds,
        ours_cinder_calls=calls,
        backups=cloud.backups,
        stuck=len(cloud.stuck),
    )


def command(cloud: Cloud) -> None:
    """Run the command with the administrator's credentials.

    :raises BenchError: it does not find what is stuck
    """
    admin = cloud.lab.info["admin"]
    login = {
        "OS_AUTH_URL": cloud.lab.state.url("keystone", "v3"),
        "OS_USERNAME": admin["user"],
        "OS_PASSWORD": admin["password"],
        "OS_PROJECT_NAME": admin["project"],
        "OS_USER_DOMAIN_NAME": admin["domain"],
        "OS_PROJECT_DOMAIN_NAME": admin["domain"],
    }
    ended = subprocess.run(
        [sys.executable, "manage.py", "backup_reset_check"],
        cwd=environment.REPOSITORY,
        env=_horizon(cloud) | login,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    told = re.search(r"(\d+) backups need attention", ended.stdout.decode())
    # The six situations leave some more.
    if ended.returncode != STUCK or not told or int(told[1]) < len(cloud.stuck):
        raise BenchError(f"backup_reset_check ended with {ended.returncode}: {ended.stdout[:300]!r}")


def start(cloud: Cloud) -> None:
    """Run a command that loads Horizon and does nothing."""
    bare = [sys.executable, "manage.py", "version"]
    env = _horizon(cloud)
    subprocess.run(bare, cwd=environment.REPOSITORY, env=env, capture_output=True, timeout=SECONDS, check=True)


def _horizon(cloud: Cloud) -> dict[str, str]:
    """The variables with which a command finds the settings of the Horizon that has the plugin."""
    return os.environ | horizon.overlay_env(cloud.lab.state.path("horizon", "horizon"))


def read_all(cloud: Cloud) -> None:
    """Read the list of all backups to its end, as a script without filters does."""
    found = len(cloud.lab.client().backups.list(detailed=True, search_opts={"all_tenants": 1}))
    if found < cloud.backups:
        raise BenchError(f"Of {cloud.backups} backups the list had {found}.")
