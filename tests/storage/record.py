# SPDX-License-Identifier: Apache-2.0
"""The tables: what was found of what was damaged, and how long it took beside what."""

import collections
import dataclasses
import datetime
import json
import pathlib
import time

from tests.storage.storehouse import STORES

TABLE = pathlib.Path(__file__).parents[2] / "doc" / "source" / "configuration" / "storage_table.txt"
KEPT = pathlib.Path(__file__).parents[2] / "artefacts" / "storage" / "results.json"
STORE_NAMES = {"posix": "files", "swift": "Swift", "s3": "S3"}
METHODS = ("record", "restore", "listed", "read")


@dataclasses.dataclass
class Results:
    """What a run found.

    :param began: by the monotonic clock
    """

    began: float
    #: (kind of damage, store, method): [damaged backups found, damaged backups]
    found: dict = dataclasses.field(default_factory=lambda: collections.defaultdict(lambda: [0, 0]))
    #: (what, store): text
    rows: dict = dataclasses.field(default_factory=dict)
    #: (what, store): [bad ones, all]
    tallies: dict = dataclasses.field(default_factory=lambda: collections.defaultdict(lambda: [0, 0]))
    #: of the parts that ran before
    seconds: float = 0

    def resume(self, path: pathlib.Path) -> None:
        """Begin with what earlier parts of the tests found."""
        if not path.exists():
            return
        earlier = json.loads(path.read_text())
        self.seconds = earlier["seconds"]
        for mine, name in ((self.found, "found"), (self.rows, "rows"), (self.tallies, "tallies")):
            mine.update({tuple(key): value for key, value in earlier.get(name, ())})

    def keep(self, path: pathlib.Path, times: int) -> None:
        """Keep all for a later part.

        :param times: how many make a cell whole; one that was interrupted is done again
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        found = [(key, cell) for key, cell in self.found.items() if cell[1] >= times]
        seconds = self.seconds + time.monotonic() - self.began
        kept = {"found": found, "rows": list(self.rows.items()), "tallies": list(self.tallies.items())}
        path.write_text(json.dumps(kept | {"seconds": seconds}, indent=1))

    def has(self, kind: str, store: str, times: int) -> bool:
        """Whether a kind of damage was done on a store as often as it is to be."""
        return self.found[kind, store, "read"][1] >= times

    def count(self, kind: str, store: str, method: str, is_found: bool) -> None:
        """Count one damaged backup."""
        cell = self.found[kind, store, method]
        cell[0] += is_found
        cell[1] += 1

    def row(self, what: str, store: str, text: str) -> None:
        """Put a text into the table of all else."""
        self.rows[what, store] = text

    def tally(self, what: str, store: str, is_bad: bool) -> None:
        """Count one thing of which none should be bad, in the table of all else."""
        cell = self.tallies[what, store]
        cell[0] += is_bad
        cell[1] += 1
        self.row(what, store, f"{cell[0]} of {cell[1]}")

    def as_rst(self) -> str:
        """Return both tables for the documentation."""
        now = datetime.datetime.now(datetime.timezone.utc)
        seconds = self.seconds + time.monotonic() - self.began
        made = f"Made by ``tox -e storage -- --write-table`` on {now:%Y-%m-%d}, in {seconds:.0f} seconds."
        damage, others = _list(self._damage(), "40 15 15 15 15"), _list(self._others(), "40 20 20 20")
        how = "Where the stores differ: files / Swift / S3."
        return "\n".join([made, how, "", *damage, "", *others, ""])

    def _damage(self) -> list[tuple[str, ...]]:
        kinds = list(dict.fromkeys(kind for kind, _, _ in self.found))
        rows = [(kind.replace("_", " "), *(self._cell([kind], method) for method in METHODS)) for kind in kinds]
        total = ("**all**", *(self._cell(kinds, method) for method in METHODS))
        return [("damage", "Cinder's record", "a test restore", "listed", "read"), *rows, total]

    def _cell(self, kinds: list[str], method: str) -> str:
        cells = []
        for store in STORES:
            found = [self.found[kind, store, method] for kind in kinds if (kind, store, method) in self.found]
            if found:
                cells.append(f"{sum(one[0] for one in found)} of {sum(one[1] for one in found)}")
        return " / ".join([cells[0]] if len(set(cells)) == 1 else cells)

    def _others(self) -> list[tuple[str, ...]]:
        titles = list(dict.fromkeys(what for what, _ in self.rows))
        return [
            ("what", *STORE_NAMES.values()),
            *((what, *(self.rows.get((what, store), "–") for store in STORES)) for what in titles),
        ]


def _list(rows: list[tuple[str, ...]], widths: str) -> list[str]:
    lines = [".. list-table::", "   :header-rows: 1", f"   :widths: {widths}", ""]
    for row in rows:
        lines += [f"   {'*' if number == 0 else ' '} - {cell}".rstrip() for number, cell in enumerate(row)]
    return lines
