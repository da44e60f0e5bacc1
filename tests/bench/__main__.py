# SPDX-License-Identifier: Apache-2.0
"""``python -m tests.bench``: a lab, everything measured in it, a table, and the JSON of it."""

import argparse
import dataclasses
import json
import pathlib
import sys
import tempfile
import textwrap

from tests.bench import load
from tests.bench import run
from tests.bench.catalogue import ROWS
from tests.bench.cloud import new_lab
from tests.bench.report import as_rst
from tests.bench.report import table
from tests.lab import Lab
from tests.lab.errors import LabError
from tests.lab.lab import say_on_stderr
from tests.pages.web import BenchError


def main(argv: list[str] | None = None) -> int:
    """Run the benchmark; return 0 if every target was met, 3 if not, 1 if it could not be run."""
    options = parser().parse_args(argv)
    try:
        with tempfile.TemporaryDirectory(prefix="backup-reset-bench-") as folder:
            with new_lab(f"{folder}/lab") as lab:
                result = run.run(lab, size(options), say_on_stderr)
            # Ten minutes' work: not lost if what follows fails.
            _write(options, result)
            say_on_stderr("ten people, while Cinder is slow")
            with Lab(f"{folder}/slow") as lab:
                result["rows"] |= load.load(lab)
    except (BenchError, LabError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    _write(options, result)
    print(table(result))
    return 3 if any(row["met"] is False for row in result["rows"].values()) else 0


def _write(options: argparse.Namespace, result: dict) -> None:
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")
    if options.rst:
        options.rst.write_text(as_rst(result))


def size(options: argparse.Namespace) -> run.Size:
    """Return how much is to be measured."""
    found = run.QUICK if options.quick else run.Size(growth=run.LONG_GROWTH if options.long else 1)
    given = {name: getattr(options, name) for name in ("volumes", "backups", "stuck", "rounds")}
    return dataclasses.replace(found, **{name: value for name, value in given.items() if value is not None})


def parser() -> argparse.ArgumentParser:
    """Return the parser of ``python -m tests.bench``."""
    top = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="Measure the plugin beside stock Horizon and the commands, on one real cloud, by turns.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=keys_help(),
    )
    top.add_argument("--volumes", type=int, metavar="N", help="volumes in the cloud (default 5000)")
    top.add_argument("--backups", type=int, metavar="N", help="backups in the cloud (default 5000)")
    top.add_argument("--stuck", type=int, metavar="N", help="how many of the backups are stuck (default 500)")
    top.add_argument(
        "--rounds", type=int, metavar="N", help="runs of each thing (default 9; a third of what is costly)"
    )
    top.add_argument("--json", type=pathlib.Path, metavar="FILE", help="where to write the numbers")
    top.add_argument("--rst", type=pathlib.Path, metavar="FILE", help="where to write the table for the documentation")
    how = top.add_mutually_exclusive_group()
    how.add_argument(
        "--quick", action="store_true", help="a small cloud, once: shows that it works, the times say little"
    )
    how.add_argument("--long", action="store_true", help="then also a cloud ten times as large")
    return top


def keys_help() -> str:
    """Return what the JSON holds."""
    intro = """The JSON: "rows" holds one key a row, each with "ours" and "peer" (medians), "ratio" (ours / peer),
        "target", "met" (null: nothing to compare) and "aim" (whether ratio or ours is bound, and from which side);
        "*_runs" are the single runs. "curve" holds the page's time at each size, "machine", "versions" and "parameters"
        what it rests on. Ends with 0 if every target was met, 3 if not, 1 if something failed. Rows:"""
    lines = [textwrap.fill(" ".join(intro.split()), 110), ""]
    lines += [
        f"  {row.key:16} {row.what} ({row.unit}){f'; peer: {row.against}' if row.against else ''}" for row in ROWS
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
