# SPDX-License-Identifier: Apache-2.0
"""What the lab's database and logs hold, in short."""

from tests.faults import evidence
from tests.faults.outages import hanging_table as locked  # noqa: F401  (by this name here)
from tests.lab import Lab


def statuses(lab: Lab, record: dict) -> tuple[str, ...]:
    """Return the statuses of a backup, of its volume, and of what it is restored into if it is."""
    volumes = [record["volume_id"], *([record["restore_volume_id"]] if record["restore_volume_id"] else [])]
    backup = lab.backup_row(record["backup_id"])["status"]
    return (backup, *(lab.volume_row(each)["status"] for each in volumes))


def told(lab: Lab, record: dict) -> str:
    """Return them for the table."""
    backup, volume, *target = statuses(lab, record)
    more = f", restored volume {target[0]}" if target else ""
    return f"{backup}, volume {volume}{more}"


def audited(lab: Lab) -> list[dict]:
    """Return the audit log."""
    tail = evidence.Tail(lab.service("horizon").log)
    tail._start = 0
    return evidence.audited(tail)
