# SPDX-License-Identifier: Apache-2.0
"""A report as text for people, as JSON, and as metrics for Prometheus."""

from __future__ import annotations

import collections
import dataclasses
import json
from collections.abc import Iterable

from backup_reset_panel.check.report import Found
from backup_reset_panel.check.report import Report

#: Rows that the text shows; the JSON has all.
MOST_ROWS = 50
_STATES = {0: "OK", 1: "NEEDS ATTENTION", 2: "NOT KNOWN"}


def as_text(report: Report) -> str:
    """A line that sums it up, and a line for each backup."""
    parts = [f"{len(report.stuck)} backups need attention"]
    parts += [f"{report.locked} volumes still locked"] if report.locked else []
    parts += [f"{len(report.unjudged)} backups could not be judged"] if report.unjudged else []
    parts += [f"{report.long_running} long running, may be live"] if report.long_running else []
    parts += [f"could not be read: {', '.join(report.missing)}"] if report.missing else []
    lines = [f"{_STATES[report.exit_status]}: {'; '.join(parts)}"]
    lines += [f"host not up: {_plain(host)}, last asked for {count} in flight" for host, count in report.hosts_down]
    rows = [*report.stuck, *report.unjudged]
    lines += [_line(found) for found in rows[:MOST_ROWS]]
    lines += [f"and {len(rows) - MOST_ROWS} more"] if len(rows) > MOST_ROWS else []
    return "\n".join(lines)


def _line(found: Found) -> str:
    since = f"{found.seconds // 60} min" if found.seconds is not None else "unknown time"
    told = [found.id, found.status, f"unchanged for {since}", found.verdict, found.recommended, found.why or "unjudged"]
    return "  ".join([*told, f"host {_plain(found.host) or '?'}", _plain(found.name)]).rstrip()


def _plain(text: str) -> str:
    """A name from outside, which must not move a terminal's cursor or begin a line."""
    return "".join(each if each.isprintable() else "?" for each in text)


def as_json(report: Report) -> str:
    """All of it, one object."""
    told = dataclasses.asdict(report) | {
        "at": report.at.isoformat(timespec="seconds"),
        "hosts_down": dict(report.hosts_down),
        "is_complete": report.is_complete,
        "exit_status": report.exit_status,
        "oldest_seconds": report.oldest,
    }
    return json.dumps(told, indent=2)


def as_prometheus(report: Report) -> str:
    """Metrics in the text format; every name begins with ``backup_reset_``.

    ``backup_reset_complete`` is 0 where something was not asked: then an alert on the others alone would sleep.
    """
    region = {"region": report.region}
    counted = collections.Counter((each.verdict, each.status, each.zone, each.host) for each in report.stuck)
    stuck = [
        ({"verdict": verdict, "status": status, "zone": zone, "host": host} | region, count)
        for (verdict, status, zone, host), count in sorted(counted.items())
    ]
    hosts = [({"host": host} | region, count) for host, count in report.hosts_down]
    return "".join(
        [
            _metric("stuck_backups", "Backups that need attention.", stuck or [(region, 0)]),
            _metric("oldest_seconds", "Time for which the oldest of them has not changed.", [(region, report.oldest)]),
            _metric("locked_volumes", "Volumes locked though no backup works on them.", [(region, report.locked)]),
            _metric("long_running_backups", "In flight for long, may be live.", [(region, report.long_running)]),
            _metric("unjudged_backups", "In flight, could not be judged.", [(region, len(report.unjudged))]),
            _metric("host_down_backups", "In flight, last asked of a host that is not up.", hosts or [(region, 0)]),
            _metric("complete", "Whether everything could be asked.", [(region, int(report.is_complete))]),
            _metric("last_run_timestamp_seconds", "When this was made.", [(region, int(report.at.timestamp()))]),
        ]
    )


def _metric(name: str, told: str, samples: Iterable[tuple[dict[str, str], int]]) -> str:
    full = f"backup_reset_{name}"
    lines = [f"# HELP {full} {told}", f"# TYPE {full} gauge"]
    lines += [f"{full}{{{_labels(labels)}}} {value}" for labels, value in samples]
    return "\n".join(lines) + "\n"


def _labels(labels: dict[str, str]) -> str:
    return ",".join(f'{name}="{_quoted(value)}"' for name, value in labels.items())


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
