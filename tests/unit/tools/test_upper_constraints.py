# SPDX-License-Identifier: Apache-2.0
"""Installing with OpenStack's upper-constraints, but for what we pin ourselves."""

import pytest

from tools import upper_constraints

PUBLISHED = "Django===4.2.19\npytest===8.3.4\nXStatic-jQuery===3.5.1.2;python_version=='3.11'\nhorizon===25.3.2\n"


def test_what_a_requirement_file_or_argument_pins_goes_before_the_constraints(tmp_path):
    (file := tmp_path / "requirements.txt").write_text("# tools\npytest==9.2.0\nfixtures\nxstatic_jquery==1\n")
    ours = upper_constraints.pinned(upper_constraints.requirement_lines(["-r", str(file), "horizon==27.0.0", "lxml"]))
    assert upper_constraints.constraints(PUBLISHED, ours) == "Django===4.2.19\n"


def test_constraints_hold_what_is_named_without_a_version():
    ours = upper_constraints.pinned(upper_constraints.requirement_lines(["django", "pytest>=8"]))
    assert upper_constraints.constraints(PUBLISHED, ours) == PUBLISHED


def test_folder_takes_the_place_of_the_published_address(tmp_path, monkeypatch):
    (tmp_path / "2025.1").write_text(PUBLISHED)
    monkeypatch.setenv("UPPER_CONSTRAINTS", str(tmp_path))
    assert upper_constraints.published("2025.1") == PUBLISHED


def test_address_that_cannot_be_read_says_what_to_do_about_it(monkeypatch):
    monkeypatch.delenv("UPPER_CONSTRAINTS", raising=False)
    monkeypatch.setattr(upper_constraints, "ADDRESS", "http://127.0.0.1:1/none")
    with pytest.raises(SystemExit, match="UPPER_CONSTRAINTS"):
        upper_constraints.published("2025.1")
