# SPDX-License-Identifier: Apache-2.0
"""What holds for any evidence, however odd or incomplete."""

import dataclasses
import json

import pytest
from hypothesis import assume
from hypothesis import given
from hypothesis import strategies as st

from backup_reset_panel.core import statuses
from backup_reset_panel.core.audit import FIELDS
from backup_reset_panel.core.audit import Act
from backup_reset_panel.core.audit import Who
from backup_reset_panel.core.audit import audit_record
from backup_reset_panel.core.audit import line
from backup_reset_panel.core.bulk import Mode
from backup_reset_panel.core.bulk import bulk_line
from backup_reset_panel.core.decision import compared
from backup_reset_panel.core.decision import decision
from backup_reset_panel.core.decision import variant
from backup_reset_panel.core.evidence import CHUNKED_DRIVERS
from backup_reset_panel.core.evidence import ChainEnd
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.fingerprint import Change
from backup_reset_panel.core.fingerprint import changed
from backup_reset_panel.core.fingerprint import fingerprint
from backup_reset_panel.core.liveness import Life
from backup_reset_panel.core.liveness import answering
from backup_reset_panel.core.liveness_texts import life_text
from backup_reset_panel.core.plan.commands import Tool
from backup_reset_panel.core.plan.commands import commands
from backup_reset_panel.core.plan.plan import plan
from backup_reset_panel.core.plan.plan import plans
from backup_reset_panel.core.plan.preflight import Clearance
from backup_reset_panel.core.plan.preflight import preflight
from backup_reset_panel.core.plan.repairs import holders
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.plan.types import RepairKind
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.triage import Tile
from backup_reset_panel.core.triage import is_judged
from backup_reset_panel.core.triage import need
from backup_reset_panel.core.triage import tiles
from backup_reset_panel.core.verdict.table import ROWS
from backup_reset_panel.core.verdict.table import judge
from backup_reset_panel.core.verdict.types import Advice
from backup_reset_panel.core.verdict.types import Kind
from backup_reset_panel.core.verdict.types import Level
from backup_reset_panel.core.verdict.types import Permission
from tests.unit.core.examples import NOW
from tests.unit.core.strategies import any_evidence
from tests.unit.core.strategies import backups
from tests.unit.core.strategies import readable

WHO = Who("u-1", "admin", "p-0", "192.0.2.7", "RegionOne")
anything_ticked = st.frozensets(st.sampled_from(Tick))
any_choice = st.sampled_from(Choice)
any_rules = st.builds(Rules, override_allowed=st.booleans())
SOURCES = ["taken_up", "driver", "ancestors", "volume", "services", "last_host", "previous_status", "messages"]


@given(any_evidence)
def test_any_evidence_matches_exactly_one_row(seen):
    verdict = judge(seen)
    (place,) = [number for number, row in enumerate(ROWS) if row.kind is verdict.kind]
    assert ROWS[place].number == verdict.row
    assert ROWS[place].matches(seen)
    assert not any(row.matches(seen) for row in ROWS[:place])
    assert judge(seen) == verdict


@given(any_evidence)
def test_complete_comes_from_row_10_alone_and_only_with_every_proof(seen):
    verdict = judge(seen)
    assert (verdict.kind is Kind.COMPLETE) == (verdict.row == 10)
    if verdict.row != 10:
        return
    assert seen.status == "creating"
    assert seen.backup.object_count > 0
    assert seen.backup.volume_id != statuses.NO_VOLUME
    assert seen.driver in CHUNKED_DRIVERS
    assert isinstance(seen.taken_up, Unknown) or seen.taken_up is True
    if seen.backup.is_incremental:
        assert seen.ancestors.end is ChainEnd.FULL
        assert not seen.ancestors.ancestors[-1].is_incremental
        assert {parent.status for parent in seen.ancestors.ancestors} <= {"available", "restoring", "creating"}


@given(any_evidence)
def test_available_is_recommended_only_from_the_rows_that_may(seen):
    verdict = judge(seen)
    if verdict.by_record is not Advice.AVAILABLE:
        return
    assert verdict.row in {8, 9, 10, 12, 13}
    assert seen.status == ("creating" if verdict.row == 10 else "restoring")


