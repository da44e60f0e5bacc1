# SPDX-License-Identifier: Apache-2.0
"""The commands that do the same as a plan, to be copied into a runbook."""

from __future__ import annotations

import enum

from backup_reset_panel.core import statuses
from backup_reset_panel.core.plan.types import Plan
from backup_reset_panel.core.plan.types import RepairKind
from backup_reset_panel.core.quoting import shell_word


class Tool(enum.Enum):
    """The two command line clients of Cinder (python-openstackclient 10.5, python-cinderclient 9.10)."""

    OPENSTACK = "openstack"
    CINDER = "cinder"


_RESET = {
    Tool.OPENSTACK: "volume backup set --state {status} {id}",
    Tool.CINDER: "backup-reset-state --state {status} {id}",
}
_REMOVE = {
    Tool.OPENSTACK: "volume backup delete --force {id}",
    Tool.CINDER: "backup-delete --force {id}",
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
_ONLY_CINDER = (statuses.ERROR_RESTORING,)


def commands(plan: Plan, backup_id: str, tool: Tool, *, region: str | None = None) -> list[str]:
    """The commands that do what a plan does, in its order; each has to be seen to work before the next is given.

    All repairs are among them: who copies commands decides alone.

    :param tool: ``cinder`` stands in where ``openstack`` does not take the status
    :param region: the region's name, or None where the cloud needs none
    :returns: safe to paste into a POSIX shell. Both clients send Cinder the same requests as we do (cinderclient
        ``backups.reset_state``, ``volumes.reset_state``, ``volume_snapshots.reset_state``)
    """
    lines = [_line(tool, region, _RESET[tool], reset.target, backup_id) for reset in plan.resets]
    for step in plan.repairs:
        chosen = Tool.CINDER if step.after in _ONLY_CINDER else tool
        lines.append(_line(chosen, region, _REPAIR[chosen, step.kind], step.after, step.id))
    if plan.removes:
        # The reset is ignored, but moves the backup to a host that is up, without which the removal hangs.
        lines.append(_line(tool, region, _RESET[tool], statuses.ERROR, backup_id))
        lines.append(_line(tool, region, _REMOVE[tool], "", backup_id))
    return lines


def _line(tool: Tool, region: str | None, template: str, status: str, subject: str) -> str:
    where = f" --os-region-name {shell_word(region)}" if region else ""
    return f"{tool.value}{where} {template.format(status=shell_word(status), id=shell_word(subject))}"
