# SPDX-License-Identifier: Apache-2.0
"""Who may reset: Cinder's own rules, asked with the project of the thing to be changed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from horizon import exceptions
from openstack_dashboard import policy

Rules = tuple[tuple[str, str], ...]

RESET_BACKUP: Rules = (("volume", "volume_extension:backup_admin_actions:reset_status"),)
FORCE_DELETE: Rules = (("volume", "volume_extension:backup_admin_actions:force_delete"),)


def target(project_id: str | None) -> dict[str, str | None]:
    """The policy target of something that belongs to a project."""
    return {"project_id": project_id, "tenant_id": project_id}


def may(request: Any, rules: Rules, project_id: str | None = None) -> bool:
    """Whether the user may, on something of that project (None: of their own).

    Horizon looks its policy files up for every question: each is asked once a request, not once a row.
    """
    answers: dict[tuple[Rules, str | None], bool] = request.__dict__.setdefault("_backup_reset_panel_may", {})
    if (rules, project_id) not in answers:
        answers[rules, project_id] = policy.check(rules, request, target(project_id) if project_id else None)
    return answers[rules, project_id]


def require(request: Any, rules: Rules, project_id: str | None = None) -> None:
    """Raise unless the user may.

    :raises horizon.exceptions.NotAuthorized: Horizon answers with its page "not authorized", 403
    """
    if not may(request, rules, project_id):
        raise exceptions.NotAuthorized(_("You are not authorized to access %s") % request.path)
