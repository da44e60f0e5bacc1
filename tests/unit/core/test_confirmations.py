# SPDX-License-Identifier: Apache-2.0
"""What the administrator takes upon themselves, and in which words."""

import pytest

from backup_reset_panel.core.evidence import Chain
from backup_reset_panel.core.evidence import ChainEnd
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.plan.confirmations import no_mark
from backup_reset_panel.core.plan.plan import plan
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.verdict.table import judge
from tests.unit.core.examples import ALL_DOWN
from tests.unit.core.examples import JUST_DOWN
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import UP
from tests.unit.core.examples import WHOLE
from tests.unit.core.examples import ago
from tests.unit.core.examples import evidence
from tests.unit.core.examples import held_snapshot
from tests.unit.core.examples import held_volume
from tests.unit.core.examples import pending
from tests.unit.core.examples import target

AVAILABLE, ERROR, REPAIR, REMOVE = Choice
OVERRIDE, NEVER_DELETED, DEAD, EARLIER, NO_MARK = Tick
BROKEN = {"is_incremental": True, "ancestors": Chain((), ChainEnd.MISSING)}
FREE = {"volume": held_volume(status="available")}
RESTORING = {"status": "restoring", "volume": held_volume(status="in-use"), "restore_target": target()}
NEVER_STARTED = {"taken_up": False, "last_host": None}
YOUNG = {"updated_at": ago(minutes=2)}
OLD = {"updated_at": ago(days=2)}
NOT_ALLOWED = Unknown(Gap.REFUSED)


def planned(choice, **so):
    seen = evidence(**so)
    made = plan(seen, judge(seen), choice)
    assert made.refusal is None
    return made


# What is asked, and what may be given to have more done.
NEEDED = [
    # The host last asked is not up: a plain reset takes no tick, only what a live job would be hurt by.
    (set(), DEAD, AVAILABLE, WHOLE),
    (set(), None, AVAILABLE, {**FREE, **WHOLE}),
    (set(), DEAD, ERROR, {}),
    (set(), None, ERROR, FREE),
    (set(), DEAD, ERROR, {"services": ALL_DOWN}),
    (set(), DEAD, ERROR, {"services": JUST_DOWN}),
    (set(), DEAD, AVAILABLE, {"temp_volume": True, **FREE, **WHOLE}),
    ({DEAD}, None, ERROR, {"temp_volume": True, **FREE, **WHOLE}),
    ({DEAD}, None, ERROR, {"temp_snapshot": TIMED_OUT, **FREE}),
    ({DEAD}, None, AVAILABLE, {**RESTORING, **WHOLE}),
    ({DEAD}, None, ERROR, {**RESTORING, **WHOLE}),
    # A job that probably runs, or of which nothing is known, or that is long at it: no reset without the word.
    ({DEAD}, None, ERROR, {"services": UP, **YOUNG, **FREE}),
    ({DEAD}, None, AVAILABLE, {"services": UP, **YOUNG, **FREE, **WHOLE}),
    ({DEAD}, None, ERROR, {"services": UP, **OLD, **FREE}),
    (set(), None, AVAILABLE, {"services": UP, **OLD, **FREE, **WHOLE}),
    ({DEAD}, None, ERROR, {"services": TIMED_OUT, **FREE}),
    ({DEAD}, None, ERROR, {"services": NOT_ALLOWED, **FREE}),
    ({DEAD}, None, ERROR, {"services": UP, "last_host": TIMED_OUT, **FREE}),
    ({DEAD}, None, ERROR, {"status": "deleting", "services": UP, **FREE}),
    (set(), None, ERROR, {"status": "deleting", **FREE}),
    # Without proof.
    ({OVERRIDE}, DEAD, AVAILABLE, {}),
    ({OVERRIDE, DEAD}, None, AVAILABLE, {"services": UP}),
    ({OVERRIDE, DEAD}, None, AVAILABLE, {**RESTORING, **BROKEN}),
    ({OVERRIDE, DEAD}, None, AVAILABLE, {"status": "deleting", "services": UP}),
    ({NEVER_DELETED}, None, AVAILABLE, {"status": "error", **FREE, **WHOLE}),
    ({OVERRIDE}, None, AVAILABLE, {"status": "error", "fail_reason": "[Errno 21]", **FREE, **WHOLE}),
    # An earlier reset on its way: the same again asks for nothing.
    ({EARLIER}, None, AVAILABLE, {"pending": (pending("error"),), **FREE, **WHOLE}),
    (set(), None, AVAILABLE, {"pending": (pending("available"),), **FREE, **WHOLE}),
    ({EARLIER}, None, ERROR, {"pending": (pending("error"), pending("available")), **FREE}),
    # What a removal left behind carries no status.
    (set(), None, ERROR, {"pending": (pending(""),), **FREE}),
    # Freeing or removing takes the word always.
    (set(), None, ERROR, {"status": "available", "services": UP, **FREE}),
    ({DEAD}, None, REPAIR, {"status": "error"}),
    ({DEAD}, None, REMOVE, NEVER_STARTED),
    ({DEAD}, None, REMOVE, {"volume": None, **NEVER_STARTED}),
]


