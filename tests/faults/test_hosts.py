# SPDX-License-Identifier: Apache-2.0
"""What the Hosts page says that the start of a host would do, and what Cinder's database holds once it is started."""

from collections import Counter

import pytest
from lxml import html

from tests.faults.evidence import Rows
from tests.faults.evidence import is_complete
from tests.lab import cinder
from tests.lab import wait
from tests.pages.said import squeezed
from tests.pages.web import Dashboard

PAGE = "admin/backup_reset/hosts/"
COUNT = 40


@pytest.fixture
def waiting(stuck):
    """A dead host, and forty stuck backups that wait for it, as rows; no others are stuck."""
    stuck.set_aside()
    [(host, _most)] = Counter(row["host"] for row in stuck.rows.backups.values()).most_common(1)
    # Seeded ones, of every kind, whichever host they were of.
    backups = [row | {"host": host} for row in list(stuck.rows.backups.values())[-COUNT:]]
    held = {row["restore_volume_id"] or row["volume_id"] for row in backups}
    rows = Rows({row["id"]: row for row in backups}, {each: stuck.rows.volumes[each] for each in held})
    rows.put_back(stuck.lab)
    yield host, rows
    stuck.set_aside()


@pytest.fixture
def told(lab, waiting):
    """What the page says of that host: in progress, and what its start would do."""
    tree = html.fromstring(Dashboard(lab.info["horizon"], lab.info["admin"]).get(PAGE))
    [row] = tree.xpath(f"//tr[@data-object-id='{waiting[0]}']")
    _host, _zone, state, in_progress, on_start, *_ = map(squeezed, row.xpath("./td"))
    assert state.startswith("down")
    return in_progress, on_start


def test_what_the_page_says_of_a_start_is_what_a_real_start_does_row_by_row(lab, waiting, told):
    host, before = waiting
    was = Counter(row["status"] for row in before.backups.values())
    complete = sum(row["status"] == "creating" and is_complete(row) for row in before.backups.values())
    in_progress, on_start = told

    assert in_progress == f"{COUNT}{was['creating']} Creating, {was['restoring']} Restoring"
    assert f"{was['creating']} would become Error, {complete} of them complete: release those first." in on_start
    assert f"{was['restoring']} restores would end" in on_start
    assert "deletion" not in on_start
    assert before.again(lab) == before

    lab.hosts.restart([host])
    try:
        wait.until(lambda: is_cleaned_up(before.again(lab)), "the start to see to all of them", 60)
        now = before.again(lab)
    finally:
        lab.kill(cinder.backup_name(host))
        lab.hosts.wait_down(host)

    becomes = {"creating": ("error", "available"), "restoring": ("available", "error_restoring")}
    for each, row in before.backups.items():
        held = row["restore_volume_id"] or row["volume_id"]
        assert (now.status(each), now.volumes[held]["status"]) == becomes[row["status"]], row


def is_cleaned_up(rows: Rows) -> bool:
    """Tell whether nothing is in progress, and nothing held, any more."""
    statuses = {row["status"] for row in (*rows.backups.values(), *rows.volumes.values())}
    return not statuses & {"creating", "restoring", "backing-up", "restoring-backup"}
