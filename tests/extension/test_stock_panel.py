# SPDX-License-Identifier: Apache-2.0
"""Horizon's own tests of its admin Backups panel pass with our plugin in it."""

import pathlib
import subprocess
import sys


def test_horizons_own_tests_of_the_panel_pass():
    tests = pathlib.Path(__file__).with_name("stock_panel.py")
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", str(tests)]
    done = subprocess.run(command, cwd=tests.parents[2], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-5000:]
    assert "TestStockPanel::test_backups_index_paginated PASSED" in done.stdout
