# SPDX-License-Identifier: Apache-2.0
"""What a bulk run does with each row, and what it leaves out."""

import pytest

from backup_reset_panel.core.bulk import LeftOut
from backup_reset_panel.core.bulk import Mode
from backup_reset_panel.core.bulk import bulk_line
from backup_reset_panel.core.evidence import NOT_ASKED
from backup_reset_panel.core.evidence import Chain
from backup_reset_panel.core.evidence import ChainEnd
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.pending import Stage
from backup_reset_panel.core.plan.preflight import preflight
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.verdict.table import judge
from tests.unit.core.examples import ALL_DOWN
from tests.unit.core.examples import CEPH
from tests.unit.core.examples import DEAD
from tests.unit.core.examples import NOW
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import UP
from tests.unit.core.examples import WHOLE
from tests.unit.core.examples import ago
from tests.unit.core.examples import backup
from tests.unit.core.examples import evidence
from tests.unit.core.examples import held_volume
from tests.unit.core.examples import pending
from tests.unit.core.examples import target

BROKEN = {"is_incremental": True, "ancestors": Chain((), ChainEnd.MISSING)}
AVAILABLE, ERROR, REPAIR, REMOVE = Choice
FREE = {"volume": held_volume(status="available")}
YOUNG = {"services": UP, "created_at": ago(minutes=2), "updated_at": ago(minutes=2)}
RESTORING = {"status": "restoring", **FREE, "restore_target": target()}
NEVER_STARTED = {"taken_up": False, "last_host": None}
NOT_ALLOWED = Unknown(Gap.REFUSED)

OTHER_MODE = (LeftOut.NOT_OF_THIS_MODE, LeftOut.NOT_OF_THIS_MODE)


def always(what):
    return (what,) * 4


# What a run makes of it: recommended for each, and error for creating and deleting ones; each without a word and with
# the word that the processes of its host are dead.
ROWS = [
    (AVAILABLE, AVAILABLE, ERROR, ERROR, WHOLE),
    (AVAILABLE, AVAILABLE, ERROR, ERROR, {**FREE, **WHOLE}),
    (AVAILABLE, AVAILABLE, ERROR, ERROR, {"services": UP, **WHOLE}),
    (*always(ERROR), {}),
    (*always(ERROR), {"driver": CEPH}),
    (*always(ERROR), {"is_incremental": True}),
    (*always(ERROR), {**BROKEN, **WHOLE}),
    (LeftOut.RUNNING, ERROR, LeftOut.RUNNING, ERROR, YOUNG),
    (LeftOut.RUNNING, AVAILABLE, LeftOut.RUNNING, ERROR, {**YOUNG, **WHOLE}),
    (LeftOut.RUNNING, REMOVE, LeftOut.REFUSED, LeftOut.REFUSED, {**YOUNG, **NEVER_STARTED}),
    (LeftOut.NEEDS_WORD, ERROR, LeftOut.NEEDS_WORD, ERROR, {"services": UP, "updated_at": ago(days=2)}),
    (*always(LeftOut.SLOW), {"services": TIMED_OUT}),
    (*always(LeftOut.SLOW), {"services": UP, "last_host": TIMED_OUT, **WHOLE}),
    (*always(LeftOut.SLOW), {"driver": TIMED_OUT, **WHOLE}),
    (LeftOut.NEEDS_WORD, ERROR, LeftOut.NEEDS_WORD, ERROR, {"services": NOT_ALLOWED}),
    (LeftOut.NEEDS_WORD, AVAILABLE, *OTHER_MODE, {**RESTORING, **WHOLE}),
    (LeftOut.NEEDS_WORD, AVAILABLE, *OTHER_MODE, {**RESTORING, "driver": CEPH}),
    (LeftOut.NEEDS_WORD, ERROR, *OTHER_MODE, RESTORING),
    (LeftOut.NEEDS_OVERRIDE, LeftOut.NEEDS_OVERRIDE, *OTHER_MODE, {**RESTORING, **BROKEN}),
    (*always(ERROR), {"status": "deleting"}),
    (*always(ERROR), {"status": "error_deleting", "services": UP}),
    (LeftOut.WAS_COMPLETE, LeftOut.WAS_COMPLETE, *OTHER_MODE, {"status": "error", **FREE, **WHOLE}),
    (LeftOut.NEEDS_WORD, REPAIR, *OTHER_MODE, {"status": "error", **WHOLE}),
    (LeftOut.NEEDS_WORD, REPAIR, *OTHER_MODE, {"status": "error"}),
    (LeftOut.NEEDS_WORD, REPAIR, *OTHER_MODE, {"status": "available", **WHOLE}),
    (LeftOut.NOTHING_TO_DO, LeftOut.NOTHING_TO_DO, *OTHER_MODE, {"status": "error", **FREE}),
    (LeftOut.NOTHING_TO_DO, LeftOut.NOTHING_TO_DO, *OTHER_MODE, {"status": "available", **FREE}),
    (ERROR, ERROR, *OTHER_MODE, {"status": None}),
    (LeftOut.NEEDS_WORD, REMOVE, LeftOut.REFUSED, LeftOut.REFUSED, NEVER_STARTED),
    (*always(LeftOut.REFUSED), {"other_holders": (backup(id="b-2"),), **NEVER_STARTED}),
    (*always(ERROR), {"pending": (pending("error"),)}),
    (*always(LeftOut.EARLIER_RESET), {"pending": (pending("available"),)}),
    (*always(LeftOut.REFUSED), {"pending": (pending(stage=Stage.CLAIMED, since=NOW),)}),
    (*always(LeftOut.BLOCKED), {"services": ALL_DOWN, **WHOLE}),
    (LeftOut.NEEDS_WORD, REPAIR, *OTHER_MODE, {"status": "error", "services": ALL_DOWN}),
    (
        LeftOut.NOTHING_TO_DO,
        LeftOut.NOTHING_TO_DO,
        ERROR,
        ERROR,
        {"is_incremental": True, "ancestors": NOT_ASKED, **WHOLE},
    ),
    (*always(LeftOut.UNREADABLE), {"backup": TIMED_OUT}),
]


