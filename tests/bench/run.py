# SPDX-License-Identifier: Apache-2.0
"""One whole run: the cloud grows step by step, and everything is measured at the size that it is told for."""

import dataclasses
from collections.abc import Callable

from tests.bench import check
from tests.bench import faults
from tests.bench import machine
from tests.bench import memory
from tests.bench import pages
from tests.bench import resets
from tests.bench.catalogue import BY_KEY
from tests.bench.catalogue import ROWS
from tests.bench.cloud import Cloud
from tests.lab import Lab


@dataclasses.dataclass(frozen=True)
class Size:
    """How much is measured.

    :param volumes: in the cloud, when most is measured
    :param backups: likewise, the stuck ones among them
    :param stuck: how many are stuck, and released by one bulk run
    :param rounds: of cheap things; a third of it of costly ones
    :param small: volumes and backups of the small cloud, where a click is measured
    :param growth: by how much the cloud then grows, 1: not at all
    """

    volumes: int = 5000
    backups: int = 5000
    stuck: int = 500
    rounds: int = 9
    small: int = 500
    growth: int = 1

    @property
    def costly_rounds(self) -> int:
        """Rounds of what takes minutes."""
        return max(1, self.rounds // 3)


QUICK = Size(volumes=200, backups=200, stuck=40, rounds=1, small=100)
LONG_GROWTH = 10


def run(lab: Lab, size: Size, say: Callable[[str], object]) -> dict:
    """Measure everything.

    :param lab: see ``cloud.new_lab``; up, and nobody else's
    :param say: told what is being done
    :returns: ``machine``, ``versions``, ``parameters``, ``rows`` (key of the catalogue to its result) and ``curve``
        (the page at each size)
    """
    begun = machine.machine()
    cloud = Cloud(lab)
    rows: dict[str, dict] = {}
    say(f"seeding {size.small} volumes and backups")
    cloud.grow(size.small, size.small, min(size.stuck, size.small // 2))
    curve = [_point(cloud, size)]
    say("a click")
    rows["click"] = pages.click(cloud, size.rounds)
    cloud.stick()
    say(f"seeding {size.volumes} volumes and {size.backups} backups, {size.stuck} of them stuck")
    cloud.grow(size.volumes, size.backups, size.stuck)
    rows |= _opened(cloud, size, say)
    curve.append(_as_point(rows["page"]))
    say(f"bulk runs, {size.costly_rounds} of each")
    rows |= resets.bulk(cloud, size.costly_rounds)
    cloud.stick()
    say("six real situations on each Horizon")
    rows |= faults.faults(cloud)
    if size.growth > 1:
        rows |= _grown(cloud, size, say, curve)
    return {
        "rows": {row.key: rows[row.key] for row in ROWS if row.key in rows},
        "curve": curve,
        "parameters": dataclasses.asdict(size),
        "machine": begun,
        "versions": machine.versions(),
    }


def _grown(cloud: Cloud, size: Size, say: Callable[[str], object], curve: list[dict]) -> dict[str, dict]:
    """Measure what a larger cloud changes; add to the curve."""
    # The six situations have left more dead hosts behind, each of which the page asks about.
    before = _point(cloud, size)
    say(f"seeding {size.growth} times as many volumes")
    cloud.grow(size.volumes * size.growth, size.backups, size.stuck)
    curve.append(_point(cloud, size))
    rows = {"page_growth": BY_KEY["page_growth"].result(curve[-1]["ours"], before["ours"])}
    say(f"seeding {size.growth} times as many backups")
    # Backups are seeded with a volume at least.
    cloud.grow(cloud.volumes + 1, size.backups * size.growth, size.stuck)
    rows["check"] = check.check(cloud, size.costly_rounds)
    more = size.stuck * (size.growth - 1)
    cloud.grow(cloud.volumes + more, cloud.backups + more, size.stuck + more)
    curve.append(_point(cloud, size))
    say("plans of all that match")
    return rows | {"plan_memory": memory.plan_memory(cloud)}


def _opened(cloud: Cloud, size: Size, say: Callable[[str], object]) -> dict[str, dict]:
    """Measure what is only opened and looked at."""
    say("the page")
    rows = {"page": pages.page(cloud, size.costly_rounds)}
    say("the dialog")
    rows |= pages.dialog(cloud, size.rounds)
    rows["dialog_hanging"] = pages.dialog_hanging(cloud, cloud.any_in_error(), size.costly_rounds)
    say("the check for cron")
    rows["check"] = check.check(cloud, size.costly_rounds)
    say("live update")
    return rows | pages.live(cloud)


def _point(cloud: Cloud, size: Size) -> dict:
    return _as_point(pages.page(cloud, size.costly_rounds))


def _as_point(row: dict) -> dict:
    return {name: row[name] for name in ("volumes", "backups", "ours", "peer", "ratio")}
