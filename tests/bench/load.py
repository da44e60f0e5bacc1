# SPDX-License-Identifier: Apache-2.0
"""Ten people with five dialogs each, while one kind of Cinder's answers is slow or does not come at all.

What must hold: nobody reads a verdict that is wrong; the plugin holds few connections to cinder-api, and lets go of
them; and cinder-api answers everybody else. In the embedded shape, whose cinder-api serves a hundred connections under
eventlet: the one that dashboards have silenced.
"""

import concurrent.futures
import contextlib
import dataclasses
import secrets
import threading
import time
from collections.abc import Iterator

import psutil
from lxml import html

from tests.bench.catalogue import BY_KEY
from tests.bench.pages import our_dialog
from tests.lab import Lab
from tests.lab import keystone
from tests.lab import slow
from tests.lab import wait
from tests.pages.web import Dashboard

PEOPLE = 10
#: Five kinds of stuck backups, whose verdicts and recommendations differ.
SITUATIONS = ("creating-complete", "creating-no-data", "creating-partial", "restoring", "error-after-restart")
#: What is slow, by the path of its requests.
KINDS = {
    "services": r"/os-services",
    "backups": r"/backups",
    "volumes": r"/(volumes|snapshots)",
    "messages": r"/messages",
    # But what others ask for here.
    "all": r"/v3/(?!.*types)",
}
DELAYS = {"slow_03": 0.3, "slow_08": 0.8, "hanging": slow.FOR_EVER}
#: How often connections are counted, and others ask.
LOOK_SECONDS = 0.05
#: A moment after: connections that nobody uses are kept for a second.
AFTER_SECONDS = 3.0
SETTLE_SECONDS = 60
#: What a dialog says where an answer was not there in time.
OPEN = "not_answered"


@dataclasses.dataclass(frozen=True)
class Seen:
    """What one person read in one dialog.

    :param verdict: its kind; empty: no verdict, but the reason why there is none
    :param recommended: the choice that was made beforehand; empty: none
    """

    verdict: str
    recommended: str

    @classmethod
    def read(cls, text: str) -> "Seen":
        """From a dialog's HTML."""
        page = html.fromstring(text)
        verdict = page.xpath("//*[@id='backup-reset-verdict']/@data-verdict")
        chosen = page.xpath("//input[@name='choice'][@checked]/@value")
        return cls(verdict[0] if verdict else "", chosen[0] if chosen else "")

    def is_wrong(self, calm: "Seen") -> bool:
        """Whether it says more than is known, or something else than in calm times."""
        if self.verdict in ("", OPEN):
            return bool(self.recommended)
        return self.verdict != calm.verdict or (bool(self.recommended) and self.recommended != calm.recommended)


@dataclasses.dataclass
class Load:
    """What came of one kind of slowness.

    :param dialogs: how many were opened
    :param wrong: how many of them said what is wrong
    :param open: how many said that it is not known yet
    :param most: connections of a Horizon worker to cinder-api at one time
    :param after: how many were left a moment later
    :param others: the longest, in seconds, that somebody else waited for cinder-api
    """

    dialogs: int
    wrong: int
    open: int
    most: int
    after: int
    others: float


class Watch:
    """Counts the connections of Horizon's workers to cinder-api, and asks cinder-api something itself, as others do."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._ended = threading.Event()
        self.most = 0
        self.longest = 0.0

    @contextlib.contextmanager
    def running(self) -> Iterator["Watch"]:
        """Watch for a while."""
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            watchers = [pool.submit(self._count), pool.submit(self._ask)]
            try:
                yield self
            finally:
                self._ended.set()
            for watcher in watchers:
                watcher.result()

    def connections(self) -> int:
        """How many the worker has that has most of them."""
        port = self._lab.state.ports["cinder"]
        workers = psutil.Process(self._lab.info["pids"]["horizon"]).children()
        counts = [
            sum(each.status == psutil.CONN_ESTABLISHED and each.raddr.port == port for each in worker.net_connections())
            for worker in workers
        ]
        return max(counts, default=0)

    def _count(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            self.most = max(self.most, self.connections())

    def _ask(self) -> None:
        types = self._lab.client().volume_types
        while not self._ended.wait(LOOK_SECONDS):
            begun = time.monotonic()
            types.list()
            self.longest = max(self.longest, time.monotonic() - begun)


def people(lab: Lab, count: int) -> list[Dashboard]:
    """As many administrators, each logged in."""
    identity = keystone.Identity(lab.state)
    project, role = identity.ids("projects")["demo"], identity.ids("roles")["admin"]
    found = []
    for _number in range(count):
        who = {"user": f"admin-{secrets.token_hex(4)}", "password": secrets.token_urlsafe(16)}
        user = identity.make("user", name=who["user"], password=who["password"], domain_id="default")
        identity.grant(project, user, role)
        found.append(Dashboard(lab.info["horizon"], who))
    return found


def under_load(lab: Lab, dashboards: list[Dashboard], calm: dict[str, Seen], pattern: str, seconds: float) -> Load:
    """Let everybody open every dialog while something is slow."""

    def open_all(dashboard: Dashboard) -> list[tuple[str, Seen]]:
        return [(each, Seen.read(dashboard.get(our_dialog(each), modal=True))) for each in calm]

    watch = Watch(lab)
    with lab.slow(pattern, seconds), watch.running(), concurrent.futures.ThreadPoolExecutor(len(dashboards)) as pool:
        seen = [each for opened in pool.map(open_all, dashboards) for each in opened]
    begun = time.monotonic()
    wait.until(lambda: time.monotonic() - begun > AFTER_SECONDS, "a moment to pass", SETTLE_SECONDS)
    return Load(
        dialogs=len(seen),
        wrong=sum(found.is_wrong(calm[backup_id]) for backup_id, found in seen),
        open=sum(found.verdict in ("", OPEN) for _backup_id, found in seen),
        most=watch.most,
        after=watch.connections(),
        others=watch.longest,
    )


def load(lab: Lab, kinds: dict[str, str] | None = None) -> dict[str, dict]:
    """Measure each kind of slowness.

    :param lab: of the embedded shape, up, and nobody else's
    :returns: a row a kind and delay, and those of connections
    """
    records = lab.make(*SITUATIONS)
    dashboards = people(lab, PEOPLE)
    ids = [record["backup_id"] for record in records]
    calm = {each: Seen.read(dashboards[0].get(our_dialog(each), modal=True)) for each in ids}
    found: dict[str, Load] = {}
    rows = {}
    for kind, pattern in (kinds or KINDS).items():
        for delay, seconds in DELAYS.items():
            key = f"load_{kind}_{delay}"
            found[key] = under_load(lab, dashboards, calm, pattern, seconds)
            rows[key] = BY_KEY[key].result(found[key].wrong, **dataclasses.asdict(found[key]))
    rows["load_connections"] = BY_KEY["load_connections"].result(max(each.most for each in found.values()))
    rows["load_left"] = BY_KEY["load_left"].result(max(each.after for each in found.values()))
    rows["load_others"] = BY_KEY["load_others"].result(max(each.others for each in found.values()))
    return rows