@given(any_evidence)
def test_available_is_free_only_where_the_record_leads_to_it(seen):
    verdict = judge(seen)
    if verdict.available is Permission.YES:
        assert verdict.by_record is Advice.AVAILABLE
    if verdict.available is Permission.CONFIRM:
        assert verdict.row == 11


@given(any_evidence)
def test_running_job_is_blue_and_nothing_else_is(seen):
    verdict = judge(seen)
    is_running = verdict.life is Life.RUNNING and verdict.kind is not Kind.UNREADABLE
    assert (verdict.level is Level.LIVE) == is_running
    assert (verdict.recommended is Advice.WAIT) == is_running


@pytest.mark.parametrize("source", SOURCES)
@given(seen=readable)
def test_missing_source_never_makes_a_backup_complete(source, seen):
    # Both are read from one column: where the driver is known, the backup is known to have been taken up.
    assume(source != "taken_up" or seen.taken_up is True or seen.driver not in CHUNKED_DRIVERS)
    without = judge(dataclasses.replace(seen, **{source: Unknown()}))
    if without.kind is Kind.COMPLETE:
        assert judge(seen).kind is Kind.COMPLETE


@pytest.mark.parametrize("source", SOURCES)
@given(seen=readable)
def test_answer_that_came_too_late_recommends_nothing_that_it_would_not_recommend_in_time(source, seen):
    late = judge(dataclasses.replace(seen, **{source: Unknown(Gap.TIMED_OUT)}))
    if late.recommended in (Advice.AVAILABLE, Advice.REMOVE):
        assert judge(seen).by_record is late.recommended


@given(any_evidence, any_choice, anything_ticked, any_rules)
def test_plan_never_resets_a_status_to_itself(seen, choice, ticks, rules):
    now = seen.status
    for step in plan(seen, judge(seen), choice, ticks=ticks, rules=rules).resets:
        assert step.target in (statuses.AVAILABLE, statuses.ERROR)
        assert step.target != now
        now = step.target


@given(any_evidence, any_choice, anything_ticked, any_rules)
def test_nothing_that_would_hurt_a_live_job_is_done_without_the_word_that_there_is_none(seen, choice, ticks, rules):
    verdict = judge(seen)
    made = plan(seen, verdict, choice, ticks=ticks, rules=rules)
    needed = {each.tick for each in made.confirmations}
    if Tick.PROCESS_DEAD not in ticks:
        assert made.ticked == ()
        assert len(made.resets) <= 1
    if made.removes or (made.resets and seen.status == "restoring"):
        assert Tick.PROCESS_DEAD in needed
    # Two steps are taken with the word alone, see above.
    if [step.target for step in made.resets] == ["error"] and seen.has_left_over:
        assert Tick.PROCESS_DEAD in needed
    if made.resets and verdict.life in (Life.RUNNING, Life.CANNOT_TELL):
        assert Tick.PROCESS_DEAD in needed


@given(any_evidence, any_choice, anything_ticked)
def test_repair_sets_only_what_cinder_would_give_and_only_from_a_held_status(seen, choice, ticks):
    rights = {
        RepairKind.VOLUME: {("backing-up", "available"), ("backing-up", "in-use")},
        RepairKind.SNAPSHOT: {("backing-up", "available")},
        RepairKind.RESTORE_TARGET: {("restoring-backup", "error_restoring"), ("creating", "error")},
    }
    for step in plan(seen, judge(seen), choice, ticks=ticks).repairs:
        assert (step.before, step.after) in rights[step.kind]
        assert holders(step, seen) == ()
        if step.ticked:
            assert step.note is None
            assert not isinstance(seen.other_holders, Unknown)
        if step.kind is RepairKind.VOLUME:
            assert not seen.backup.snapshot_id


@given(any_evidence, any_rules)
def test_available_without_proof_needs_an_override_or_a_confirmation(seen, rules):
    verdict = judge(seen)
    made = plan(seen, verdict, Choice.AVAILABLE, rules=rules)
    if made.refusal:
        return
    needed = {each.tick for each in made.confirmations}
    assert made.needs_override == (verdict.available is Permission.OVERRIDE)
    assert (Tick.NEVER_DELETED in needed) == (verdict.available is Permission.CONFIRM)
    assert verdict.available is not Permission.NO


