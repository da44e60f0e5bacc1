# SPDX-License-Identifier: Apache-2.0
"""The table: what was provoked, what was done, what the product said, what the database held then."""

import dataclasses
import datetime
import pathlib
import textwrap

TABLE = pathlib.Path(__file__).parents[2] / "doc" / "source" / "contributor" / "tried_table.txt"
LONGEST = 230


@dataclasses.dataclass
class Tried:
    """One row.

    :param number: of the fault, as in the table
    :param situation: of the lab, or what was done to the cloud
    :param done: what the administrator did
    :param said: what the product said
    :param was: what the database held then
    :param right: whether all that the row asserts held
    """

    number: str
    situation: str
    done: str
    said: str = ""
    was: str = ""
    right: bool = False
    second: "Tried | None" = None

    def all(self) -> "list[Tried]":
        """This row, and the second one that its test makes."""
        return [self, *([self.second] if self.second else [])]

    def place(self) -> list[int]:
        """Where it stands in the table."""
        return [int(part) for part in self.number.split(",")[0].split(".")]

    def saw(self, said: str, was: str) -> None:
        """Take down what was said and what was so."""
        self.said, self.was = said, was


def as_rst(rows: list[Tried], counts: dict[str, int], seconds: float) -> str:
    """Return the table and the counts for the documentation."""
    now = datetime.datetime.now(datetime.timezone.utc)
    lines = [
        f"Made by ``tox -e tried -- --write-table`` on {now:%Y-%m-%d}, in {seconds:.0f} seconds.",
        "",
        *_list([("Over all rows", "count"), *((what, str(count)) for what, count in counts.items())], "80 20"),
        "",
    ]
    head = ("fault", "in the cloud", "done", "the product said", "the database held", "right")
    cells = [(each.number, each.situation, each.done, each.said, each.was, _yes(each.right)) for each in rows]
    return "\n".join([*lines, *_list([head, *cells], "5 20 20 30 20 5"), ""])


def _yes(right: bool) -> str:
    return "yes" if right else "**NO**"


def _list(rows: list[tuple[str, ...]], widths: str) -> list[str]:
    lines = [".. list-table::", "   :header-rows: 1", f"   :widths: {widths}", ""]
    for row in rows:
        for number, cell in enumerate(row):
            lines.append(f"   {'*' if number == 0 else ' '} - {_escaped(cell)}".rstrip())
    return lines


def _escaped(text: str) -> str:
    short = textwrap.shorten(text, LONGEST, placeholder=" …")
    for sign in ("\\", "*", "`", "|", "_"):
        short = short.replace(sign, f"\\{sign}") if text not in ("**NO**",) else short
    return short
