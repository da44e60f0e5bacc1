# SPDX-License-Identifier: Apache-2.0
"""The history after five hundred resets by two Horizon workers, and while its database is gone."""

import concurrent.futures
import contextlib
import dataclasses
import pathlib
import re
import sqlite3
from collections import Counter

import pytest
from lxml import html

from tests.bench.bulk_run import BulkPage
from tests.lab import Lab
from tests.pages.web import Dashboard

PAGE = "admin/backup_reset/history/"


@pytest.fixture
def dashboard(lab):
    """Horizon, over HTTP, with an administrator logged in."""
    return Dashboard(lab.info["horizon"], lab.info["admin"])


def file_of(lab: Lab) -> pathlib.Path:
    """The database of Horizon."""
    return lab.state.path("horizon", "horizon") / "horizon.sqlite3"


@contextlib.contextmanager
def gone(file: pathlib.Path):
    """The database cannot be opened meanwhile."""
    aside = file.with_suffix(".aside")
    file.rename(aside)
    file.mkdir()
    try:
        yield
    finally:
        file.rmdir()
        aside.rename(file)


def keys(lab: Lab) -> Counter:
    """How many rows there are of each backup."""
    with contextlib.closing(sqlite3.connect(file_of(lab))) as connection:
        return Counter(each for (each,) in connection.execute("SELECT backup_id FROM backup_reset_panel_history"))


def forget(lab: Lab) -> None:
    """Empty the table."""
    with contextlib.closing(sqlite3.connect(file_of(lab), isolation_level=None)) as connection:
        connection.execute("DELETE FROM backup_reset_panel_history")


def listed(dashboard: Dashboard) -> dict[str, str]:
    """What the page lists, page by page: backup id to outcome; each id once."""
    found, query = {}, ""
    while True:
        tree = html.fromstring(dashboard.get(PAGE + query))
        for row in tree.cssselect("#history tbody tr[data-object-id]"):
            cells = [" ".join(cell.text_content().split()) for cell in row.cssselect("td")]
            assert cells[2] not in found
            found[cells[2]] = cells[5]
        following = tree.cssselect("#history-next")
        if not following:
            return found
        query = following[0].get("href")


@pytest.fixture
def two_people(lab):
    """Two administrators' sessions, each request of which may meet another worker: no connection is kept."""
    people = [Dashboard(lab.info["horizon"], lab.info["admin"]) for _number in range(2)]
    for each in people:
        each._session.headers["Connection"] = "close"
    return people


def workers(log: pathlib.Path, begin: int) -> set[str]:
    """The processes of Horizon that carried out chunks of a run, by its access log from a place on."""
    lines = log.read_text()[begin:].splitlines()
    return {line.split("] ", 1)[1].split()[0] for line in lines if "POST /admin/backup_reset/bulk/apply/" in line}


def test_after_five_hundred_by_two_people_and_two_workers_each_is_listed_once_with_its_outcome(
    lab, stuck, dashboard, two_people
):
    wanted = set(stuck.all().backups)
    forget(lab)
    log = lab.state.path("logs", "horizon.access.log")
    begin = len(log.read_text())
    pages = [BulkPage(each, {}) for each in two_people]
    plan = pages[0].plan_of_dead()
    assert {row["id"] for row in plan.planned if row.get("token")} == wanted
    assert len(wanted) == 500
    halves = [dataclasses.replace(plan, planned=plan.planned[half::2], chunks=[], results={}) for half in (0, 1)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda page, half: page.carry_out(half), pages, halves))
    results = runs[0].results | runs[1].results
    assert set(results) == wanted
    assert len(workers(log, begin)) == 2
    assert keys(lab) == dict.fromkeys(wanted, 1)
    told = listed(dashboard)
    assert set(told) == wanted
    assert {each for each, ending in results.items() if ending == "applied"} == {
        each for each, words in told.items() if re.match("applied", words)
    }


def test_without_its_database_resets_work_on_and_what_is_missing_is_told_and_written_later(lab, stuck, dashboard):
    forget(lab)
    rows = stuck.some(10)
    with gone(file_of(lab)):
        page = BulkPage(dashboard, {})
        run = page.carry_out(page.plan())
        assert set(run.results) == set(rows.backups)
        told = html.fromstring(dashboard.get(PAGE))
        assert told.cssselect("#history-problem")
        assert {each.text for each in told.cssselect("#history-waiting code")} == set(rows.backups)
    assert set(listed(dashboard)) == set(rows.backups)
    assert keys(lab) == dict.fromkeys(rows.backups, 1)
