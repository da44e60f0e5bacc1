# SPDX-License-Identifier: Apache-2.0
"""The plan page of a bulk run and the run on it, as a person at a browser meets them."""

import csv
import dataclasses
import io
import re

from selenium.webdriver.common.by import By

from tests.e2e.browser import until

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


class BulkPage:
    """The plan page, and the run on it."""

    def __init__(self, driver) -> None:
        self.driver = driver

    def _part(self, name: str):
        return self.driver.find_element(By.ID, f"bulk-{name}")

    @property
    def is_planned(self) -> bool:
        """Whether the plan is there.

        It is read under a time budget. On a busy machine there may be none in time, and the page says so: then it is
        asked for again, as a person would.
        """
        if self._part("again").is_displayed():
            self._press("again")
        return self._part("run").is_enabled()

    @property
    def head(self) -> str:
        """The line that counts: the plan, the progress, or the summary."""
        return self._part("head").text

    @property
    def pause(self) -> str:
        """Why the run does not go on by itself; empty if it does."""
        return self._part("pause").text if self._part("pause").is_displayed() else ""

    @property
    def can_go_on(self) -> bool:
        """Whether the button that resumes a run is there."""
        return self._part("resume").is_displayed()

    def show_all(self) -> None:
        """Show every row: the page draws a hundred at a time."""
        until(self._shown_more, "every row to be shown")

    def _shown_more(self) -> bool:
        more = self._part("more")
        if more.is_displayed():
            self._press("more")
        return not more.is_displayed()

    def _press(self, name: str) -> None:
        """Click a button where Horizon's fixed bar does not cover it."""
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", self._part(name))
        self._part(name).click()

    def say_dead_of_those_down(self) -> None:
        """Tick that the processes are dead on every host on which cinder-backup is down, and wait for the plan."""
        until(self._said_dead, "the processes to be called dead")

    def _said_dead(self) -> bool:
        if not self.is_planned:
            return False
        for each in self.driver.find_elements(By.CSS_SELECTOR, DOWN):
            label = each.find_element(By.TAG_NAME, "label")
            if " is up:" not in label.text and not each.find_element(By.TAG_NAME, "input").is_selected():
                # The plan is made anew, and with it the boxes.
                label.click()
                return False
        return True

    def confirm(self) -> None:
        """Press the button that carries the plan out."""
        self._press("run")

    def go_on(self) -> None:
        """Press the button that resumes a run that was paused."""
        self._press("resume")

    def wait_results(self, count: int) -> None:
        """Wait until so many rows have a result."""
        until(lambda: len(self.driver.find_elements(By.CSS_SELECTOR, "[data-result]")) >= count, f"{count} results")

    def wait_paused(self) -> None:
        """Wait until the run says why it stopped, and can be resumed."""
        until(lambda: self.pause and self.can_go_on, "the run to pause")

    def wait_end(self) -> None:
        """Wait until the run is over, and the looks at what was accepted are."""
        until(lambda: self._part("head").get_attribute("data-finished") and self.summary, "the run to end", RUN_SECONDS)

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
