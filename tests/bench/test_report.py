# SPDX-License-Identifier: Apache-2.0
"""The table that people read, and what the command line asks for."""

import pytest

from tests.bench import __main__ as command
from tests.bench import report
from tests.bench import run
from tests.bench.catalogue import BY_KEY
from tests.bench.catalogue import ROWS

RESULT = {
    "rows": {"page": BY_KEY["page"].result(0.5, 4.0), "bulk_api": BY_KEY["bulk_api"].result(60, 66.6)},
    "curve": [{"volumes": 500, "backups": 500, "ours": 0.3, "peer": 0.7, "ratio": 0.43}],
    "parameters": {"volumes": 500},
    "machine": {"cores": 2},
    "versions": {"horizon": "27.0.0"},
}


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "-"), (0, "0"), (20.0, "20"), (0.12345, "0.123"), (66.66, "66.7"), (1234.5, "1234"), (1e-5, "1e-05")],
)
def test_numbers_have_three_figures(value, text):
    assert report.number(value) == text


def test_the_table_tells_each_row_and_whether_its_target_is_met():
    lines = {line.split()[0]: line for line in report.table(RESULT).splitlines() if line}
    assert lines["page"].endswith("NO")
    assert "0.125 ×" in lines["page"]
    assert "≤ 0.1 ×" in lines["page"]
    assert lines["bulk_api"].endswith("yes")
    assert "≥ 0.75 ×" in lines["bulk_api"]


def test_the_table_tells_curve_machine_and_versions():
    told = report.table(RESULT)
    for text in ("500 volumes, 500 backups: ours 0.3 s, stock 0.7 s", "cores 2", "horizon 27.0.0"):
        assert text in told


def test_the_documentations_table_tells_the_same():
    result = RESULT | {"machine": {"cores": 2, "at": "today"}}
    told = report.as_rst(result)
    for text in ("* - Stuck Backups page", "- 0.125 ×", "- NO", "* - 500", "Versions: horizon 27.0.0."):
        assert text in told


def test_help_documents_every_key():
    told = command.keys_help()
    assert [row.key for row in ROWS if f"  {row.key} " not in told] == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], run.Size()),
        (["--quick"], run.QUICK),
        (["--long"], run.Size(growth=run.LONG_GROWTH)),
        (["--volumes", "900", "--backups", "800", "--stuck", "70"], run.Size(volumes=900, backups=800, stuck=70)),
    ],
)
def test_the_command_line_says_how_much_is_measured(arguments, expected):
    assert command.size(command.parser().parse_args(arguments)) == expected
