# SPDX-License-Identifier: Apache-2.0
"""The commands shown are those that do the same."""

import shlex

import pytest

from backup_reset_panel.core.plan.commands import Tool
from backup_reset_panel.core.plan.commands import commands
from backup_reset_panel.core.plan.plan import plan
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.verdict.table import judge
from tests.unit.core.examples import DEAD
from tests.unit.core.examples import WHOLE
from tests.unit.core.examples import evidence
from tests.unit.core.examples import held_snapshot
from tests.unit.core.examples import held_volume
from tests.unit.core.examples import target


def shown(tool, choice=Choice.AVAILABLE, *, region="RegionOne", ticks=frozenset(), **so):
    seen = evidence(**so)
    return commands(plan(seen, judge(seen), choice, ticks=ticks), "b-1", tool, region=region)


def test_openstack_commands_of_a_rescue_with_its_repair():
    assert shown(Tool.OPENSTACK, ticks=DEAD, temp_volume=True, **WHOLE) == [
        "openstack --os-region-name RegionOne volume backup set --state error b-1",
        "openstack --os-region-name RegionOne volume backup set --state available b-1",
        "openstack --os-region-name RegionOne volume set --state available v-1",
    ]


def test_cinder_commands_of_a_snapshot_based_backup():
    of_snapshot = {"snapshot_id": "s-1", "snapshot": held_snapshot(), **WHOLE}
    assert shown(Tool.CINDER, **of_snapshot) == [
        "cinder --os-region-name RegionOne backup-reset-state --state available b-1",
        "cinder --os-region-name RegionOne snapshot-reset-state --state available s-1",
    ]


def test_attached_volume_goes_back_to_in_use():
    attached = {"volume": held_volume(attachments=1), "previous_status": "in-use", **WHOLE}
    assert shown(Tool.CINDER, **attached)[-1] == "cinder --os-region-name RegionOne reset-state --state in-use v-1"


def test_cinder_stands_in_where_openstack_does_not_take_the_status():
    restoring = {"status": "restoring", "restore_target": target(), **WHOLE}
    assert shown(Tool.OPENSTACK, **restoring) == [
        "openstack --os-region-name RegionOne volume backup set --state available b-1",
        "cinder --os-region-name RegionOne reset-state --state error_restoring v-2",
    ]


def test_new_restore_target_is_set_to_error_by_either_tool():
    restoring = {"status": "restoring", "restore_target": target(status="creating"), **WHOLE}
    assert shown(Tool.OPENSTACK, **restoring)[-1].endswith("volume set --state error v-2")


@pytest.mark.parametrize("tool", Tool)
def test_who_copies_commands_decides_alone_what_is_freed(tool):
    assert shown(tool, Choice.ERROR) == shown(tool, Choice.ERROR, ticks=DEAD)
    assert len(shown(tool, Choice.ERROR)) == 2


def test_commands_that_remove_a_backup_move_it_to_a_live_host_first():
    assert shown(Tool.CINDER, Choice.REMOVE, taken_up=False, last_host=None, region=None) == [
        "cinder reset-state --state available v-1",
        "cinder backup-reset-state --state error b-1",
        "cinder backup-delete --force b-1",
    ]


@pytest.mark.parametrize("tool", Tool)
def test_odd_region_cannot_break_out_of_its_command(tool):
    (line, *_more) = shown(tool, region="a b'; rm -rf $HOME", **WHOLE)
    assert shlex.split(line)[2] == "a b'; rm -rf $HOME"


@pytest.mark.parametrize("tool", Tool)
@pytest.mark.parametrize("region", [None, ""])
def test_cloud_without_regions_needs_no_option(tool, region):
    assert "--os-region-name" not in " ".join(shown(tool, region=region, **WHOLE))
