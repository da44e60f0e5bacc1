# SPDX-License-Identifier: Apache-2.0
"""Slow answers are no verdict, and connections are few."""

import concurrent.futures
import os
import pathlib
import re
import time

import pytest

from tests.lab.processes import children
from tests.pages import said
from tests.pages.web import Dashboard
from tests.tried import database
from tests.tried.product import PAGE

ESTABLISHED = "01"


def connections_of(lab) -> int:
    """Return how many connections Horizon's workers hold to cinder-api."""
    port = f":{lab.state.ports['cinder']:04X}"
    table = pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in table]
    inodes = {row[9] for row in rows if row[2].endswith(port) and row[3] == ESTABLISHED}
    return sum(len(inodes & _sockets(pid)) for pid in children(lab.service("horizon").pid))


def _sockets(pid: int) -> set[str]:
    found = set()
    for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            found |= set(re.findall(r"socket:\[(\d+)\]", os.readlink(entry)))
        except FileNotFoundError:
            continue
    return found


@pytest.fixture
def complete(cloud):
    """A stuck backup whose data is whole, to look at only."""
    record = cloud.take("creating-complete")
    yield record
    cloud.keep(record)


@pytest.mark.row("8.1", "creating-complete", "forty dialogs opened by four people")
def test_connections_to_cinder_are_few_and_closed(lab, complete, tried):
    people = [Dashboard(lab.info["horizon"], lab.info["admin"]) for _ in range(4)]
    most = [0]

    def ten(web):
        for _ in range(10):
            web.get(f"{PAGE}{complete['backup_id']}/update/", modal=True)
            most[0] = max(most[0], connections_of(lab))

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(ten, people))
    workers = len(children(lab.service("horizon").pid))
    time.sleep(3)
    left = connections_of(lab)
    tried.saw(f"At most {most[0]} connections of {workers} workers, {left} three seconds after.", "–")
    assert most[0] <= 8 * workers
    assert left <= 4 * workers


@pytest.mark.row("8.2", "creating-complete, Cinder’s services table locked", "opened by three people at once")
def test_what_was_not_answered_in_time_is_no_verdict(lab, product, complete, tried):
    people = [Dashboard(lab.info["horizon"], lab.info["admin"]) for _ in range(3)]
    path = f"{PAGE}{complete['backup_id']}/update/"
    with database.locked(lab, "services"), concurrent.futures.ThreadPoolExecutor(3) as pool:
        texts = list(pool.map(lambda web: web.get(path, modal=True), people))
        row = product.plan([complete["backup_id"]])[complete["backup_id"]]
    dialogs = [said.answer(complete["backup_id"], text) for text in texts]
    tried.saw(f"{dialogs[0].headline} In bulk: {row['left_out']}", database.told(lab, complete))
    assert [dialog.choice for dialog in dialogs] == [None] * 3
    assert {dialog.verdict for dialog in dialogs} <= {"complete", "not_answered"}
    assert "too slowly" in row["left_out"]
