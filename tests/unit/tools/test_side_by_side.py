# SPDX-License-Identifier: Apache-2.0
"""Test runs side by side."""

import os
import pathlib
import signal
import subprocess
import sys

import pytest

from tools import side_by_side
from tools import totals

WAITS = """
import pathlib, signal
def test_that_waits():
    pathlib.Path("{name}.begun").touch()
    try:
        # In short waits: a signal that comes just before one long wait would not end it.
        while True:
            signal.sigtimedwait([], 0.05)
    finally:
        pathlib.Path("{name}.ended").touch()
"""


@pytest.fixture
def run(tmp_path):
    """Function: begin the tool on folders of tests: name to the text of their one module."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "pytest.ini").touch()
    (tmp_path / "tools" / "side_by_side.py").write_text(pathlib.Path(side_by_side.__file__).read_text())

    def begin(*lanes, **folders):
        for name, text in folders.items():
            (tmp_path / "tests" / name).mkdir(parents=True)
            (tmp_path / "tests" / name / f"test_{name}.py").write_text(text)
        command = [sys.executable, str(tmp_path / "tools" / "side_by_side.py"), *lanes]
        # Their pytest is a bare one: nothing of this run's.
        env = {"PATH": os.environ["PATH"], "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        begun.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=env))
        return begun[-1]

    begun = []
    yield begin
    for each in begun:
        each.kill()
        each.stdout.close()
        each.wait()


def test_what_each_run_says_stands_under_its_name(run):
    one = run("a", "b,c", a="def test(): pass", b="def test(): pass", c="def test(): pass\ndef test_too(): pass")
    output, _ = one.communicate(timeout=60)
    assert one.returncode == 0
    assert sorted(totals.closing_lines(output), key=str) == [
        ("a", {"passed": 1}),
        ("b", {"passed": 1}),
        ("c", {"passed": 2}),
    ]


def test_run_that_fails_ends_its_lane_and_no_other(run):
    one = run("a,b", "c", a="def test(): assert False", b="def test(): pass", c="def test(): pass")
    output, _ = one.communicate(timeout=60)
    assert one.returncode == 1
    assert {name for name, _counts in totals.closing_lines(output)} == {"a", "c"}


@pytest.mark.parametrize("was", [signal.SIG_DFL, signal.SIG_IGN], ids=["in front", "in the background"])
def test_runs_are_ended_as_by_ctrl_c_and_nothing_is_begun_after_that(run, tmp_path, was):
    before = signal.signal(signal.SIGINT, was)
    one = run("a,c", "b", a=WAITS.format(name="a"), b=WAITS.format(name="b"), c=WAITS.format(name="c"))
    signal.signal(signal.SIGINT, before)
    while not all((tmp_path / f"{name}.begun").exists() for name in "ab"):
        assert one.poll() is None
        os.sched_yield()
    one.send_signal(signal.SIGTERM)
    one.communicate(timeout=60)
    assert one.returncode != 0
    assert sorted(path.name for path in tmp_path.glob("*.ended")) == ["a.ended", "b.ended"]
    assert not (tmp_path / "c.begun").exists()
