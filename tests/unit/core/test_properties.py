# SPDX-License-Identifier: Apache-2.0
"""What holds for any evidence, however odd or incomplete."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backup_reset_panel.core import statuses
from backup_reset_panel.core.audit import FIELDS
from backup_reset_panel.core.audit import Who
from backup_reset_panel.core.audit import audit_record
from backup_reset_panel.core.audit import line
from backup_reset_panel.core.bulk import Mode
from backup_reset_panel.core.bulk import bulk_line
from backup_reset_panel.core.commands import Tool
from backup_reset_panel.core.commands import commands
from backup_reset_panel.core.evidence import CHUNKED_DRIVERS
from backup_reset_panel.core.evidence import ChainEnd
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.guard import Change
from backup_reset_panel.core.guard import changed
from backup_reset_panel.core.guard import fingerprint
from backup_reset_panel.core.kinds import Advice
from backup_reset_panel.core.kinds import Choice
from backup_reset_panel.core.kinds import Kind
from backup_reset_panel.core.kinds import Permission
from backup_reset_panel.core.kinds import RepairKind
from backup_reset_panel.core.liveness import answering
from backup_reset_panel.core.liveness import life_text
from backup_reset_panel.core.liveness import may_be_live
from backup_reset_panel.core.plan import plan
from backup_reset_panel.core.plan import plans
from backup_reset_panel.core.plan import recommended
from backup_reset_panel.core.preflight import Clearance
from backup_reset_panel.core.preflight import preflight
from backup_reset_panel.core.repairs import holders
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.triage import Tile
from backup_reset_panel.core.triage import need
from backup_reset_panel.core.triage import tiles
from backup_reset_panel.core.verdict import ROWS
from backup_reset_panel.core.verdict import judge
from tests.unit.core.examples import NOW
from tests.unit.core.strategies import any_evidence
from tests.unit.core.strategies import backups
from tests.unit.core.strategies import readable

WHO = Who("u-1", "admin", "p-0", "192.0.2.7", "RegionOne")
anything_ticked = st.frozensets(st.sampled_from(Tick))
any_choice = st.sampled_from(Choice)
any_rules = st.builds(Rules, override_allowed=st.booleans())


@given(any_evidence)
def test_any_evidence_matches_exactly_one_row(seen):
    verdict = judge(seen)
    row = ROWS[verdict.row - 1]
    assert row.matches(seen)
    assert not any(earlier.matches(seen) for earlier in ROWS[: verdict.row - 1])
    assert verdict.kind is row.kind
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
    if verdict.recommended is not Advice.AVAILABLE:
        return
    assert verdict.row in {8, 9, 10, 12, 13}
    assert seen.status == ("creating" if verdict.row == 10 else "restoring")


@given(any_evidence)
def test_available_is_free_only_where_it_is_recommended(seen):
    verdict = judge(seen)
    if verdict.available is Permission.YES:
        assert verdict.recommended is Advice.AVAILABLE
    if verdict.available is Permission.CONFIRM:
        assert verdict.row == 11


@pytest.mark.parametrize("source", ["driver", "ancestors", "volume", "services", "last_host", "previous_status"])
@given(seen=readable)
def test_missing_source_never_makes_a_backup_complete(source, seen):
    without = judge(dataclasses.replace(seen, **{source: Unknown()}))
    if without.kind is Kind.COMPLETE:
        assert judge(seen).kind is Kind.COMPLETE


@given(any_evidence, any_choice, anything_ticked, any_rules)
def test_plan_never_resets_a_status_to_itself(seen, choice, ticks, rules):
    now = seen.status
    for step in plan(seen, judge(seen), choice, ticks=ticks, rules=rules).resets:
        assert step.target in statuses.SETTABLE
        assert step.target != now
        now = step.target


@given(any_evidence, any_choice, any_rules)
def test_repair_is_ticked_by_default_only_where_no_job_can_read_or_write(seen, choice, rules):
    verdict = judge(seen)
    for step in plan(seen, verdict, choice, rules=rules).repairs:
        assert (step.note is None) == step.ticked
        if step.ticked:
            assert verdict.kind in (Kind.COMPLETE, Kind.NOT_TAKEN_UP)
            assert step.kind is not RepairKind.RESTORE_TARGET
            assert not isinstance(seen.other_holders, Unknown)


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
        if step.kind is RepairKind.VOLUME:
            assert not seen.backup.snapshot_id


@given(any_evidence, any_rules)
def test_available_without_proof_needs_an_override_or_a_confirmation(seen, rules):
    verdict = judge(seen)
    made = plan(seen, verdict, Choice.AVAILABLE, rules=rules)
    if made.refusal:
        return
    needed = {consent.tick for consent in made.consents}
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
        assert (made.resets, made.repairs, made.consents, made.offered) == ((), (), (), None)
        assert str(made.refusal.text)
    else:
        assert made.resets or made.repairs


@given(readable)
def test_no_reset_is_planned_while_an_earlier_one_is_on_its_way(seen):
    armed = seen.armed
    if isinstance(armed, Unknown) or armed is None or armed.target == seen.status:
        return
    for made in plans(seen, judge(seen)).values():
        assert made.resets == ()


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


@given(any_evidence, any_rules)
def test_recommendation_is_never_refused(seen, rules):
    verdict = judge(seen)
    choice = recommended(seen, verdict, rules)
    if choice:
        assert plan(seen, verdict, choice, rules=rules).refusal is None


@given(any_evidence, st.sampled_from(Mode), st.booleans(), any_rules)
def test_bulk_never_overrides_confirms_or_guesses(seen, mode, include_live, rules):
    verdict = judge(seen)
    made = bulk_line(seen, verdict, mode, include_live=include_live, rules=rules)
    assert (made.plan is None) != (made.left_out is None)
    if made.left_out:
        assert str(made.left_out.text)
        return
    assert verdict.kind is not Kind.WAS_COMPLETE
    assert made.plan.refusal is None
    assert {consent.tick for consent in made.plan.consents} <= ({Tick.MAY_BE_LIVE} if include_live else set())
    if not include_live and may_be_live(seen):
        assert verdict.kind is Kind.COMPLETE
    if made.plan.choice is Choice.AVAILABLE:
        assert verdict.available is Permission.YES
    if mode is Mode.ERROR:
        assert made.plan.choice is Choice.ERROR
        assert seen.status in ("creating", "deleting", "error_deleting")


@given(any_evidence)
def test_every_text_can_be_shown_and_none_declares_a_process_dead(seen):
    verdict = judge(seen)
    told = [verdict.headline, *verdict.reasons, life_text(seen) or "", preflight(seen, verdict, NOW).text or ""]
    for made in plans(seen, verdict).values():
        told += [note.text for note in made.warnings]
        told += [consent.text for consent in made.consents]
        told += [step.note.text for step in made.repairs if step.note]
        told += [made.refusal.text] if made.refusal else []
    for text in told:
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
    record = audit_record(WHO, NOW, seen, verdict, plan(seen, verdict, choice), mode="dialog", ticks=ticks)
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


@given(readable)
def test_tiles_do_not_contradict_each_other(seen):
    on = tiles(seen)
    assert (Tile.NEEDS_A_HAND in on) == (need(seen) is not None)
    assert not {Tile.NEEDS_A_HAND, Tile.LONG_RUNNING} <= on
    assert not {Tile.ERROR, Tile.DELETING} <= on
    if Tile.WAS_COMPLETE in on:
        assert Tile.ERROR in on
    if seen.status == "available":
        assert on == frozenset()


@given(readable, any_choice, st.sampled_from(Tool))
def test_commands_are_as_many_as_the_steps(seen, choice, tool):
    made = plan(seen, judge(seen), choice, ticks={Tick.PROCESS_DEAD})
    lines = commands(made, "b-1", tool, region="RegionOne")
    assert len(lines) == len(made.resets) + sum(step.ticked for step in made.repairs)
    assert all("--os-region-name RegionOne" in command for command in lines)