@given(any_evidence, any_choice)
def test_site_that_forbids_overrides_gets_none(seen, choice):
    assert not plan(seen, judge(seen), choice, rules=Rules(override_allowed=False)).needs_override


@given(any_evidence, any_choice, anything_ticked)
def test_refused_choice_has_no_steps_and_asks_for_nothing(seen, choice, ticks):
    made = plan(seen, judge(seen), choice, ticks=ticks)
    if made.refusal:
        assert made.is_empty
        assert (made.repairs, made.confirmations, made.offered) == ((), (), None)
        assert str(made.refusal.text)
    else:
        assert made.resets or made.repairs or made.removes


@given(any_evidence)
def test_there_is_always_a_way_on(seen):
    """With all confirmations given, something can be done about a backup that a job should be at work on."""
    assume(seen.status in statuses.IN_FLIGHT)
    verdict = judge(seen)
    if any(each.is_being_sent(NOW) for each in seen.pending) or seen.backup is None:
        return
    made = [plan(seen, verdict, choice, ticks=set(Tick)) for choice in Choice]
    may_wait = verdict.kind is Kind.NOT_TAKEN_UP
    assert may_wait or any(not each.refusal and not each.lacking(set(Tick)) for each in made)


@given(readable)
def test_earlier_reset_stands_in_the_way_of_the_other_status_by_a_word_and_of_the_same_not_at_all(seen):
    for choice in (Choice.AVAILABLE, Choice.ERROR):
        made = plan(seen, judge(seen), choice)
        if made.refusal:
            continue
        other = any(each.target and each.target != choice.value for each in seen.pending)
        assert (Tick.EARLIER_RESET in {each.tick for each in made.confirmations}) == other


@given(readable)
def test_backup_being_deleted_is_made_available_only_while_every_service_answers(seen):
    if seen.status not in ("deleting", "error_deleting"):
        return
    made = plan(seen, judge(seen), Choice.AVAILABLE)
    if made.resets:
        zone = seen.backup.availability_zone
        in_zone = [service for service in seen.services if service.enabled and (not zone or service.zone == zone)]
        assert all(answering(service, NOW) for service in in_zone)
        assert made.needs_override


@given(any_evidence, st.sampled_from(Mode), st.booleans(), any_rules)
def test_bulk_never_overrides_confirms_or_guesses(seen, mode, is_dead, rules):
    verdict = judge(seen)
    ticks = {Tick.PROCESS_DEAD} if is_dead else set()
    made = bulk_line(seen, verdict, preflight(seen, verdict, NOW), mode, ticks=ticks, rules=rules)
    assert (made.plan is None) != (made.left_out is None)
    if made.left_out:
        assert str(made.left_out.text)
        return
    assert made.plan.refusal is None
    assert not made.plan.is_empty
    assert {each.tick for each in made.plan.confirmations} <= ticks
    if verdict.kind is Kind.WAS_COMPLETE:
        assert made.plan.resets == ()
    if made.plan.choice is Choice.AVAILABLE:
        assert verdict.available is Permission.YES
    if mode is Mode.ERROR:
        assert made.plan.choice is Choice.ERROR
        assert seen.status in ("creating", "deleting", "error_deleting")


@given(any_evidence, st.sampled_from(Mode), any_rules)
def test_bulk_does_what_the_dialog_would_with_the_same_choice_and_the_same_word(seen, mode, rules):
    verdict = judge(seen)
    made = bulk_line(seen, verdict, preflight(seen, verdict, NOW), mode, ticks={Tick.PROCESS_DEAD}, rules=rules)
    if made.plan:
        assert made.plan == plan(seen, verdict, made.plan.choice, ticks={Tick.PROCESS_DEAD}, rules=rules)


@given(any_evidence)
def test_every_text_can_be_shown_and_none_declares_a_process_dead(seen):
    verdict = judge(seen)
    texts = [verdict.headline, *verdict.reasons, life_text(seen) or "", preflight(seen, verdict, NOW).text or ""]
    for made in plans(seen, verdict).values():
        texts += [note.text for note in made.warnings]
        texts += [each.text for each in made.confirmations]
        texts += [made.offered.text] if made.offered else []
        texts += [step.note.text for step in made.repairs if step.note]
        texts += [made.refusal.text] if made.refusal else []
    for text in texts:
        shown = str(text)
        assert "not running" not in shown
        assert "Unknown(" not in shown
        assert "on None" not in shown


