# SPDX-License-Identifier: Apache-2.0
"""Names in a shell's line and in a spreadsheet's cell: whatever they are, they stay names."""

import csv
import datetime
import io
import shlex
import shutil
import subprocess

import hypothesis
import pytest
from hypothesis import strategies as st

from backup_reset_panel.core.leftovers import Kind
from backup_reset_panel.core.leftovers import LeftOver
from backup_reset_panel.core.plan.commands import Tool
from backup_reset_panel.core.plan.commands import commands
from backup_reset_panel.core.plan.plan import plan
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.quoting import csv_cell
from backup_reset_panel.core.quoting import shell_word
from backup_reset_panel.core.quoting import spelled
from backup_reset_panel.core.verdict.table import judge
from backup_reset_panel.leftovers.tables import as_csv
from tests.unit.core.examples import WHOLE
from tests.unit.core.examples import evidence

HOSTILE = [
    "a b", "$(reboot)", "`reboot`", "a;reboot", "a'b", 'a"b', "a\\", "a\nreboot\n", "a\r\nb", "\x1b[2J\x1b]0;x\x07",
    "\x9b2J", "\u202egnp.exe", "\u2066x", "a\u2028b", "\x7f", "~root", "!!", "*", "é\n", "a'\x1b\\", "", "=1+1", "-x",
]  # fmt: skip
BASH = shutil.which("bash")


@pytest.mark.parametrize("name", HOSTILE)
def test_line_for_a_shell_shows_all_of_itself_and_is_one_line(name):
    word = shell_word(name)
    assert word.isprintable()
    assert not set(word) & set("\u202e\u2066")


@pytest.mark.skipif(BASH is None, reason="no bash")
@pytest.mark.parametrize("name", HOSTILE)
def test_shell_reads_the_very_name_and_runs_nothing(name):
    said = subprocess.run([BASH, "-c", f"printf %s {shell_word(name)}"], capture_output=True, check=True)
    assert (said.stdout.decode(), said.stderr) == (name, b"")


@pytest.mark.parametrize("tool", Tool)
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("choice", Choice)
def test_no_region_and_no_id_adds_a_line_or_a_word_to_the_commands_that_are_shown(tool, name, choice):
    seen = evidence(**WHOLE)
    made = plan(seen, judge(seen), choice)
    shown = commands(made, name, tool, region=name or None)
    usual = commands(made, "b-1", tool, region="r-1" if name else None)
    assert all(line.isprintable() for line in shown)
    assert len(shown) == len(usual)
    if not any("$'" in line for line in shown):
        assert [len(shlex.split(line)) for line in shown] == [len(shlex.split(line)) for line in usual]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\t", "\n", "\r", "a;", "a; ", "a;\t"])
def test_no_cell_is_a_formula(sign, before):
    cell = csv_cell(f"{before}{sign}cmd")
    assert not any(part.strip().startswith(sign) for part in cell.split(";"))


@hypothesis.given(st.text(max_size=30) | st.sampled_from(HOSTILE))
def test_cell_has_nothing_that_a_terminal_or_a_line_obeys(name):
    cell = csv_cell(name)
    assert len(cell.splitlines()) <= 1
    assert not any(ord(each) < 32 or 127 <= ord(each) < 160 or each in "\u202e\u2066" for each in cell)
    cell.encode()


def test_usual_names_stay_as_they_are():
    for name in ("nightly-07", "é 日本 😀", "two - three", "a=1", "حسن"):
        assert (spelled(name), csv_cell(name)) == (name, name)
    assert shell_word("node-1.example@lvm") == "node-1.example@lvm"


@pytest.mark.parametrize("name", [*HOSTILE, "\ud800", 'x","y\n"forged'])
def test_each_left_over_is_one_line_of_the_csv_whatever_it_is_called(name):
    now = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc)
    found = LeftOver(Kind.VOLUME, "v-1", name, "p-1", "backing-up", now, after="available")
    text = as_csv([found], name, now, is_whole=True)
    text.encode()
    assert len(text.splitlines()) == 2
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["id"] == "v-1"
    assert row["name"] == row["region"] == csv_cell(name)
