# SPDX-License-Identifier: Apache-2.0
"""The table that the run is for: each situation, what was said of it, and what the database says."""

import dataclasses
import json
import pathlib

from tests.e2e.cloud import Statuses

NONE = "–"
PLUGIN, STOCK = "plugin", "stock Horizon"
FILE = "releases"


@dataclasses.dataclass(frozen=True)
class Release:
    """One release of one stuck backup, as it was seen.

    :param situation: name of the lab's situation
    :param dashboard: PLUGIN or STOCK
    :param before: Statuses in the database before
    :param verdict: kind of the verdict shown, None where there is none
    :param recommended: the choice made beforehand, None where there is none
    :param chosen: the choice that was submitted
    :param shown: what the dashboard said of the result, in its words
    :param claimed: the status that the dashboard said the backup has now, None if it claimed none
    :param after: Statuses in the database afterwards
    :param restored: whether a restore gave the volume's content back byte for byte; None where none was tried
    """

    situation: str
    dashboard: str
    before: Statuses
    verdict: str | None
    recommended: str | None
    chosen: str
    shown: str
    claimed: str | None
    after: Statuses
    restored: bool | None = None

    @property
    def is_true(self) -> bool:
        """Whether the database agrees with what the dashboard claimed."""
        return self.claimed is None or self.claimed == self.after.backup

    @property
    def is_unsound(self) -> bool:
        """Whether a backup that does not give its data back was left as available."""
        return self.after.backup == "available" and self.restored is False

    def cells(self) -> list[str]:
        """Return the cells of its line, in the order of HEADS."""
        named = {True: "yes", False: "no", None: NONE}
        after = [value or NONE for value in dataclasses.astuple(self.after)]
        return [
            *(self.situation, self.dashboard, self.before.backup, self.verdict or NONE, self.recommended or NONE),
            *(self.chosen, self.shown, *after, named[self.restored], named[self.is_true]),
        ]


HEADS = [
    *("Situation", "Dashboard", "Status before", "Verdict", "Recommended", "Chosen", "Result shown"),
    *("Backup", "Volume", "Snapshot", "Restore target", "Restored byte for byte", "Database agrees"),
]


def ordered(releases: list[Release]) -> list[Release]:
    """Put the lines of one situation beside each other, in the order in which the situations were met."""
    met = list(dict.fromkeys(release.situation for release in releases))
    return sorted(releases, key=lambda release: (met.index(release.situation), release.dashboard))


def as_text(releases: list[Release]) -> str:
    """Return the table for a terminal: a line for each release, and below it what was said."""
    shown = HEADS.index("Result shown")
    rows = [HEADS, *(release.cells() for release in ordered(releases))]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADS))]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for i, (cell, width) in enumerate(zip(row, widths, strict=True)) if i != shown]
        lines.append("  ".join(cells).rstrip())
        lines.append(f"    “{row[shown]}”" if row is not HEADS else "-" * len(lines[0]))
    return "\n".join(lines)


def as_rst(releases: list[Release]) -> str:
    """Return the table for the documentation."""
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for row in [HEADS, *(release.cells() for release in ordered(releases))]:
        lines += [f"   {'*' if i == 0 else ' '} - {_escaped(cell)}" for i, cell in enumerate(row)]
    return "\n".join(lines) + "\n"


def write(releases: list[Release], folder: pathlib.Path) -> None:
    """Write the table as JSON and as RST."""
    folder.mkdir(parents=True, exist_ok=True)
    records = [dataclasses.asdict(release) for release in ordered(releases)]
    (folder / f"{FILE}.json").write_text(json.dumps(records, indent=2, ensure_ascii=False) + "\n")
    (folder / f"{FILE}.rst").write_text(as_rst(releases))


def _escaped(cell: str) -> str:
    for character in "\\*`|_":
        cell = cell.replace(character, "\\" + character)
    return cell
