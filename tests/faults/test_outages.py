# SPDX-License-Identifier: Apache-2.0
"""Database or API frozen or killed: page, dialog and submit say so in time, and work again when it is over."""

import dataclasses
import time

import pytest

from backup_reset_panel.cinder.client import READ_SECONDS
from tests.faults.evidence import Rows
from tests.faults.evidence import resets_sent
from tests.faults.outages import Outage
from tests.pages.browser import until
from tests.pages.stuck import StuckPage

#: What a machine at its limit may add to a budget.
SLACK = 2.0
#: A list that hangs, and then one that needed it: by the design, 2 s each.
PAGE_SECONDS = 4.0
TIMED_OUT = "Cinder did not answer in time."
#: What is struck, and what the dialogs say then.
OUTAGES = {
    ("freeze", "mariadb"): TIMED_OUT,
    ("freeze", "cinder-api"): TIMED_OUT,
    ("kill", "cinder-api"): "Cinder could not be reached. Nothing was changed.",
}


@dataclasses.dataclass
class Seen:
    """What an administrator saw of one outage.

    :param stuck: the one stuck backup that there is
    :param submitted: what the submit of a dialog was answered that had been opened before
    :param opened: what a click on the row's action brought
    :param dialog_seconds: how long that took
    :param page_seconds: how long the server took for the page
    :param missing: what the page said that it could not read
    :param services: what the page said of cinder-backup
    :param rows: the page's rows
    :param is_well: whether the page said that no backup needs a hand
    :param meanwhile: the database when the outage was over, before anything else was sent
    :param after: how a submit ended that was made then
    :param sent: how many resets cinder-api was sent in all
    :param end: the database at last
    """

    stuck: Rows
    submitted: str = ""
    opened: str = ""
    dialog_seconds: float = 0.0
    page_seconds: float = 0.0
    missing: str = ""
    services: str = ""
    rows: dict[str, str] = dataclasses.field(default_factory=dict)
    is_well: bool = False
    meanwhile: Rows | None = None
    after: str | None = None
    sent: int = 0
    end: Rows | None = None


@pytest.fixture(scope="module", params=list(OUTAGES), ids=" ".join)
def outage(request, lab):
    """An Outage that has not begun; what it strikes is whole again after the tests."""
    found = Outage(lab, *request.param)
    yield found
    found.end()


@pytest.fixture(scope="module")
def told(outage):
    """What the dialogs are to say of it."""
    return OUTAGES[(outage.how, *outage.services)]


@pytest.fixture(scope="module")
def seen(outage, lab, stuck, browsers, cinder_log):
    """What an administrator sees who has a dialog open when it begins, and tries whatever there is."""
    found, page = Seen(stuck.one()), StuckPage(browsers())
    # The page would take away the row that is to be clicked as soon as it cannot be read any more.
    with page.still():
        requests = cinder_log.during(lambda: _live_through(outage, lab, found, page))
    found.sent = resets_sent(requests).total()
    found.end = found.stuck.again(lab)
    return found


def _live_through(outage: Outage, lab, seen: Seen, page: StuckPage) -> None:
    [backup_id] = seen.stuck.backups
    dialog = page.open_informed(backup_id)
    outage.begin()
    answer = dialog.submit()
    seen.submitted = answer.told
    answer.close()
    begun = time.monotonic()
    page.click(backup_id)
    answer = page.horizon.dialog()
    seen.dialog_seconds = time.monotonic() - begun
    seen.opened = answer.told
    part = page.part()
    seen.page_seconds, seen.missing, seen.services = part.seconds, part.missing, part.text("#stuck-services")
    seen.rows, seen.is_well = part.rows, part.says_all_is_well
    outage.end()
    seen.meanwhile = seen.stuck.again(lab)
    result = page.open_informed(backup_id).submit()
    until(lambda: result.ending == "applied", "the reset after the outage to be seen applied")
    seen.after = result.ending


def test_page_answers_in_time_and_names_what_it_could_not_read(seen):
    assert seen.page_seconds <= PAGE_SECONDS + SLACK
    assert seen.missing.startswith("Could not be read: backups, ")
    assert "the cinder-backup services" in seen.missing
    assert seen.services == "The cinder-backup services could not be read."


def test_page_does_not_call_a_cloud_healthy_that_it_could_not_look_at(seen):
    assert seen.rows == {}
    assert not seen.is_well


def test_dialog_says_in_time_what_happened(seen, told):
    assert told in seen.opened
    assert seen.dialog_seconds <= READ_SECONDS + SLACK


def test_submit_sends_nothing_and_says_so(seen, told):
    assert told in seen.submitted
    assert seen.meanwhile == seen.stuck


def test_retry_after_the_outage_works_and_is_the_only_reset_that_was_sent(seen):
    [backup_id] = seen.stuck.backups
    assert seen.after == "applied"
    assert seen.end.status(backup_id) == "available"
    assert seen.sent == 1
