# SPDX-License-Identifier: Apache-2.0
"""Say what was run and what came of it: ``python tools/record_run.py (horizon | cinder) ENVIRONMENT FOLDER``.

Reads the JUnit files of a run in FOLDER, one a suite, and the versions of what is installed beside this Python; prints
one row of a table of ``doc/source/install``. With ``WRITE_TABLE=1`` that row takes the place of the environment's
former one there. Standard library only.
"""

import csv
import dataclasses
import datetime
import importlib.metadata
import os
import pathlib
import platform
import sys
import xml.etree.ElementTree

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "doc" / "source" / "install"
COUNTED = ("tests", "failures", "errors", "skipped")


@dataclasses.dataclass(frozen=True)
class Table:
    """One table: its file, and by title the packages whose versions, and the JUnit files whose counts, it shows."""

    file: pathlib.Path
    packages: dict[str, str]
    suites: dict[str, str]

    @property
    def columns(self) -> tuple[str, ...]:
        return ("Environment", "Python", *self.packages, *self.suites, "Run on")


TABLES = {
    "horizon": Table(
        FOLDER / "ran_horizon.csv",
        {"Horizon": "horizon", "Django": "django", "urllib3": "urllib3"},
        {"Unit": "unit", "Views": "views", "Extension": "extension", "Browser": "ui"},
    ),
    "cinder": Table(
        FOLDER / "ran_cinder.csv",
        {"Cinder": "cinder", "SQLAlchemy": "sqlalchemy", "oslo.messaging": "oslo.messaging"},
        {"Short form": "short", "Short form, microversion 3.45 at most": "short-3.45", "In a browser": "e2e"},
    ),
}


def counts(file: pathlib.Path) -> str:
    """Return what a JUnit file says, in words."""
    if not file.exists():
        return "not run"
    suite = xml.etree.ElementTree.parse(file).getroot().find("testsuite")  # noqa: S314 (pytest wrote it just now)
    tests, failures, errors, skipped = (int(suite.get(key)) for key in COUNTED)
    failed = failures + errors
    parts = [(tests - failed - skipped, "passed"), (failed, "failed"), (skipped, "skipped")]
    return ", ".join(f"{count} {word}" for count, word in parts if count or word == "passed")


def row(table: Table, environment: str, folder: pathlib.Path) -> dict[str, str]:
    """Return a run as a row of a table."""
    versions = {title: importlib.metadata.version(name) for title, name in table.packages.items()}
    suites = {title: counts(folder / f"{name}.xml") for title, name in table.suites.items()}
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    return {"Environment": environment, "Python": platform.python_version(), **versions, **suites, "Run on": today}


def write(table: Table, line: dict[str, str]) -> None:
    """Put a row into a table, in place of that environment's former one."""
    there = list(csv.DictReader(table.file.read_text().splitlines())) if table.file.exists() else []
    lines = {one["Environment"]: one for one in [*there, line]}
    with open(table.file, "w", newline="") as file:
        writer = csv.DictWriter(file, table.columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines[name] for name in sorted(lines))


def main() -> None:
    name, environment, folder = sys.argv[1:]
    line = row(TABLES[name], environment, pathlib.Path(folder))
    print("; ".join(f"{title}: {text}" for title, text in line.items()))
    if os.environ.get("WRITE_TABLE"):
        write(TABLES[name], line)


if __name__ == "__main__":
    main()
