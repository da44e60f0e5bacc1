# SPDX-License-Identifier: Apache-2.0
"""What the history keeps of an act, and what it counts as a reset."""

import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backup_reset_panel.core import audit
from backup_reset_panel.core import history
from backup_reset_panel.core.outcome.types import Ending
from backup_reset_panel.core.outcome.types import Outcome
from tests.unit.core.examples import backup
from tests.unit.core.examples import evidence

NOW = datetime.datetime(2026, 8, 21, 12, tzinfo=datetime.timezone.utc)
RECORD = {**dict.fromkeys(name for name, _meaning in audit.FIELDS), "at": NOW.isoformat()}


def test_every_column_is_a_field_of_the_audit_record():
    assert set(history.COLUMNS) <= {name for name, _meaning in audit.FIELDS}


@given(st.text(), st.integers(1, 64))
def test_any_text_fits_and_is_printable(text, longest):
    fitting = history.fit(text, longest)
    assert len(fitting) <= longest
    assert fitting.isprintable()
    fitting.encode()


@pytest.mark.parametrize("text", ["Jürgen", "備份", "a b", "", "x" * 20])
def test_an_ordinary_text_stays_as_it_is(text):
    assert history.fit(text, 20) == text


def test_the_host_is_the_one_that_was_given_the_reset_else_the_one_last_asked():
    seen = evidence(last_host="node-1")
    given_to = Outcome(Ending.ACCEPTED, backup(), "error", host="node-2")
    nobody = Outcome(Ending.APPLIED, backup(), "error")
    made = [
        history.entry("k", RECORD, audit.Act("dialog", "error", "b", seen, outcome=each))
        for each in (given_to, nobody, None)
    ]
    assert [each.host for each in made] == ["node-2", "node-1", "node-1"]
    assert history.entry("k", RECORD, audit.Act("dialog", "error", "b")).host == ""


def test_changes_come_back_as_they_were_packed():
    changes = [history.Entry("k", RECORD, "node-1"), history.Settled("k", "applied", NOW, ("v-1",))]
    assert history.unpacked(json.loads(json.dumps(history.packed(changes)))) == changes


@pytest.mark.parametrize("value", [None, 3, [3], [{}], [{"key": "k"}], [{"key": "k", "outcome": "x", "at": "then"}]])
def test_what_was_packed_in_another_form_is_nothing(value):
    assert history.unpacked(value) == []


@pytest.mark.parametrize(
    ("to_status", "refused", "outcome", "counts"),
    [
        ("error", "", "applied", True),
        ("error", "", "accepted", True),
        ("error", "interrupted", "", True),
        ("error", "", "refused", False),
        ("error", "not_sent", "not_sent", False),
        ("error", "not_marked", "", False),
        ("", "", "repaired", False),
    ],
)
def test_a_reset_is_what_was_sent_or_may_have_been(to_status, refused, outcome, counts):
    assert history.is_reset(to_status, refused, outcome) is counts


@pytest.mark.parametrize(
    "value", [{}, {"database": "default"}, {"database": "x", "days": 1}, {"database": "x", "days": 36500}]
)
def test_a_right_setting_is_no_problem(value):
    assert history.setting_problems(value) == []


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ([], " must be a dict, not a list"),
        ({"days": 3}, "['database'] must be the name"),
        ({"database": ""}, "['database'] must be the name"),
        ({"database": ["default"]}, "['database'] must be the name"),
        ({"database": "default", "days": 0}, "['days'] must be"),
        ({"database": "default", "days": True}, "['days'] must be"),
        ({"database": "default", "days": "365"}, "['days'] must be"),
        ({"database": "default", "keep": 3}, "['keep'] is not a key"),
    ],
)
def test_a_wrong_setting_is_told_by_key(value, told):
    (problem,) = history.setting_problems(value)
    assert problem.startswith(told)
