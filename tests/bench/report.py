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
    about = [f"{name}: {_pairs(result[name])}" for name in ABOUT]
    return "\n".join([*rows, "", "The page as the cloud grows:", *curve, "", *about])


def _pairs(values: dict) -> str:
    return ", ".join(f"{key} {value}" for key, value in values.items())


def as_rst(result: dict) -> str:
    """Return the result for the documentation.

    :param result: as ``run.run`` returns it
    """
    lines = [
        f"Made by ``tox -e bench`` at {result['machine']['at']}: medians of runs by turns, everything on one machine.",
        "",
    ]
    rows = [COLUMNS[1:], *(cells(key, row)[1:] for key, row in result["rows"].items())]
    lines += [".. list-table::", "   :header-rows: 1", "", *_list_rows(rows), "", "The page as the cloud grows:", ""]
    curve = [("volumes", "backups", "ours", "stock", "ratio")] + [
        (
            str(point["volumes"]),
            str(point["backups"]),
            *(f"{number(point[side])} s" for side in ("ours", "peer")),
            f"{number(point['ratio'])} ×",
        )
        for point in result["curve"]
    ]
    lines += [".. list-table::", "   :header-rows: 1", "", *_list_rows(curve), ""]
    about = [
        f"{name.capitalize()}: {', '.join(f'{key} {value}' for key, value in result[name].items())}." for name in ABOUT
    ]
    return "\n".join([*lines, "\n\n".join(about), ""])


def _list_rows(rows: list[tuple[str, ...]]) -> list[str]:
    return [line for first, *others in rows for line in (f"   * - {first}", *(f"     - {cell}" for cell in others))]


ABOUT = ("parameters", "machine", "versions")
