# SPDX-License-Identifier: Apache-2.0
"""A bulk run over HTTP, chunk for chunk as the page's own JavaScript (``static/…/bulk``) does it."""

import dataclasses
import importlib.resources
import json
import re
import time
from collections import Counter
from collections.abc import Sequence

from lxml import html

from tests.pages.web import BenchError
from tests.pages.web import Dashboard

PAGE = "admin/backup_reset/bulk/"
SCRIPTS = importlib.resources.files("backup_reset_panel") / "static" / "backup_reset_panel" / "bulk"
SHORTEST = 0.1


def constant(name: str) -> float:
    """Return a number that the page's scripts go by, by the name that it has there.

    :raises BenchError: there is none of that name
    """
    scripts = [script.read_text() for script in SCRIPTS.iterdir() if script.name.endswith(".js")]
    found = [number for script in scripts for number in re.findall(rf"^const {name} = ([0-9.]+);", script, re.M)]
    if len(found) != 1:
        raise BenchError(f"The scripts have {name} {len(found)} times: the bench has to follow them.")
    return float(found[0])


def next_size(rows: int, seconds: float, most: int) -> int:
    """Return how many rows the page puts into the chunk after one of so many rows that took so long."""
    wished = round(rows * constant("SECONDS_A_CHUNK") / max(seconds, SHORTEST))
    return min(most, max(int(constant("SMALLEST_CHUNK")), wished))


@dataclasses.dataclass
class Run:
    """What a bulk run came to.

    :param planned: rows of the plan, tokens included
    :param plan_seconds: what the plan took
    :param seconds: from the first chunk's request until every outcome was seen, or looking ended
    :param chunks: how many rows and seconds each chunk had
    :param results: id to class of result
    :param open: id to the token for another look, of those that were accepted and not seen applied yet
    """

    planned: list[dict]
    plan_seconds: float
    seconds: float = 0.0
    chunks: list[tuple[int, float]] = dataclasses.field(default_factory=list)
    results: dict[str, str] = dataclasses.field(default_factory=dict)

    open: dict[str, str] = dataclasses.field(default_factory=dict)

    def take(self, results: list[dict]) -> None:
        """Take up what the server says of some rows."""
        for result in results:
            self.results[result["id"]] = result["class"]
            self.open.pop(result["id"], None)
            if result["watch"]:
                self.open[result["id"]] = result["watch"]

    @property
    def classes(self) -> Counter:
        """How many results there are of each class."""
        return Counter(self.results.values())


class BulkPage:
    """The plan page of one selection.

    :param dashboard: Dashboard with the plugin
    :param query: fields of the Stuck Backups page's filter
    """

    def __init__(self, dashboard: Dashboard, query: dict[str, str]) -> None:
        self.dashboard = dashboard
        page = dashboard.post(PAGE, query)
        if page.status_code != 200:
            raise BenchError(f"The plan page answers {page.status_code}.")
        form = html.fromstring(page.text).get_element_by_id("bulk")
        self.most = int(form.get("data-chunk"))
        self.plan_url, self.apply_url, self.look_url = (
            form.get(f"data-{name}-url") for name in ("plan", "apply", "look")
        )
        self.query = json.loads(dict(form.form_values())["source"])["query"]

    def plan_of_dead(self) -> Run:
        """Work out the plan when the administrator has said that the processes on hosts that are down are dead."""
        asked = [row for row in self.plan().planned if row["wants_word"] and not row["is_up"]]
        return self.plan(dead=sorted({row["host"] for row in asked}))

    def plan(self, mode: str = "recommended", dead: Sequence[str] = ()) -> Run:
        """Work out the plan.

        :param dead: the hosts whose processes the administrator calls dead
        """
        begun, rows, after = time.perf_counter(), [], ""
        settings = {"mode": mode, "dead": json.dumps(list(dead))}
        while True:
            answer = self._ask(self.plan_url, {**self.query, **settings, "after": after})
            rows += answer["rows"]
            ids = answer["ids"]
            while ids:
                part = self._ask(self.plan_url, {**settings, "ids": json.dumps(ids[:1000])})
                rows += part["rows"]
                ids = part["ids"] + ids[1000:]
            after = answer.get("after")
            if not after:
                return Run(rows, time.perf_counter() - begun)

    def carry_out(self, run: Run) -> Run:
        """Send the plan's rows; fill in what came of them.

        :raises BenchError: the run paused
        """
        pending = [row["token"] for row in run.planned if row.get("token")]
        size, begun = min(int(constant("FIRST_CHUNK")), self.most), time.perf_counter()
        while pending:
            chunk, pending = pending[:size], pending[size:]
            started = time.perf_counter()
            answer = self._ask(self.apply_url, {"tokens": json.dumps(chunk)})
            if answer.get("pause"):
                raise BenchError(f"The run paused: {answer['pause']}")
            took = time.perf_counter() - started
            run.chunks.append((len(chunk), took))
            run.take(answer["results"])
            size = next_size(len(chunk), took, self.most)
        self._look_again(run)
        run.seconds = time.perf_counter() - begun
        return run

    def _look_again(self, run: Run) -> None:
        """Look at what is still open, a few times."""
        for look in range(int(constant("LOOKS"))):
            if not run.open:
                return
            time.sleep(constant("PAUSE_BETWEEN_LOOKS" if look else "PAUSE_BEFORE_LOOKS") / 1000)
            tokens = list(run.open.values())[: int(constant("MOST_LOOKED_AT"))]
            run.take(self._ask(self.look_url, {"tokens": json.dumps(tokens)})["results"])

    def _ask(self, url: str, fields: dict) -> dict:
        answer = self.dashboard.post(url, fields)
        found = answer.json()
        if "stop" in found:
            raise BenchError(f"The run stopped: {found['stop']}")
        return found
