# SPDX-License-Identifier: Apache-2.0
"""The audit record tells who did what, and nothing that must stay secret."""

import json

import pytest

from backup_reset_panel.core.audit import FIELDS
from backup_reset_panel.core.audit import Act
from backup_reset_panel.core.audit import Who
from backup_reset_panel.core.audit import audit_record
from backup_reset_panel.core.audit import evidence_summary
from backup_reset_panel.core.audit import line
from backup_reset_panel.core.evidence import NOT_ASKED
from backup_reset_panel.core.outcome.types import Ending
from backup_reset_panel.core.outcome.types import Outcome
from backup_reset_panel.core.outcome.types import RepairEnding
from backup_reset_panel.core.outcome.types import RepairOutcome
from backup_reset_panel.core.plan.plan import plan
from backup_reset_panel.core.plan.repairs import candidates
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.verdict.table import judge
from tests.unit.core.examples import DELETE_FAILED
from tests.unit.core.examples import NOW
from tests.unit.core.examples import PARENT_GONE
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import backup
from tests.unit.core.examples import evidence

WHO = Who("u-1", "admin", "p-0", "192.0.2.7", "RegionOne", "req-h")


def recorded(choice=Choice.AVAILABLE, *, who=WHO, ticks=frozenset(), outcome=None, refused=None, **so):
    seen = evidence(**so)
    verdict = judge(seen)
    made = plan(seen, verdict, choice, ticks=ticks)
    act = Act("dialog", choice.value, "b-1", seen, verdict, made, ticks, refused, outcome)
    return audit_record(who, NOW, act)


def test_record_tells_who_did_what_to_which_backup_and_how_it_ended():
    (step,) = candidates(evidence())
    outcome = Outcome(
        Ending.APPLIED,
        backup(object_count=128),
        "available",
        request_ids=("req-1",),
        repairs=(RepairOutcome(step, RepairEnding.DONE, "available", request_id="r"),),
    )
    record = recorded(object_count=128, outcome=outcome, ticks=frozenset({Tick.PROCESS_DEAD}))
    assert record | {"evidence": ...} == {
        "at": "2026-08-21T12:00:00+00:00",
        "user_id": "u-1",
        "user_name": "admin",
        "user_project_id": "p-0",
        "from_address": "192.0.2.7",
        "region": "RegionOne",
        "horizon_request_id": "req-h",
        "mode": "dialog",
        "choice": "available",
        "backup_id": "b-1",
        "backup_project_id": "p-1",
        "volume_id": "v-1",
        "from_status": "creating",
        "to_status": "available",
        "verdict": "complete",
        "verdict_row": 10,
        "life": "out_of_sight",
        "recommended": "available",
        "evidence": ...,
        "storage": None,
        "override": False,
        "confirmed": ["process_dead"],
        "refused": None,
        "repairs": [
            {
                "kind": "volume",
                "id": "v-1",
                "from": "backing-up",
                "to": "available",
                "outcome": "done",
                "request_id": "r",
            }
        ],
        "locked": [],
        "outcome": "applied",
        "request_ids": ["req-1"],
    }


def test_record_tells_of_an_override_and_its_confirmations():
    record = recorded(ticks=frozenset({Tick.OVERRIDE, Tick.PROCESS_DEAD}))
    assert record["override"] is True
    assert record["confirmed"] == ["override", "process_dead"]


def test_record_of_a_refusal_names_it():
    record = recorded(Choice.ERROR, status="error", refused="same_status")
    assert (record["refused"], record["to_status"], record["outcome"]) == ("same_status", None, None)


def test_record_names_what_stays_locked():
    outcome = Outcome(Ending.APPLIED, backup(), "error", locked=candidates(evidence()))
    assert recorded(Choice.ERROR, outcome=outcome)["locked"] == ["v-1"]


def test_record_of_a_rescue_in_two_steps_names_where_it_leads():
    ticks = frozenset({Tick.PROCESS_DEAD})
    assert recorded(object_count=128, temp_volume=True, ticks=ticks)["to_status"] == "available"


def test_record_of_an_unread_backup_is_whole_and_names_it():
    record = audit_record(WHO, NOW, Act("bulk", "error", "b-7", refused="unread"))
    assert tuple(record) == tuple(name for name, _meaning in FIELDS)
    assert (record["backup_id"], record["from_status"], record["refused"]) == ("b-7", None, "unread")


def test_evidence_says_what_each_asked_source_said():
    summary = evidence_summary(
        evidence(
            object_count=128,
            is_incremental=True,
            fail_reason="password=secret",
            ancestors=PARENT_GONE,
            messages=(DELETE_FAILED,),
            services=TIMED_OUT,
            children=NOT_ASKED,
        )
    )
    assert summary == {
        "object_count": 128,
        "incremental": True,
        "has_fail_reason": True,
        "updated_at": "2026-08-21T08:48:00+00:00",
        "taken_up": True,
        "driver": "cinder.backup.drivers.swift.SwiftBackupDriver",
        "last_host": "node-1",
        "volume": "backing-up",
        "previous_status": "available",
        "snapshot": None,
        "restore_target": None,
        "was_restored": False,
        "ancestors": {"found": [], "end": "missing"},
        "messages": ["VOLUME_VOLUME_BACKUP_014_025"],
        "services": "unknown:timed_out",
        "temp_volume": False,
        "temp_snapshot": False,
        "other_holders": [],
    }


def test_services_are_told_by_host_and_state():
    assert evidence_summary(evidence())["services"] == ["node-1:down", "node-2:up"]


def test_no_free_text_of_cinders_and_no_name_gets_into_the_log():
    written = line(recorded(fail_reason="password=secret", name="hush", container="hush", status="error"))
    assert "secret" not in written
    assert "hush" not in written


@pytest.mark.parametrize(
    "name", ["a\nb", 'a"}\n{"user_name":"other', "a\u2028b", "a\u202eb", "\x1b[2J", "\x9b2J", "\x7f", "\0", "\ud800"]
)
def test_no_name_breaks_the_line_or_forges_another(name):
    written = line(recorded(who=Who("u-1", name)))
    assert written.isascii()
    assert written.isprintable()
    assert json.loads(written)["user_name"] == name


def test_every_field_is_described_once():
    names = [name for name, _meaning in FIELDS]
    assert len(names) == len(set(names))
    assert all(meaning for _name, meaning in FIELDS)
