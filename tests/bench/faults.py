# SPDX-License-Identifier: Apache-2.0
"""What each Horizon tells and does where a backup is really stuck: an operator who wants it available, over HTTP."""

import contextlib
import dataclasses

from lxml import html

from tests.bench.catalogue import BY_KEY
from tests.bench.cloud import Cloud
from tests.bench.pages import STOCK_PAGE
from tests.bench.pages import our_dialog
from tests.bench.pages import stock_dialog
from tests.lab import wait
from tests.lab.errors import LabError

#: Situations of the lab, and whether all the data of such a backup was written.
SITUATIONS = {
    "creating-no-data": False,
    "creating-partial": False,
    "creating-complete": True,
    "restoring": True,
    "never-started": False,
    "error-after-restart": True,
}
BLIND = "available"
APPLY_SECONDS = 5


@dataclasses.dataclass(frozen=True)
class Notice:
    """What one Horizon did with one stuck backup.

    :param situation: of the lab
    :param claimed: the status that it said to have brought about, None if it claimed nothing
    :param after: the status in the database
    :param broken: whether it showed a traceback or a server error
    """

    situation: str
    claimed: str | None
    after: str
    broken: bool

    @property
    def is_untrue(self) -> bool:
        """Whether it claimed what did not happen."""
        return self.claimed is not None and self.claimed != self.after

    @property
    def is_unsound(self) -> bool:
        """Whether a backup whose data is not all there is now offered for restore."""
        return self.after == BLIND and not SITUATIONS[self.situation]


def faults(cloud: Cloud) -> dict[str, dict]:
    """Make each situation twice, and let each Horizon release one."""
    made = cloud.lab.make(*SITUATIONS, count=2)
    told = {"ours": [], "peer": []}
    for name, release in (("ours", _by_ours), ("peer", _by_stock)):
        for situation in SITUATIONS:
            record = next(record for record in made if record["situation"] == situation)
            made.remove(record)
            told[name].append(release(cloud, record))
    seen = {f"{name}_seen": [dataclasses.asdict(one) for one in found] for name, found in told.items()}
    counts = {
        "faults_untrue": lambda one: one.is_untrue,
        "faults_unsound": lambda one: one.is_unsound,
        "faults_broken": lambda one: one.broken,
    }
    return {
        key: BY_KEY[key].result(sum(map(is_one, told["ours"])), sum(map(is_one, told["peer"])), **seen)
        for key, is_one in counts.items()
    }


def _by_ours(cloud: Cloud, record: dict) -> Notice:
    """Choose available and tick nothing; where that is refused, take what the dialog recommends, if anything, and
    say that the process is dead, as it is.
    """
    path = our_dialog(record["backup_id"])
    sent = cloud.ours.form(path)
    answers = [cloud.ours.post(path, sent | {"choice": BLIND})]
    if _ending(answers[-1].text) is None and sent.get("choice"):
        answers.append(cloud.ours.post(path, sent | {"ticks": "process_dead"}))
    target = BLIND if len(answers) == 1 else sent["choice"]
    claims = {"applied": target, "removed": "deleted"}
    return _told(cloud, record, claims.get(_ending(answers[-1].text)), answers)


def _ending(text: str) -> str | None:
    """Return how our result dialog says that it ended; None where the answer is none."""
    found = html.fromstring(text).xpath("//*[@id='backup-reset-outcome']/@data-ending")
    return found[0] if found else None


def _by_stock(cloud: Cloud, record: dict) -> Notice:
    path = stock_dialog(record["backup_id"])
    answer = cloud.stock.post(path, cloud.stock.form(path) | {"status": BLIND})
    claimed = BLIND if "Successfully updated" in cloud.stock.get(STOCK_PAGE) else None
    return _told(cloud, record, claimed, [answer])


def _told(cloud: Cloud, record: dict, claimed: str | None, answers: list) -> Notice:
    """Give a claim ample time to come true, then look into the database."""

    def status() -> str:
        return cloud.lab.backup_row(record["backup_id"])["status"]

    with contextlib.suppress(LabError):
        wait.until(lambda: status() == (claimed or BLIND), "the claim to come true", APPLY_SECONDS)
    broken = any(answer.status_code >= 500 or "Traceback" in answer.text for answer in answers)
    return Notice(record["situation"], claimed, status(), broken)
