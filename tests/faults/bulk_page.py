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
COUNTED = re.compile(
    r"(?P<applied>\d+) applied, (?P<open>\d+) accepted and not applied yet, (?P<failed>\d+) failed, "
    r"(?P<unsent>\d+) not sent(, (?P<unknown>\d+) not known)?"
)


@dataclasses.dataclass(frozen=True)
class Line:
    """What the plan page says of one backup.

    :param verdict: its kind, by the page's CSV
    :param to: the status that the plan says
    :param result: the one class of result that it counts in; empty while there is none
    :param told: the result and what came of repairs, in words
    """

    id: str
    verdict: str
    to: str
    result: str
    told: str


class BulkPage:
    """The plan page, and the run on it."""

    def __init__(self, driver) -> None:
        self.driver = driver

    def _part(self, name: str):
        return self.driver.find_element(By.ID, f"bulk-{name}")

    @property
    def is_planned(self) -> bool:
        """Whether the plan is there."""
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
        until(lambda: self._part("head").get_attribute("data-finished") and self.summary, "the run to end")

    @property
    def summary(self) -> dict[str, int]:
        """The numbers of the summary; empty before there is one."""
        found = COUNTED.search(self.head)
        return {name: int(number or 0) for name, number in found.groupdict().items()} if found else {}

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
    return Line(saved["id"], saved["verdict"], saved["to"], shown["result"], shown["told"])
