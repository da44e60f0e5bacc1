# SPDX-License-Identifier: Apache-2.0
"""Say what was run and what came of it: ``python tools/record_run.py ENVIRONMENT FOLDER``.

Reads the JUnit files of a run in FOLDER, one a suite, and the versions of what is installed beside this Python; prints
one row of ``doc/source/install/ran.csv``. With ``WRITE_TABLE=1`` that row takes the place of the environment's former
one there. Standard library only.
"""

import csv
import datetime
import importlib.metadata
import os
import pathlib
import platform
import sys
import xml.etree.ElementTree

TABLE = pathlib.Path(__file__).resolve().parent.parent / "doc" / "source" / "install" / "ran.csv"
PACKAGES = {"Horizon": "horizon", "Django": "django", "urllib3": "urllib3"}
SUITES = {"Unit": "unit", "Views": "views", "Extension": "extension", "Browser": "ui"}
COLUMNS = ("Environment", "Python", *PACKAGES, *SUITES, "Run on")


def counts(file: pathlib.Path) -> str:
    """Return what a JUnit file says, in words."""
    if not file.exists():
        return "not run"
    suite = xml.etree.ElementTree.parse(file).getroot().find("testsuite")  # noqa: S314 (pytest wrote it just now)
    number = {key: int(suite.get(key)) for key in ("tests", "failures", "errors", "skipped")}
    failed = number["failures"] + number["errors"]
    parts = [
        (number["tests"] - failed - number["skipped"], "passed"),
        (failed, "failed"),
        (number["skipped"], "skipped"),
    ]
    return ", ".join(f"{count} {word}" for count, word in parts if count or word == "passed")


def row(environment: str, folder: pathlib.Path) -> dict[str, str]:
    """Return a run as a row of the table."""
    versions = {title: importlib.metadata.version(name) for title, name in PACKAGES.items()}
    suites = {title: counts(folder / f"{name}.xml") for title, name in SUITES.items()}
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    return {"Environment": environment, "Python": platform.python_version(), **versions, **suites, "Run on": today}


def write(line: dict[str, str]) -> None:
    """Put a row into the table, in place of that environment's former one."""
    there = list(csv.DictReader(TABLE.read_text().splitlines())) if TABLE.exists() else []
    lines = {one["Environment"]: one for one in [*there, line]}
    with open(TABLE, "w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines[name] for name in sorted(lines))


def main() -> None:
    environment, folder = sys.argv[1:]
    line = row(environment, pathlib.Path(folder))
    print("; ".join(f"{title}: {text}" for title, text in line.items()))
    if os.environ.get("WRITE_TABLE"):
        write(line)


if __name__ == "__main__":
    main()
