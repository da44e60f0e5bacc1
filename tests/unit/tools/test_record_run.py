# SPDX-License-Identifier: Apache-2.0
"""The table of what was run."""

import csv

import pytest

from tools import record_run

JUNIT = '<testsuites><testsuite tests="12" failures="{failures}" errors="1" skipped="2"></testsuite></testsuites>'


@pytest.fixture
def table(tmp_path):
    suites = {"Unit": "unit", "Views": "views"}
    return record_run.Table(file=tmp_path / "ran.csv", packages={"Pytest": "pytest"}, suites=suites)


def test_row_counts_what_passed_failed_and_was_skipped_and_says_what_was_not_run(table, tmp_path):
    (tmp_path / "unit.xml").write_text(JUNIT.format(failures=3))
    line = record_run.row(table, "hz253", tmp_path)
    assert line["Unit"] == "6 passed, 4 failed, 2 skipped"
    assert line["Views"] == "not run"
    assert line["Pytest"] == pytest.__version__


def test_row_takes_the_place_of_the_former_one_and_of_no_other(table, tmp_path):
    for environment, failures in (("py313", 0), ("hz253", 0), ("py313", 5)):
        (tmp_path / "unit.xml").write_text(JUNIT.format(failures=failures))
        record_run.write(table, record_run.row(table, environment, tmp_path))
    rows = list(csv.DictReader(table.file.read_text().splitlines()))
    assert [(one["Environment"], one["Unit"]) for one in rows] == [
        ("hz253", "9 passed, 1 failed, 2 skipped"),
        ("py313", "4 passed, 6 failed, 2 skipped"),
    ]


@pytest.mark.parametrize("name", record_run.TABLES)
def test_tables_of_the_documentation_have_the_columns_that_are_written(name):
    table = record_run.TABLES[name]
    assert tuple(csv.DictReader(table.file.read_text().splitlines()).fieldnames) == table.columns
