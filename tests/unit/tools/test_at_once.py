# SPDX-License-Identifier: Apache-2.0
"""Commands that run at once: what they print, how they end, and that none is left behind."""

import pathlib
import signal
import subprocess
import sys
import time

import pytest

from tools import at_once
from tools.totals import closing_lines

TOOL = pathlib.Path(at_once.__file__)
PATIENCE = 20


def python(code):
    return f"{sys.executable} -c '{code}'"


def test_each_commands_output_comes_whole_behind_its_name(capfd):
    line = python('print("==== 3 passed in 1.00s ====")')
    assert at_once.run(2, [("one", line), ("two", line)]) == 0
    assert dict(closing_lines(capfd.readouterr().out)) == {"one": {"passed": 3}, "two": {"passed": 3}}


@pytest.mark.parametrize("most", [1, 2])
def test_a_command_that_fails_stops_no_other_and_is_told_by_the_exit_status(most, capfd):
    commands = [("bad", python("raise SystemExit(3)")), ("good", python('print("here")'))]
    assert at_once.run(most, commands) == 3
    assert "here" in capfd.readouterr().out


def test_no_more_run_at_a_time_than_was_said(tmp_path):
    code = f"""
import os, pathlib, time
mine = pathlib.Path("{tmp_path}", str(os.getpid()))
mine.touch()
assert len(list(mine.parent.iterdir())) <= 2
time.sleep(0.3)
mine.unlink()
"""
    script = tmp_path.with_suffix(".py")
    script.write_text(code)
    assert at_once.run(2, [(str(number), f"{sys.executable} {script}") for number in range(5)]) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_to_end_is_handed_on_and_the_commands_clean_up_before_it_ends(number, tmp_path):
    begun, cleaned = tmp_path / "begun", tmp_path / "cleaned"
    script = tmp_path / "lab.py"
    script.write_text(
        f"""
import pathlib, signal, sys, time
def end(*_args):
    pathlib.Path({str(cleaned)!r}).touch()
    sys.exit(1)
signal.signal({int(number)}, end)
pathlib.Path({str(begun)!r}).touch()
time.sleep({PATIENCE})
"""
    )
    tool = subprocess.Popen([sys.executable, TOOL, "1", f"lab={sys.executable} {script}"], stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + PATIENCE
        while not begun.exists():
            assert time.monotonic() < until
            time.sleep(0.02)
        tool.send_signal(number)
        assert tool.wait(PATIENCE) == 128 + number
    finally:
        tool.kill()
        tool.wait()
    assert cleaned.exists()
