# SPDX-License-Identifier: Apache-2.0
"""The plan page of a bulk run of hundreds, and all that it says: what is held against the database."""

import csv
import dataclasses
import io
import re

from selenium.webdriver.common.by import By

from tests.pages.bulk import BulkPage

ROWS = """
return Array.from(document.querySelectorAll("#bulk-rows tbody tr")).map(row => ({
  id: row.dataset.objectId, told: row.cells[6].textContent, result: row.cells[6].dataset.result || "",
}));
"""
#: Presses "Save as CSV" and keeps what would be saved.
CSV = """
const done = arguments[0];
const urlOf = URL.createObjectURL, click = HTMLAnchorElement.prototype.click;
URL.createObjectURL = blob => { blob.text().then(done); return urlOf.call(URL, blob); };
HTMLAnchorElement.prototype.click = () => {};
document.getElementById("bulk-csv").click();
URL.createObjectURL = urlOf;
HTMLAnchorElement.prototype.click = click;
"""
#: Of five hundred, each of which is freed too, on a busy machine.
RUN_SECONDS = 400
#: The words of the summary: what there is none of is not mentioned, but for the first.
COUNTED = {
    "reset": "applied",
    "removed": "removed",
    "only freed": "repaired",
    "volume freed": "freed",
    "volumes freed": "freed",
    "still locked": "locked",
    "accepted and not applied yet": "open",
    "done by us or by their own job": "reached",
    "failed": "failed",
    "not sent": "unsent",
    "not known": "unknown",
}
SUMMARY = re.compile(r"(\d+) ([a-z ]+)(?:, |$)")
DOWN = "#bulk-hosts .themable-checkbox"


@dataclasses.dataclass(frozen=True)
class Line:
    """What the plan page says of one backup.

    :param verdict: its kind, by the page's CSV
    :param to: the status that the plan says
    :param left_out: why the plan leaves it out; empty if it does not
    :param result: the one class of result that it counts in; empty while there is none
    :param told: the result and what came of repairs, in words
    :param freed: whether what it held is told as freed
    :param locked: whether what it held is told as not freed
    """

    id: str
    verdict: str
    to: str
    left_out: str
    result: str
    told: str
    freed: bool
    locked: bool


class WholeBulkPage(BulkPage):
    """The plan page of a whole cloud, and the run on it: read under a time budget, and all of it."""

    @property
    def is_planned(self) -> bool:
        """Whether the plan is there.

        On a busy machine there may be none in time, and the page says so: then it is asked for again, as a person
        would.
        """
        if self.part("again").is_displayed():
            self.press("again")
        return self.part("run").is_enabled()

    def planned(self) -> "WholeBulkPage":
        """Wait for the plan; return this page."""
        self.horizon.wait(lambda: self.is_planned, "the plan")
        return self

    def show_all(self) -> None:
        """Show every row: the page draws a hundred at a time."""
        self.horizon.wait(self._shown_more, "every row to be shown")

    def _shown_more(self) -> bool:
        more = self.part("more")
        if more.is_displayed():
            self.press("more")
        return not more.is_displayed()

    def say_dead_of_those_down(self) -> None:
        """Tick that the processes are dead on every host on which cinder-backup is down, and wait for the plan."""
        self.horizon.wait(self._said_dead, "the processes to be called dead")

    def _said_dead(self) -> bool:
        if not self.is_planned:
            return False
        for each in self.horizon.find_all(DOWN):
            label = each.find_element(By.TAG_NAME, "label")
            if " is up:" not in label.text and not each.find_element(By.TAG_NAME, "input").is_selected():
                # The plan is made anew, and with it the boxes.
                label.click()
                return False
        return True

    def wait_results(self, count: int) -> None:
        """Wait until so many rows have a result."""
        self.horizon.wait(lambda: len(self.results()) >= count, f"{count} results")

    def wait_paused(self) -> None:
        """Wait until the run says why it stopped, and can be resumed."""
        self.horizon.wait(lambda: self.pause and self.halted(), "the run to pause")

    def wait_end(self) -> None:
        """Wait until the run is over, and the looks at what was accepted are."""
        self.finished(RUN_SECONDS)
        assert self.summary

    @property
    def summary(self) -> dict[str, int]:
        """The numbers of the summary; empty before there is one."""
        found = SUMMARY.findall(self.head)
        if not found or found[0][1] != "reset":
            return {}
        return dict.fromkeys(COUNTED.values(), 0) | {COUNTED[words]: int(number) for number, words in found}

    def lines(self) -> list[Line]:
        """Return what the page and its CSV say of every row that is shown."""
        saved = list(csv.DictReader(io.StringIO(self.driver.execute_async_script(CSV))))
        shown = {row["id"]: row for row in self.driver.execute_script(ROWS)}
        assert len(shown) == len(saved) == len({row["id"] for row in saved}), "A row is there twice, or not shown."
        return [_line(row, shown[row["id"]]) for row in saved]


def _line(saved: dict[str, str], shown: dict[str, str]) -> Line:
    """Put together what CSV and page say of one row, if they say the same."""
    assert saved["result"] == shown["result"] or (saved["result"] == "not_sent" and not saved["said"])
    assert shown["told"].startswith(saved["said"])
    # None of these backups holds more than one thing.
    is_freed = "This was read back from Cinder." in saved["repairs"]
    is_locked = bool(saved["repairs"]) and not is_freed
    names = ("id", "verdict", "to", "left_out")
    return Line(*(saved[name] for name in names), shown["result"], shown["told"], is_freed, is_locked)
