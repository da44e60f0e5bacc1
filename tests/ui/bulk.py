# SPDX-License-Identifier: Apache-2.0
"""What a person does and sees on the plan page of a bulk run, in their words."""

import collections
import csv
import re
import threading

#: The record of a backup whose data is whole.
#: How many rows a chunk has in tests of what happens half-way.
CHUNK = 4
COLUMNS = ("backup", "project", "now", "to", "why", "also", "result")


class BulkPage:
    """The plan page in a window: plan, run and result."""

    def __init__(self, horizon):
        self.horizon = horizon
        self.driver = horizon.driver

    def part(self, name):
        return self.horizon.find(f"#bulk-{name}")

    def text(self, name):
        """What a person sees of a part, empty if they do not see it."""
        return self.part(name).text

    def planned(self):
        """Wait for the plan; returns this page."""
        self.horizon.wait_until_ready()
        self.horizon.wait(lambda: re.match(r"(?!Making).", self.head), "the plan")
        return self

    @property
    def head(self):
        return self.text("head")

    def rows(self):
        """What is shown of each row, by the backup's id: a dict of column to text."""
        lines = self.driver.execute_script(
            "return [...document.querySelectorAll('#bulk-rows tbody tr')]"
            ".map(row => [row.dataset.objectId, ...[...row.cells].map(cell => cell.textContent)])"
        )
        return {found[0]: dict(zip(COLUMNS, found[1:], strict=True)) for found in lines}

    def results(self):
        """The class of each row's result by the backup's id; only of rows that have one."""
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

    def start(self):
        self.driver.execute_script("window.scrollTo(0, 0)")
        self.button.click()
        return self

    def run(self):
        """Click on the button; returns when the summary stands."""
        self.start()
        return self.finished()

    def finished(self):
        self.horizon.wait(lambda: self.part("head").get_attribute("data-finished") == "yes", "the summary")
        return self

    def halted(self):
        """Wait until the run stands still though there is more to do."""
        self.horizon.wait(lambda: self.part("resume").is_displayed(), "the run to halt")
        return self

    def resume(self):
        self.part("resume").click()
        return self.finished()

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


class Gate:
    """Holds the resets of a run on their way to Cinder, which goes on answering what others ask.

    :param send: ``cinder.reset``
    """

    def __init__(self, send):
        self._open, self._knocked = threading.Event(), threading.Event()
        self._send = send

    def reset(self, *args):
        """What is to stand in the place of ``cinder.reset``."""
        self._knocked.set()
        assert self._open.wait(30)
        return self._send(*args)

    def wait(self):
        """Wait until a reset stands before the gate."""
        assert self._knocked.wait(20)

    def open(self):
        self._open.set()


def sent(cloud):
    """How many resets were sent to each backup."""
    return collections.Counter(row for row, _status in cloud.resets if row in cloud.backups)
