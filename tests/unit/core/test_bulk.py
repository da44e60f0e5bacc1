# SPDX-License-Identifier: Apache-2.0
"""What a bulk run does with each row, and what it leaves out."""

import pytest

from backup_reset_panel.core.bulk import LeftOut
from backup_reset_panel.core.bulk import Mode
from backup_reset_panel.core.bulk import bulk_line
from backup_reset_panel.core.evidence import Armed
from backup_reset_panel.core.evidence import Chain
from backup_reset_panel.core.evidence import ChainEnd
from backup_reset_panel.core.kinds import Choice
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.verdict import judge
from tests.unit.core.examples import CEPH
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import UP
from tests.unit.core.examples import ago
from tests.unit.core.examples import evidence

WHOLE = {"object_count": 128}
BROKEN = {"is_incremental": True, "ancestors": Chain((), ChainEnd.MISSING)}
AVAILABLE, ERROR, REPAIR = Choice.AVAILABLE, Choice.ERROR, Choice.REPAIR

# what a run makes of it in each mode: recommended for each, error for creating and deleting ones
ROWS = [
    (AVAILABLE, ERROR, {**WHOLE}),
    (AVAILABLE, ERROR, {"services": UP, **WHOLE}),
    (ERROR, ERROR, {}),
    (ERROR, ERROR, {"driver": CEPH}),
    (ERROR, ERROR, {"is_incremental": True}),
    (ERROR, ERROR, {**BROKEN, **WHOLE}),
    (LeftOut.MAY_BE_LIVE, LeftOut.MAY_BE_LIVE, {"services": UP}),
    (LeftOut.MAY_BE_LIVE, LeftOut.MAY_BE_LIVE, {"services": TIMED_OUT}),
    (LeftOut.MAY_BE_LIVE, LeftOut.NOT_OF_THIS_MODE, {"status": "restoring", "services": UP, **WHOLE}),
    (AVAILABLE, LeftOut.NOT_OF_THIS_MODE, {"status": "restoring", **WHOLE}),
    (AVAILABLE, LeftOut.NOT_OF_THIS_MODE, {"status": "restoring", "driver": CEPH}),
    (ERROR, LeftOut.NOT_OF_THIS_MODE, {"status": "restoring"}),
    (LeftOut.NEEDS_OVERRIDE, LeftOut.NOT_OF_THIS_MODE, {"status": "restoring", **BROKEN}),
    (ERROR, ERROR, {"status": "deleting"}),
    (ERROR, ERROR, {"status": "error_deleting", "services": UP}),
    (LeftOut.WAS_COMPLETE, LeftOut.WAS_COMPLETE, {"status": "error", **WHOLE}),
    (LeftOut.NOTHING_TO_DO, LeftOut.NOT_OF_THIS_MODE, {"status": "error"}),
    (LeftOut.NOTHING_TO_DO, LeftOut.NOT_OF_THIS_MODE, {"status": "available"}),
    (ERROR, LeftOut.NOT_OF_THIS_MODE, {"status": None}),
    (REPAIR, LeftOut.REFUSED, {"taken_up": False}),
    (LeftOut.REFUSED, LeftOut.REFUSED, {"taken_up": False, "volume": None}),
    (LeftOut.NOTHING_TO_DO, LeftOut.REFUSED, {"taken_up": False, "services": UP, "created_at": ago(minutes=1)}),
    (LeftOut.REFUSED, LeftOut.REFUSED, {"armed": Armed("available")}),
    (LeftOut.UNREADABLE, LeftOut.UNREADABLE, {"backup": TIMED_OUT}),
]


def made_of(so, mode, **options):
    seen = evidence(**so)
    made = bulk_line(seen, judge(seen), mode, **options)
    return made.left_out.code if made.left_out else made.plan.choice


@pytest.mark.parametrize(("recommended", "error", "so"), ROWS)
def test_each_row_gets_its_choice_or_the_reason_why_it_is_left_out(recommended, error, so):
    assert made_of(so, Mode.RECOMMENDED) is recommended
    assert made_of(so, Mode.ERROR) is error


def test_row_left_out_for_a_refusal_tells_that_refusal():
    seen = evidence(armed=Armed("available"))
    told = bulk_line(seen, judge(seen), Mode.RECOMMENDED).left_out.text
    assert "An earlier reset to Available" in str(told)


@pytest.mark.parametrize(
    ("so", "choice"),
    [
        ({"services": UP}, ERROR),
        ({"services": TIMED_OUT}, ERROR),
        ({"status": "restoring", "services": UP, **WHOLE}, AVAILABLE),
        ({"status": "deleting", "services": UP}, ERROR),
    ],
)
def test_one_tick_box_takes_in_what_may_be_live(so, choice):
    assert made_of(so, Mode.RECOMMENDED, include_live=True) is choice


def test_one_tick_box_takes_in_nothing_else():
    for _recommended, _error, so in ROWS:
        if made_of(so, Mode.RECOMMENDED) in (LeftOut.WAS_COMPLETE, LeftOut.NEEDS_OVERRIDE, LeftOut.REFUSED):
            assert isinstance(made_of(so, Mode.RECOMMENDED, include_live=True), LeftOut)


def test_restoring_row_that_needs_an_override_is_left_out_even_where_the_site_forbids_overrides():
    so = {"status": "restoring", **BROKEN}
    assert isinstance(made_of(so, Mode.RECOMMENDED, rules=Rules(override_allowed=False)), LeftOut)


def test_no_mode_makes_everything_available():
    assert [mode.value for mode in Mode] == ["recommended", "error"]
