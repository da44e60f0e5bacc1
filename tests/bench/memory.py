# SPDX-License-Identifier: Apache-2.0
"""What a Horizon worker keeps of a long plan: nothing, if it can be helped."""

import pathlib
import subprocess

from tests.bench.bulk_run import BulkPage
from tests.bench.catalogue import BY_KEY
from tests.bench.cloud import Cloud
from tests.pages.web import BenchError

MIB = 1024
#: So often that every worker has its turn.
TIMES = 4
STUCK = {"tile": "needs_attention", "q": "seeded-stuck-"}


def plan_memory(cloud: Cloud) -> dict:
    """Compare the memory of the largest Horizon worker after plans of a few and after plans of all that match.

    :raises BenchError: a plan has not the rows that it should have
    """
    few = STUCK | {"project": cloud.stuck[0].backup["project_id"], "q": "seeded-stuck-00"}
    planned = {"few": _planned(cloud, few), "all": 0}
    before = resident(cloud)
    planned["all"] = _planned(cloud, STUCK)
    if planned["all"] != len(cloud.stuck) or not 0 < planned["few"] < planned["all"] / 10:
        raise BenchError(f"Of {len(cloud.stuck)} stuck backups, plans had {planned}.")
    after = resident(cloud)
    return BY_KEY["plan_memory"].result(after - before, mib_before=before, mib_after=after, rows_planned=planned)


def _planned(cloud: Cloud, query: dict[str, str]) -> int:
    """Work out a plan some times; return how many rows it has."""
    return [len(BulkPage(cloud.ours, query).plan().planned) for _time in range(TIMES)][-1]


def resident(cloud: Cloud) -> float:
    """Return how many MiB the largest worker of the Horizon with the plugin has in memory."""
    master = cloud.lab.info["pids"]["horizon"]
    workers = subprocess.run(["pgrep", "-P", str(master)], capture_output=True, text=True, check=True).stdout.split()
    return max(_resident_kib(pid) for pid in workers) / MIB


def _resident_kib(pid: str) -> int:
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1])
