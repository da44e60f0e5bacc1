# SPDX-License-Identifier: Apache-2.0
"""The commands that do the same as a plan, to be copied into a runbook."""

import enum
import shlex

from backup_reset_panel.core.kinds import RepairKind


class Tool(enum.Enum):
    """The two command line clients of Cinder (python-openstackclient 10.5, python-cinderclient 9.10)."""

    OPENSTACK = "openstack"
    CINDER = "cinder"


_RESET = {
    Tool.OPENSTACK: "volume backup set --state {status} {id}",
    Tool.CINDER: "backup-reset-state --state {status} {id}",
}
_REPAIR = {
    (Tool.OPENSTACK, RepairKind.VOLUME): "volume set --state {status} {id}",
    (Tool.OPENSTACK, RepairKind.SNAPSHOT): "volume snapshot set --state {status} {id}",
    (Tool.OPENSTACK, RepairKind.RESTORE_TARGET): "volume set --state {status} {id}",
    (Tool.CINDER, RepairKind.VOLUME): "reset-state --state {status} {id}",
    (Tool.CINDER, RepairKind.SNAPSHOT): "snapshot-reset-state --state {status} {id}",
    (Tool.CINDER, RepairKind.RESTORE_TARGET): "reset-state --state {status} {id}",
}

#: A status that ``openstack volume set --state`` does not take, though Cinder does (python-openstackclient 10.5).
_ONLY_CINDER = ("error_restoring",)


def commands(plan, backup_id, tool, *, region=None, repairs=None):
    """The commands that do what a plan does, in its order; each has to be seen to work before the next is given.

    :param plan: Plan
    :param backup_id: the backup's id
    :param tool: Tool; ``cinder`` stands in where ``openstack`` does not take the status
    :param region: the region's name, or None where the cloud needs none
    :param repairs: the RepairSteps to include; None: those that are ticked
    :returns: list of str, safe to paste into a POSIX shell. Both clients send Cinder the same requests as we do
        (cinderclient ``backups.reset_state``, ``volumes.reset_state``, ``volume_snapshots.reset_state``)
    """
    steps = [step for step in plan.repairs if step.ticked] if repairs is None else repairs
    lines = [_line(tool, region, _RESET[tool], reset.target, backup_id) for reset in plan.resets]
    for step in steps:
        chosen = Tool.CINDER if step.after in _ONLY_CINDER else tool
        lines.append(_line(chosen, region, _REPAIR[chosen, step.kind], step.after, step.id))
    return lines


def _line(tool, region, template, status, subject):
    where = f" --os-region-name {shlex.quote(region)}" if region else ""
    return f"{tool.value}{where} {template.format(status=shlex.quote(status), id=shlex.quote(subject))}"
