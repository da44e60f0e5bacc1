# SPDX-License-Identifier: Apache-2.0
"""What a store's finding does to verdict, recommendation and plan: it lifts doubts and proves damage, never more."""

import datetime

import pytest

from backup_reset_panel.core.plan.plan import plan
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import Issue
from backup_reset_panel.core.verdict.table import judge
from backup_reset_panel.core.verdict.types import Advice
from backup_reset_panel.core.verdict.types import Kind
from backup_reset_panel.core.verdict.types import Level
from backup_reset_panel.core.verdict.types import Permission
from tests.unit.core.examples import ALL_DOWN
from tests.unit.core.examples import DELETE_FAILED
from tests.unit.core.examples import NOW
from tests.unit.core.examples import PARENT_GONE
from tests.unit.core.examples import UP
from tests.unit.core.examples import ago
from tests.unit.core.examples import evidence


def found(*codes, **values):
    """A finding with these issues."""
    ordinary = {"parts": 32, "parts_listed": 32, "bytes_stored": 16_800_000, "prefix": "volume_v-1"}
    return Finding("b-1", tuple(map(Issue, codes)), NOW, **{**ordinary, **values})


WHOLE, MISSING = found(), found(Code.PARTS_MISSING)
WRITTEN = found(Code.BEING_WRITTEN, parts=None, last_written=ago(seconds=12))
UNKNOWN = found(Code.DENIED, parts=None)
DOWN = {"services": ALL_DOWN}
A, E, L, W, N = Advice.AVAILABLE, Advice.ERROR, Advice.LEAVE, Advice.WAIT, Advice.NONE
YES, OVERRIDE, CONFIRM = Permission.YES, Permission.OVERRIDE, Permission.CONFIRM

TABLE = [
    # status, count, store → kind, recommended, terms of available
    ("creating", 0, WHOLE, Kind.WHOLE, A, YES),
    ("creating", 128, WHOLE, Kind.WHOLE, A, YES),
    ("creating", 0, MISSING, Kind.DAMAGED, E, OVERRIDE),
    ("creating", 128, MISSING, Kind.DAMAGED, E, OVERRIDE),
    ("creating", 0, WRITTEN, Kind.BEING_WRITTEN, W, OVERRIDE),
    ("creating", 0, UNKNOWN, Kind.NO_PROOF, E, OVERRIDE),
    ("creating", 128, UNKNOWN, Kind.COMPLETE, A, YES),
    ("error", 0, WHOLE, Kind.WAS_WHOLE, L, CONFIRM),
    ("error", 128, WHOLE, Kind.WAS_WHOLE, L, CONFIRM),
    ("error", 128, MISSING, Kind.DAMAGED, L, OVERRIDE),
    ("error", 128, UNKNOWN, Kind.WAS_COMPLETE, L, CONFIRM),
    ("error", 128, WRITTEN, Kind.WAS_COMPLETE, L, CONFIRM),
    ("restoring", 128, WHOLE, Kind.WAS_AVAILABLE, A, YES),
    ("restoring", 128, MISSING, Kind.WAS_AVAILABLE, A, YES),
    ("restoring", 128, UNKNOWN, Kind.WAS_AVAILABLE, A, YES),
    ("deleting", 128, WHOLE, Kind.DELETE_BEGUN, E, OVERRIDE),
]


@pytest.mark.parametrize(("status", "count", "store", "kind", "recommended", "available"), TABLE)
def test_store_and_record_together_lead_to(status, count, store, kind, recommended, available):
    verdict = judge(evidence(status=status, object_count=count, storage=store, **DOWN))
    assert (verdict.kind, verdict.recommended) == (kind, recommended)
    if status != "deleting":
        assert verdict.available is available


def test_a_sign_of_a_delete_outweighs_what_is_there_now():
    verdict = judge(evidence(status="error", object_count=9, storage=WHOLE, messages=(DELETE_FAILED,), **DOWN))
    assert verdict.kind is Kind.DELETE_TRIED


def test_a_chain_that_cinder_cannot_prove_is_proved_by_its_manifests():
    seen = evidence(is_incremental=True, ancestors=PARENT_GONE, storage=found(ancestors=("b-0",)), **DOWN)
    assert judge(seen).kind is Kind.WHOLE


@pytest.mark.parametrize("store", [WHOLE, MISSING, UNKNOWN])
def test_a_job_that_probably_runs_is_waited_for_whatever_is_there(store):
    verdict = judge(evidence(storage=store, services=UP, updated_at=ago(minutes=5)))
    assert (verdict.level, verdict.recommended) == (Level.LIVE, Advice.WAIT)


def test_damage_of_one_that_is_restored_is_said_and_takes_its_green_away():
    verdict = judge(evidence(status="restoring", object_count=128, storage=MISSING, **DOWN))
    assert verdict.level is Level.WARN
    assert "parts of it are missing" in " ".join(map(str, verdict.reasons))


@pytest.mark.parametrize(
    ("store", "said"),
    [
        (WHOLE, "Whole. Checked on storage: all 32 parts are there (16.8 MB). Contents were not read."),
        (MISSING, "Checked on storage: not whole, parts of it are missing."),
        (WRITTEN, "Still being written: last part written 12 s ago. Wait."),
    ],
)
def test_headline_is_what_the_store_said(store, said):
    assert str(judge(evidence(storage=store, **DOWN)).headline) == said


def test_what_could_not_be_checked_is_said_in_the_fold():
    reasons = [str(text) for text in judge(evidence(object_count=128, storage=UNKNOWN, **DOWN)).reasons]
    assert reasons[0] == "Not verified on storage: the store refused to show it."


def test_nothing_is_freed_while_parts_are_being_written():
    seen = evidence(storage=WRITTEN, **DOWN)
    made = plan(seen, judge(seen), Choice.ERROR, ticks=frozenset({Tick.PROCESS_DEAD}))
    assert made.repairs == ()
    assert Tick.PROCESS_DEAD in {each.tick for each in made.confirmations}


def test_whole_one_without_a_count_becomes_available_without_an_override():
    seen = evidence(storage=WHOLE, **DOWN)
    made = plan(seen, judge(seen), Choice.AVAILABLE)
    assert made.refusal is None
    assert [each.tick for each in made.confirmations if each.tick is Tick.OVERRIDE] == []


def test_old_finding_is_no_heartbeat():
    old = found(parts=None, last_written=NOW - datetime.timedelta(days=2))
    assert judge(evidence(storage=old, **DOWN)).kind is not Kind.BEING_WRITTEN
