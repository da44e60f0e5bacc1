# SPDX-License-Identifier: Apache-2.0
"""Releasing stuck backups by clicks, each situation once a run, and writing down what was seen."""

import dataclasses

from tests.e2e.cases import Case
from tests.e2e.cloud import Cloud
from tests.e2e.cloud import Statuses
from tests.e2e.table import PLUGIN
from tests.e2e.table import STOCK
from tests.e2e.table import Release

#: What stock Horizon's operator reaches for, who is shown no verdict.
BLIND = "available"


@dataclasses.dataclass(frozen=True)
class Seen:
    """One release with the plugin: what its dialogs showed, and what came of it.

    :param record: of the lab, see ``tests.lab.situations.run.make``
    :param release: the line of the table
    :param repairs: tick boxes of repairs as the dialog opened: value to whether it was ticked
    :param ending: how the result dialog says it ended
    :param repairs_told: what it says of each repair
    :param in_api: Statuses that Cinder's API told afterwards
    """

    record: dict
    release: Release
    repairs: dict[str, bool]
    ending: str
    repairs_told: list[str]
    in_api: Statuses


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
        self._done: dict[tuple[str, str], object] = {}

    def by_plugin(self, case: Case) -> Seen:
        """Release a backup with the plugin, following its recommendation; the first time that it is asked for."""
        return self._once(PLUGIN, case, self._by_plugin)

    def again(self, case: Case) -> Seen:
        """Release one more backup with the plugin, of which the test may do what it likes."""
        return self._by_plugin(case, self.cloud.take(case.situation))

    def by_stock(self, case: Case) -> Release:
        """Set a backup to available with stock Horizon; the first time that it is asked for."""
        return self._once(STOCK, case, self._by_stock)

    def _once(self, dashboard, case, make):
        key = dashboard, case.situation
        if key not in self._done:
            self._done[key] = make(case, self.cloud.take(case.situation))
        return self._done[key]

    def _by_plugin(self, case: Case, record: dict) -> Seen:
        before = self.cloud.in_database(record)
        dialog = self.plugin().open_dialog(record)
        verdict, recommended, repairs = dialog.verdict, dialog.recommended, dialog.boxes("repairs")
        dialog.choose(case.choice)
        for tick in case.ticks:
            dialog.tick("ticks", tick)
        # Nobody else knows that the process is dead; here we do.
        for repair in repairs:
            dialog.tick("repairs", repair)
        result = dialog.submit()
        shown = " ".join([result.told, *result.repairs_told])
        release = Release(
            situation=case.situation,
            dashboard=PLUGIN,
            before=before,
            verdict=verdict,
            recommended=recommended,
            chosen=case.choice,
            shown=" ".join(shown.split()),
            claimed=case.choice if result.ending == "applied" else None,
            after=self.cloud.in_database(record),
        )
        in_api = self.cloud.in_api(record)
        release = self._tried(release, record)
        return Seen(record, release, repairs, result.ending, result.repairs_told, in_api)

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
        return self._tried(release, record)

    def _tried(self, release: Release, record: dict) -> Release:
        """Restore what is available now, see whether it is what was backed up, and enter the line in the table."""
        if release.after.backup == "available":
            restored = self.cloud.comes_back(record["backup_id"], record["sha256"])
            release = dataclasses.replace(release, restored=restored)
        self.table.append(release)
        return release
