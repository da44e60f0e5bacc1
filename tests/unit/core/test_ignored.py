# SPDX-License-Identifier: Apache-2.0
"""When an accepted reset was thrown away, and when it may still come."""

import datetime

import pytest

from backup_reset_panel.core.evidence import FOREIGN
from backup_reset_panel.core.ignored import Cause
from backup_reset_panel.core.ignored import why_ignored
from tests.unit.core.examples import ALL_DOWN
from tests.unit.core.examples import CEPH
from tests.unit.core.examples import FROZEN
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import UP
from tests.unit.core.examples import evidence

CASES = [
    (Cause.OTHER_DRIVER, 10, 0, {}),
    (None, 9, 0, {}),
    (None, 60, 1, {}),
    (None, 60, TIMED_OUT, {}),
    (None, 60, 0, {"services": FROZEN}),
    (None, 60, 0, {"services": ALL_DOWN}),
    (None, 60, 0, {"services": TIMED_OUT}),
    (None, 60, 0, {"last_host": "node-9"}),
    (Cause.NOT_TAKEN_UP, 0, TIMED_OUT, {"taken_up": False}),
    (None, 0, 0, {"taken_up": TIMED_OUT}),
]


def told(waited, others, so):
    return why_ignored(evidence(**{"services": UP, **so}), datetime.timedelta(seconds=waited), others)


@pytest.mark.parametrize(("cause", "waited", "others", "so"), CASES)
def test_reset_is_called_ignored_only_where_nothing_else_explains_the_wait(cause, waited, others, so):
    note = told(waited, others, so)
    assert (note and note.code) is cause


def test_cause_names_the_host_and_the_driver_where_it_has_a_name():
    named = str(told(60, 0, {"driver": CEPH}).text)
    assert "cinder-backup on node-1 answers" in named
    assert CEPH in named
    assert "another driver than the one that wrote" in str(told(60, 0, {"driver": FOREIGN}).text)
    assert "another driver than the one that wrote" in str(told(60, 0, {"driver": TIMED_OUT}).text)
