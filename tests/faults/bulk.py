# SPDX-License-Identifier: Apache-2.0
"""One bulk run from a browser, and all that can be held against what its page says."""

import dataclasses
from collections import Counter
from collections.abc import Callable

from tests.faults import evidence
from tests.faults.bulk_page import COUNTED
from tests.faults.bulk_page import Line
from tests.faults.bulk_page import WholeBulkPage
from tests.faults.evidence import Rows
from tests.faults.evidence import Tail
from tests.faults.evidence import due
from tests.faults.evidence import is_complete
from tests.faults.outages import Outage
from tests.faults.outages import backup_services
from tests.lab import Lab
from tests.lab.access_log import AccessLog
from tests.pages.stuck import StuckPage

GOOD = ("applied",)
OPEN = ("accepted", "unknown")
STILL_SLOW = "Cinder does not answer in time."
#: How often somebody resumes again where it says that.
MOST_RESUMED = 1


@dataclasses.dataclass
class Moment:
    """What the page said and what the database held at one moment of a run.

    :param lines: by backup id, of those that the test knows
    :param counted: the page's summary
    :param pause: why the run did not go on by itself; empty if it did
    """

    lines: dict[str, Line]
    rows: Rows
    counted: dict[str, int]
    pause: str

    @classmethod
    def now(cls, lab: Lab, page: WholeBulkPage, before: Rows) -> "Moment":
        """Look at page and database."""
        lines = {line.id: line for line in page.lines() if line.id in before.backups}
        return cls(lines, before.again(lab), page.summary, page.pause)

    @property
    def results(self) -> Counter:
        """How many lines there are of each class of result; those that are to be sent yet count as ``""``."""
        return Counter(line.result for line in self.lines.values() if not line.left_out)

    def summary(self) -> dict[str, int]:
        """Return what the page's summary should say."""
        names = {"accepted": "open", "removing": "open", "": "unsent"}
        counted = Counter(dict.fromkeys(COUNTED.values(), 0))
        for result, number in self.results.items():
            name = names.get(result, result)
            counted[name if name in counted else "failed"] += number
        counted["freed"] = sum(line.freed for line in self.lines.values())
        counted["locked"] = sum(line.locked for line in self.lines.values())
        return dict(counted)


@dataclasses.dataclass
class Run:
    """One run.

    :param before: the rows of its backups when they were stuck
    :param first_plan: the line that counted the plan before anybody said which processes are dead
    :param plan: the line that counts the plan that was carried out
    :param paused: when it had paused, None if it did not
    :param end: when it was over
    :param sent: how many resets cinder-api was sent for each backup, by its access log
    :param audit: the audit records
    :param freed_by_start: volumes that a start of cinder-backup set free or gave up
    """

    before: Rows
    first_plan: str
    plan: str
    paused: Moment | None
    end: Moment
    sent: Counter
    audit: list[dict]
    freed_by_start: set[str]


def release(
    lab: Lab,
    before: Rows,
    page: StuckPage,
    log: AccessLog,
    strike: Callable[[WholeBulkPage], Moment] | None = None,
    *,
    is_dead: bool = False,
) -> Run:
    """Release all that are stuck in one run.

    :param before: the stuck ones that the test looks at
    :param is_dead: whether the administrator says that the processes on hosts that are down are dead
    :param strike: what is done when the run has begun: strikes something, mends it, and lets the run go on
    """
    audit = Tail(lab.service("horizon").log)
    starts = [Tail(lab.service(name).log) for name in backup_services(lab)]
    told = {}

    def run() -> None:
        page.open_whole()
        told["bulk"] = bulk = page.update_all(WholeBulkPage)
        told["first_plan"] = bulk.head
        if is_dead:
            bulk.say_dead_of_those_down()
        told["plan"] = bulk.head
        bulk.show_all()
        bulk.press("run")
        told["paused"] = strike(bulk) if strike else None
        bulk.wait_end()
        # What was frozen works off first what has piled up: it may be too slow once more, and the run says so.
        for _again in range(MOST_RESUMED):
            if not strike or STILL_SLOW not in bulk.pause:
                break
            bulk.go_on()
            bulk.wait_end()

    requests = log.during(run)
    return Run(
        before=before,
        first_plan=told["first_plan"],
        plan=told["plan"],
        paused=told["paused"],
        end=Moment.now(lab, told["bulk"], before),
        sent=evidence.resets_sent(requests),
        audit=evidence.audited(audit),
        freed_by_start=evidence.freed_by_start(starts),
    )


def struck(
    lab: Lab,
    outage: Outage,
    bulk: WholeBulkPage,
    before: Rows,
    results: int,
    after: Callable[[Moment], None] | None = None,
) -> Moment:
    """Strike when so many have a result; when the run has paused, mend that and let it go on.

    :param after: what is done or awaited before the run goes on
    :returns: when it had paused
    """
    bulk.wait_results(results)
    with outage:
        bulk.wait_paused()
        paused = Moment.now(lab, bulk, before)
    if after:
        after(paused)
    bulk.go_on()
    return paused


def assert_true(run: Run, moment: Moment) -> None:
    """Make sure, id by id, that what a line tells is what the database holds, and that nothing unsound is available."""
    assert moment.lines.keys() == run.before.backups.keys()
    for each, line in moment.lines.items():
        row, status = run.before.backups[each], moment.rows.status(each)
        if line.result in GOOD:
            assert status == due(row), line
            assert line.told.startswith(f"Done: the backup is now {status.capitalize()}."), line
        elif line.result == "reached":
            assert status == due(row), line
            assert line.told.startswith(f"The backup is {status.capitalize()} now; whether by this reset or"), line
        elif line.result == "settled_otherwise":
            assert f"it is now {status.capitalize()}." in line.told, line
        elif line.result in OPEN:
            assert status in (row["status"], due(row)), line
        else:
            assert status == row["status"], line
        assert status != "available" or is_complete(row), line
    assert_locks_true(run, moment)


def assert_locks_true(run: Run, moment: Moment) -> None:
    """Make sure that what is told as freed is that, and what is told as still locked is that."""
    for each, line in moment.lines.items():
        row = run.before.backups[each]
        volume_id = row["restore_volume_id"] or row["volume_id"]
        if volume_id in run.freed_by_start:
            continue
        is_held = moment.rows.volumes[volume_id]["status"] == run.before.volumes[volume_id]["status"]
        assert not (line.freed and is_held), line
        assert not (line.locked and not is_held), line
        assert line.freed or line.locked or line.result not in GOOD, line
