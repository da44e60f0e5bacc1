# SPDX-License-Identifier: Apache-2.0
"""What a person does and sees on the plan page of a bulk run, in their words."""

import csv
import re

from selenium.webdriver.remote.webelement import WebElement

from tests.pages.horizon import Horizon

COLUMNS = ("backup", "project", "now", "to", "why", "also", "result")


class BulkPage:
    """The plan page in a window: plan, run and result."""

    def __init__(self, horizon: Horizon) -> None:
        self.horizon = horizon
        self.driver = horizon.driver

    def part(self, name: str) -> WebElement:
        """Return a part of the page."""
        return self.horizon.find(f"#bulk-{name}")

    def text(self, name: str) -> str:
        """Return what a person sees of a part, empty if they do not see it."""
        return self.part(name).text

    def planned(self) -> "BulkPage":
        """Wait for the plan; return this page."""
        self.horizon.wait_until_ready()
        self.horizon.wait(lambda: re.match(r"(?!Making).", self.head), "the plan")
        return self

    @property
    def head(self) -> str:
        """The line that counts: the plan, the progress, or the summary."""
        return self.text("head")

    @property
    def pause(self) -> str:
        """Why the run does not go on by itself; empty if it does."""
        return self.text("pause") if self.part("pause").is_displayed() else ""

    def rows(self) -> dict[str, dict[str, str]]:
        """Return what is shown of each row, by the backup's id: a dict of column to text."""
        lines = self.driver.execute_script(
            "return [...document.querySelectorAll('#bulk-rows tbody tr')]"
            ".map(row => [row.dataset.objectId, ...[...row.cells].map(cell => cell.textContent)])"
        )
        return {found[0]: dict(zip(COLUMNS, found[1:], strict=True)) for found in lines}

    def results(self) -> dict[str, str]:
        """Return the class of each row's result by the backup's id; only of rows that have one."""
        found = self.driver.execute_script(
            "return [...document.querySelectorAll('#bulk-rows td[data-result]')]"
            ".map(cell => [cell.parentNode.dataset.objectId, cell.dataset.result])"
        )
        return dict(found)

    def say_dead(self, host):
        """Tick that the processes on a host are dead; returns when the plan is made anew."""
        (box,) = [box for box in self.horizon.find_all("#bulk-hosts input") if box.get_attribute("value") == host]
        self.driver.execute_script("document.querySelector('#bulk-head strong').textContent = 'Making'")
        self.horizon.find(f"label[for={box.get_attribute('id')}]").click()
        return self.planned()

    def hosts(self):
        """The hosts that one may say it of, in words."""
        return [label.text for label in self.horizon.visible("#bulk-hosts label")]

    def choose_mode(self, name):
        self.horizon.find(f"label[for=bulk-{name}]").click()

    @property
    def button(self):
        return self.part("run")

    def start(self) -> "BulkPage":
        """Click on the button that carries the plan out."""
        self.driver.execute_script("window.scrollTo(0, 0)")
        self.button.click()
        return self

    def run(self):
        """Click on the button; returns when the summary stands."""
        self.start()
        return self.finished()

    def finished(self, seconds: float | None = None) -> "BulkPage":
        """Wait until the run is over, and the looks at what was accepted are."""

        def is_over() -> bool:
            return self.part("head").get_attribute("data-finished") == "yes"

        self.horizon.wait(is_over, "the summary", seconds)
        return self

    def halted(self) -> "BulkPage":
        """Wait until the run stands still though there is more to do."""
        self.horizon.wait(lambda: self.part("resume").is_displayed(), "the run to halt")
        return self

    def go_on(self) -> None:
        """Click on the button that resumes a run."""
        self.press("resume")

    def resume(self) -> "BulkPage":
        """Resume a run; return when the summary stands."""
        self.go_on()
        return self.finished()

    def press(self, name: str) -> None:
        """Click a button where Horizon's fixed bar does not cover it."""
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", self.part(name))
        self.part(name).click()

    def bar(self):
        """What the progress bar tells those who do not see it: now and the most."""
        bar = self.horizon.find("#bulk-progress [role=progressbar]")
        return tuple(int(bar.get_attribute(f"aria-value{name}")) for name in ("min", "now", "max"))

    def save_csv(self, folder):
        """Save the CSV into an empty folder; returns its lines as dicts."""
        self.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
        self.part("csv").click()
        self.horizon.wait(lambda: [*folder.glob("backup-*.csv")], "the CSV file")
        (saved,) = folder.glob("backup-*.csv")
        self.saved_as = saved.name
        with saved.open(newline="", encoding="utf-8") as file:
            lines = list(csv.DictReader(file))
        saved.unlink()
        return lines