@given(any_evidence)
def test_preflight_blocks_only_on_clear_evidence(seen):
    flight = preflight(seen, judge(seen), NOW)
    if flight.clearance is Clearance.BLOCK:
        assert not isinstance(seen.services, Unknown)
        zone = seen.backup.availability_zone
        usable = [service for service in seen.services if service.enabled and (not zone or service.zone == zone)]
        assert not any(service.up for service in usable)
    assert (flight.text is None) == (flight.clearance is Clearance.CLEAR)


@given(any_evidence, any_choice, anything_ticked)
def test_audit_record_is_one_line_of_json_with_the_documented_fields(seen, choice, ticks):
    verdict = judge(seen)
    act = Act("dialog", choice.value, "b-1", seen, verdict, plan(seen, verdict, choice), ticks)
    record = audit_record(WHO, NOW, act)
    assert tuple(record) == tuple(name for name, _meaning in FIELDS)
    written = line(record)
    assert written.isascii()
    assert "\n" not in written
    assert json.loads(written) == json.loads(json.dumps(record))
    assert "[Errno" not in written


@given(backups())
def test_fingerprint_survives_the_way_to_the_browser_and_back(backup):
    carried = json.loads(json.dumps(fingerprint(backup)))
    assert changed(carried, backup) is Change.NONE


def variants(seen, verdict):
    """The plans of every choice, with and without the word that its process is dead."""
    words = (frozenset(), frozenset({Tick.PROCESS_DEAD}))
    return {variant(choice, ticks): plan(seen, verdict, choice, ticks=ticks) for choice in Choice for ticks in words}


@given(readable)
def test_decision_survives_the_way_to_the_browser_and_back(seen):
    verdict = judge(seen)
    decided = decision(seen.backup, verdict, variants(seen, verdict), "RegionOne")
    assert compared(json.loads(json.dumps(decided)), decided, seen.backup) is Change.NONE


@given(readable, readable)
def test_evidence_that_leads_elsewhere_is_never_taken_for_the_same(seen, later):
    """Whatever changed: where the decision compares equal, each choice with each tick does the very same."""
    if fingerprint(seen.backup) != fingerprint(later.backup):
        later = dataclasses.replace(later, backup=seen.backup)
    verdicts = judge(seen), judge(later)
    one, other = (
        decision(each.backup, verdict, variants(each, verdict), "RegionOne")
        for each, verdict in zip((seen, later), verdicts, strict=True)
    )
    if one != other:
        return
    for choice in Choice:
        for ticks in (frozenset(), frozenset({Tick.PROCESS_DEAD})):
            planned = plan(seen, verdicts[0], choice, ticks=ticks), plan(later, verdicts[1], choice, ticks=ticks)
            assert [(each.target, each.until) for each in planned[0].resets] == [
                (each.target, each.until) for each in planned[1].resets
            ]
            assert [(each.id, each.after, each.ticked) for each in planned[0].repairs] == [
                (each.id, each.after, each.ticked) for each in planned[1].repairs
            ]
            assert planned[0].removes == planned[1].removes


@given(readable)
def test_tiles_do_not_contradict_each_other(seen):
    on = tiles(seen)
    needed = need(seen)
    assert (Tile.NEEDS_ATTENTION in on) == (needed is not None)
    assert not {Tile.NEEDS_ATTENTION, Tile.LONG_RUNNING} <= on
    assert not {Tile.ERROR, Tile.DELETING} <= on
    assert not ({Tile.VOLUME_LOCKED} <= on and Tile.NEEDS_ATTENTION not in on)
    if Tile.WAS_COMPLETE in on:
        assert Tile.ERROR in on
    if seen.status in statuses.IN_FLIGHT and not on:
        assert not is_judged(seen) or judge(seen).life in (Life.RUNNING, Life.OVERDUE)


@given(readable, any_choice, st.sampled_from(Tool))
def test_commands_are_as_many_as_the_steps(seen, choice, tool):
    made = plan(seen, judge(seen), choice, ticks={Tick.PROCESS_DEAD})
    lines = commands(made, "b-1", tool, region="RegionOne")
    assert len(lines) == len(made.resets) + len(made.repairs) + 2 * made.removes
    assert all("--os-region-name RegionOne" in command for command in lines)
