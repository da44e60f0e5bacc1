# SPDX-License-Identifier: Apache-2.0
"""Rows: what a target bounds, and what the JSON holds."""

import pytest

from tests.bench.catalogue import BY_KEY
from tests.bench.catalogue import ROWS
from tests.bench.catalogue import Aim
from tests.bench.catalogue import Row


def row(aim, target):
    """A row with that target."""
    return Row("key", "what", "against", "s", aim, target)


@pytest.mark.parametrize(
    ("aim", "target", "ours", "peer", "met"),
    [
        (Aim.RATIO_AT_MOST, 0.1, 1, 10, True),
        (Aim.RATIO_AT_MOST, 0.1, 1.1, 10, False),
        (Aim.RATIO_AT_LEAST, 0.75, 75, 100, True),
        (Aim.RATIO_AT_LEAST, 0.75, 74, 100, False),
        (Aim.OURS_AT_MOST, 2, 2, None, True),
        (Aim.OURS_AT_MOST, 2, 2.1, None, False),
        (Aim.OURS_AT_MOST, 0, 1, 3, False),
        (Aim.OURS_AT_MOST, 0, 0, 0, True),
        (Aim.RATIO_AT_MOST, 0.1, 1, None, None),
    ],
)
def test_a_target_is_met_or_not_or_cannot_be_said(aim, target, ours, peer, met):
    assert row(aim, target).result(ours, peer)["met"] is met


def test_the_ratio_is_ours_by_the_peers():
    assert row(Aim.RATIO_AT_MOST, 1).result(3, 4)["ratio"] == 0.75


def test_a_result_holds_what_is_documented_and_what_more_is_given():
    found = row(Aim.RATIO_AT_MOST, 1).result(3, 4, ours_runs=[3])
    assert {"ours", "peer", "ratio", "target", "met"} <= set(found)
    assert found["ours_runs"] == [3]


def test_every_row_has_a_key_of_its_own():
    assert len(BY_KEY) == len(ROWS)