@pytest.mark.parametrize(("needed", "offered", "choice", "so"), NEEDED)
def test_administrator_takes_upon_themselves_what_no_record_answers(needed, offered, choice, so):
    made = planned(choice, **so)
    assert {each.tick for each in made.confirmations} == needed
    assert (made.offered and made.offered.tick) is offered
    assert {each.tick for each in made.lacking(frozenset())} == needed
    assert made.lacking(needed) == ()


def dead(choice, **so):
    """The words of the one that says that the process is dead."""
    made = planned(choice, **so)
    (found,) = [each for each in (*made.confirmations, made.offered) if each and each.tick is DEAD]
    return str(found.text)


def test_word_names_the_hosts_to_look_at_and_what_it_brings_about():
    assert dead(ERROR) == (
        "Its process is dead: I looked on node-1, node-2. Then volume db-data is freed: Backing Up → Available. "
        "(A live one would continue, and set Available in the end.)"
    )


def test_word_about_one_that_was_never_started_claims_no_process():
    told = dead(REMOVE, **NEVER_STARTED)
    assert told.startswith("Nothing will take this request up any more: I looked on node-2.")
    assert "live one" not in told


def test_word_about_a_restore_says_what_becomes_of_it():
    told = dead(AVAILABLE, **RESTORING, **WHOLE)
    assert "cancels a live restore" in told
    assert "Restore again: it is incomplete." in told


def test_word_about_a_snapshot_names_it():
    of_snapshot = {"snapshot_id": "s-1", "snapshot": held_snapshot(), "volume": held_volume(status="in-use")}
    assert "Then snapshot before-upgrade is freed: Backing Up → Available." in dead(ERROR, **of_snapshot)


def test_word_promises_no_repair_that_takes_a_tick_of_its_own():
    assert "freed" not in dead(ERROR, previous_status="in-use")


def test_word_says_that_what_is_left_over_is_deleted():
    assert "Its temporary volume or snapshot is deleted." in dead(AVAILABLE, temp_volume=True, **WHOLE)


def test_earlier_reset_is_named_with_its_time_its_author_and_its_host():
    made = planned(AVAILABLE, pending=(pending("error", since=ago(seconds=41)),), **FREE, **WHOLE)
    assert str(made.confirmations[0].text) == (
        "Continue although an earlier reset to Error (41 s ago, ada) may still be applied over this one by node-2."
    )


def test_earlier_reset_of_which_little_is_known_is_told_without_holes():
    made = planned(AVAILABLE, pending=(pending("error", by="", host=None),), **FREE, **WHOLE)
    assert "(1 min ago, by someone) may still be applied over this one by a cinder-backup." in str(
        made.confirmations[0].text
    )


def test_override_of_a_deleted_backup_says_that_data_may_be_gone():
    told = {str(each.text) for each in planned(AVAILABLE, status="deleting", services=UP, **YOUNG).confirmations}
    assert any("some of its data may be gone" in text for text in told)
    assert not any("some of its data" in str(each.text) for each in planned(AVAILABLE).confirmations)


def test_word_about_a_missing_mark_says_what_is_lost():
    assert no_mark().tick is NO_MARK
    assert "later nothing will show that it was being deleted" in str(no_mark().text)
