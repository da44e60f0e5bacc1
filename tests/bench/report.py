# SPDX-License-Identifier: Apache-2.0
"""The result as a table for people."""

COLUMNS = ("key", "what", "against", "ours", "peer", "ratio", "target", "met")
MET = {True: "yes", False: "NO", None: "-"}


def number(value: float | None) -> str:
    """Return a number with three figures, whole ones as they are."""
    if value is None:
        return "-"
    if value == int(value):
        return str(int(value))
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def cells(key: str, row: dict) -> tuple[str, ...]:
    """Return one row of the table, in the order of ``COLUMNS``."""
    sign = "≥" if "least" in row["aim"] else "≤"
    times = " ×" if row["aim"].startswith("ratio") else f" {row['unit']}"
    ratio = "-" if row["ratio"] is None else f"{number(row['ratio'])} ×"
    measured = [f"{number(row[side])} {row['unit']}" if row[side] is not None else "-" for side in ("ours", "peer")]
    target = f"{sign} {number(row['target'])}{times}"
    return key, row["what"], row["against"] or "-", *measured, ratio, target, MET[row["met"]]


def table(result: dict) -> str:
    """Return the whole result as text.

    :param result: as ``run.run`` returns it
    """
    lines = [COLUMNS, *(cells(key, row) for key, row in result["rows"].items())]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rows = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    curve = [
        f"{point['volumes']} volumes, {point['backups']} backups: ours {number(point['ours'])} s, "
        f"stock {number(point['peer'])} s"
        for point in result["curve"]
    ]
    about = [f"{name}: {', '.join(f'{key} {value}' for key, value in result[name].items())}" for name in ABOUT]
    return "\n".join([*rows, "", "The page as the cloud grows:", *curve, "", *about])


ABOUT = ("parameters", "machine", "versions")