def line(so, mode, ticks=frozenset(), rules=None):
    seen = evidence(**so)
    verdict = judge(seen)
    return bulk_line(seen, verdict, preflight(seen, verdict, NOW), mode, ticks=ticks, rules=rules)


def made_of(so, mode, ticks=frozenset(), rules=None):
    made = line(so, mode, ticks, rules)
    return made.left_out.code if made.left_out else made.plan.choice


@pytest.mark.parametrize(("recommended", "with_word", "error", "error_with_word", "so"), ROWS)
def test_each_row_gets_its_choice_or_the_reason_why_it_is_left_out(recommended, with_word, error, error_with_word, so):
    assert made_of(so, Mode.RECOMMENDED) is recommended
    assert made_of(so, Mode.RECOMMENDED, DEAD) is with_word
    assert made_of(so, Mode.ERROR) is error
    assert made_of(so, Mode.ERROR, DEAD) is error_with_word


def done(made):
    return made.plan and (made.plan.resets, made.plan.ticked, made.plan.removes)


@pytest.mark.parametrize("mode", Mode)
def test_row_says_when_more_would_be_done_with_the_word(mode):
    for *_expected, so in ROWS:
        without, with_word = line(so, mode), line(so, mode, DEAD)
        assert without.wants_word == (done(without) != done(with_word))


@pytest.mark.parametrize("tick", [each for each in Tick if each not in DEAD])
def test_no_other_confirmation_can_be_given_for_many(tick):
    for *_expected, so in ROWS:
        made = line(so, Mode.RECOMMENDED, DEAD)
        if made.plan:
            assert tick not in {each.tick for each in made.plan.confirmations}


def test_row_left_out_for_a_refusal_tells_that_refusal():
    told = line({"other_holders": (backup(id="b-2"),), **NEVER_STARTED}, Mode.RECOMMENDED).left_out.text
    assert "Another backup in progress holds the same volume" in str(told)


def test_blocked_row_tells_which_host_to_start():
    told = line({"services": ALL_DOWN, **WHOLE}, Mode.RECOMMENDED).left_out.text
    assert "Start it on node-1" in str(told)


def test_restoring_row_that_needs_an_override_is_left_out_where_the_site_forbids_overrides():
    made = made_of({**RESTORING, **BROKEN}, Mode.RECOMMENDED, DEAD, Rules(override_allowed=False))
    assert isinstance(made, LeftOut)


def test_no_mode_makes_everything_available():
    assert [mode.value for mode in Mode] == ["recommended", "error"]
