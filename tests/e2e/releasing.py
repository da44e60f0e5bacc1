# SPDX-License-Identifier: Apache-2.0
"""Releasing stuck backups by clicks, each situation once a run, and writing down what was seen."""

import dataclasses

from tests.e2e.cases import Case
from tests.e2e.cloud import Cloud
from tests.e2e.cloud import Statuses
from tests.e2e.table import PLUGIN
from tests.e2e.table import STOCK
from tests.e2e.table import Release
from tests.pages.dialog import Dialog

#: What stock Horizon's operator reaches for, who is shown no verdict.
BLIND = "available"
NOTHING = "nothing"


@dataclasses.dataclass(frozen=True)
class Seen:
    """One release with the plugin: what its dialogs showed, and what came of it.

    :param record: of the lab, see ``tests.lab.situations.run.make``
    :param release: the line of the table
    :param offered: the choices that the dialog left
    :param boxes: tick boxes as the dialog opened: value to whether it was ticked
    :param ending: how the result dialog says it ended, None where nothing was submitted
    :param repairs_told: what it says of each repair
    :param locked_told: what it says of what stays locked
    :param in_api: Statuses that Cinder's API told afterwards
    """

    record: dict
    release: Release
    offered: list[str]
    boxes: dict[str, bool]
    ending: str | None
    repairs_told: list[str]
    locked_told: list[str]
    in_api: Statuses


def decide(dialog: Dialog, case: Case) -> Dialog | None:
    """Click what a case says and submit it, or cancel; return the result dialog, if there is one."""
    if case.choice is None:
        dialog.close()
        return None
    dialog.choose(case.choice)
    for tick in case.ticks:
        dialog.tick(tick)
    return dialog.submit()


#: The status that a dashboard claims by saying how it ended.
CLAIMS = {"applied": lambda case: case.choice, "removed": lambda case: "deleted"}


class Releases:
    """All releases of this run.

    :param cloud: Cloud
    :param plugin: function that gives the Dashboard with the plugin, an administrator logged in
    :param stock: function that gives the one without
    :param table: list to which each Release is added
    """

    def __init__(self, cloud: Cloud, plugin, stock, table: list[Release]) -> None:
        self.cloud = cloud
        self.plugin = plugin
        self.stock = stock
        self.table = table
        self._begun: set[tuple[str, str]] = set()
        self._done: dict[tuple[str, str], object] = {}

    def by_plugin(self, case: Case) -> Seen:
        """Release a backup with the plugin, following its recommendation; the first time that it is asked for."""
        return self._once(PLUGIN, case, self._by_plugin)

    def again(self, case: Case) -> Seen:
        """Release one more backup with the plugin, of which the test may do what it likes."""
        return self._by_plugin(case, self.cloud.take(case.situation), table=[])

    def by_stock(self, case: Case) -> Release:
        """Set a backup to available with stock Horizon; the first time that it is asked for."""
        return self._once(STOCK, case, self._by_stock)

    def _once(self, dashboard, case, make):
        key = dashboard, case.situation
        if key not in self._begun:
            self._begun.add(key)
            self._done[key] = make(case, self.cloud.take(case.situation))
        assert key in self._done, f"The release of {case} by {dashboard} failed in an earlier test of this run."
        return self._done[key]

    def _by_plugin(self, case: Case, record: dict, table: list[Release] | None = None) -> Seen:
        before = self.cloud.in_database(record)
        dialog = self.plugin().open_dialog(record)
        verdict, recommended, headline = dialog.verdict, dialog.recommended, dialog.headline
        offered, boxes = dialog.offered, dialog.boxes("ticks") | dialog.boxes("repairs")
        result = decide(dialog, case)
        ending = result.ending if result else None
        repairs_told, locked_told = (result.repairs_told, result.locked_told) if result else ([], [])
        release = Release(
            situation=case.situation,
            dashboard=PLUGIN,
            before=before,
            verdict=verdict,
            recommended=recommended,
            chosen=case.choice or NOTHING,
            shown=" ".join(" ".join([result.told if result else headline, *repairs_told, *locked_told]).split()),
            claimed=CLAIMS[ending](case) if ending in CLAIMS else None,
            after=self.cloud.in_database(record),
        )
        in_api = self.cloud.in_api(record)
        release = self._tried(release, record, self.table if table is None else table)
        return Seen(record, release, offered, boxes, ending, repairs_told, locked_told, in_api)

    def _by_stock(self, case: Case, record: dict) -> Release:
        before = self.cloud.in_database(record)
        shown = self.stock().stock_update(record, BLIND)
        release = Release(
            situation=case.situation,
            dashboard=STOCK,
            before=before,
            verdict=None,
            recommended=None,
            chosen=BLIND,
            shown=shown,
            claimed=BLIND if "Successfully updated" in shown else None,
            after=self.cloud.settled(record, BLIND),
        )
        return self._tried(release, record, self.table)

    def _tried(self, release: Release, record: dict, table: list[Release]) -> Release:
        """Restore what is available now, see whether it is what was backed up, and enter the line in the table."""
        if release.after.backup == "available":
            restored = self.cloud.comes_back(record["backup_id"], record["sha256"])
            release = dataclasses.replace(release, restored=restored)
        table.append(release)
        return release
