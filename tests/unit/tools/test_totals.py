# SPDX-License-Identifier: Apache-2.0
"""Adding up what test runs said."""

import pytest

from tools import totals

LOG = """\
unit: commands_pre[0]> python shared_env.py
unit: commands[0]> python -m pytest tests/unit
============================= test session starts ==============================
collected 31 items
============================== 31 passed in 3.98s ==============================
\x1b[1m\x1b[35mviews:\x1b[0m\x1b[36m commands[0]\x1b[22m\x1b[2m>\x1b[0m python -m pytest tests/views\x1b[0m
\x1b[31m=== \x1b[31m2 failed\x1b[0m, 5 passed, 1 skipped, 3 errors in 101.02s (0:01:41)\x1b[0m\x1b[31m ===\x1b[0m
lint: commands[0]> pre-commit run --all-files
ui: commands[0]> python -m pytest tests/ui
============================ no tests ran in 0.29s =============================
js: commands[0]> node --test
\u2714 1 passed, 2 failed (0.3ms)
\u2139 tests 57
\u2139 pass 55
\u2139 fail 1
\u2139 cancelled 1
\u2139 skipped 0
"""


def test_each_run_is_named_by_its_environment():
    assert list(totals.closing_lines(LOG)) == [
        ("unit", {"passed": 31}),
        ("views", {"failed": 2, "passed": 5, "skipped": 1, "errors": 3}),
        ("ui", {}),
        ("js", {"passed": 55}),
        ("js", {"failed": 1}),
        ("js", {"failed": 1}),
    ]


def test_last_line_counts_errors_as_failed(monkeypatch, capsys, tmp_path):
    log = tmp_path / "log"
    log.write_text(LOG)
    monkeypatch.setattr("sys.argv", ["totals.py", str(log)])
    totals.main()
    assert capsys.readouterr().out.splitlines()[-1] == "91 passed, 7 failed, 1 skipped"


@pytest.mark.parametrize("line", ["== 3 passed ==", "3 passed in 1.00s", "= short test summary info ="])
def test_other_lines_are_no_closing_lines(line):
    assert list(totals.closing_lines(line)) == []
