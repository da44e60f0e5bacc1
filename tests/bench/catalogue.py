# SPDX-License-Identifier: Apache-2.0
"""The rows of the benchmark: what each compares, and what is to be reached (DESIGN section 7)."""

import dataclasses
import enum


class Aim(enum.Enum):
    """What a row's target bounds."""

    RATIO_AT_MOST = "ratio at most"
    RATIO_AT_LEAST = "ratio at least"
    OURS_AT_MOST = "ours at most"


@dataclasses.dataclass(frozen=True)
class Row:
    """One row, known by one key of the JSON.

    :param key: its key
    :param what: what is measured
    :param against: what it is compared with; empty where ours alone counts
    :param unit: of ``ours`` and ``peer``
    :param aim: what the target bounds
    :param target: the bound
    """

    key: str
    what: str
    against: str
    unit: str
    aim: Aim
    target: float

    def result(self, ours: float, peer: float | None = None, **more) -> dict:
        """Return what the JSON holds under the key: also ``ratio`` (ours / peer) and ``met`` (None: cannot be said).

        :param ours: median of our runs
        :param peer: median of the peer's, None where there is none
        """
        ratio = ours / peer if peer else None
        bounded = ours if self.aim is Aim.OURS_AT_MOST else ratio
        is_met = None
        if bounded is not None:
            is_met = bounded >= self.target if self.aim is Aim.RATIO_AT_LEAST else bounded <= self.target
        told = {"what": self.what, "against": self.against, "unit": self.unit}
        numbers = {
            "ours": ours,
            "peer": peer,
            "ratio": ratio,
            "aim": self.aim.value,
            "target": self.target,
            "met": is_met,
        }
        return told | numbers | more


_AT_MOST, _AT_LEAST, _OURS = Aim.RATIO_AT_MOST, Aim.RATIO_AT_LEAST, Aim.OURS_AT_MOST
_BULK = "bulk reset, guard and seen outcome included"
_SITUATIONS = "stock, same situations"
_LIVE = "20 stuck rows kept current"
_TEN = "10 people × 5 dialogs"
_SLOW = {"services": "the list of services", "backups": "backups", "volumes": "volumes and snapshots"} | {
    "messages": "messages",
    "all": "all of Cinder",
}
_DELAYS = {"slow_03": "0.3 s late", "slow_08": "0.8 s late", "hanging": "hanging"}

ROWS = (
    Row("page", "Stuck Backups page", "stock Volume Backups page", "s", _AT_MOST, 0.1),
    Row("page_growth", "Stuck Backups page, ten times the volumes", "itself before", "s", _AT_MOST, 1.2),
    Row("dialog", "dialog opens, with all its evidence", "stock dialog, reads one record", "s", _AT_MOST, 2.5),
    Row("dialog_seconds", "dialog opens, with all its evidence", "", "s", _OURS, 0.1),
    Row("dialog_hanging", "added to the dialog by a look-up that hangs", "", "s", _OURS, 2),
    Row(
        "check",
        "backup_reset_check of the whole cloud, but for the start of Horizon",
        "a list of all backups alone",
        "s",
        _OURS,
        2,
    ),
    Row("live_requests", f"{_LIVE}: requests", "stock: a request a row", "requests", _OURS, 1),
    Row("live_calls", f"{_LIVE}: API calls", "stock: those of its requests", "calls", _AT_MOST, 0.2),
    Row("bulk_api", _BULK, "bare calls from threads", "resets/s", _AT_LEAST, 0.75),
    Row("bulk_cinder", _BULK, "cinder backup-reset-state", "resets/s", _AT_LEAST, 1.1),
    Row("bulk_openstack", _BULK, "openstack volume backup set", "resets/s", _AT_LEAST, 50),
    Row("plan_memory", "memory that a Horizon worker keeps of plans of all that match", "", "MiB", _OURS, 20),
    Row("click", "click to seen outcome, 500 volumes", "stock: click to message, nothing seen", "s", _AT_MOST, 1),
    Row("faults_untrue", "successes told that did not happen", _SITUATIONS, "times", _OURS, 0),
    Row("faults_unsound", "unsound made available, no override", _SITUATIONS, "times", _OURS, 0),
    Row("faults_broken", "tracebacks or server errors shown", _SITUATIONS, "times", _OURS, 0),
    *(
        Row(f"load_{kind}_{delay}", f"wrong verdicts, {_TEN}, {what} {how}", "", "verdicts", _OURS, 0)
        for kind, what in _SLOW.items()
        for delay, how in _DELAYS.items()
    ),
    Row("load_connections", f"{_TEN}: connections of a worker to cinder-api, at most", "", "connections", _OURS, 8),
    Row("load_left", f"{_TEN}: connections of a worker a moment after", "", "connections", _OURS, 4),
    Row("load_others", f"{_TEN}: longest that others waited for cinder-api", "", "s", _OURS, 2),
)
BY_KEY = {row.key: row for row in ROWS}
