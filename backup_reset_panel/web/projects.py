# SPDX-License-Identifier: Apache-2.0
"""Names of projects, each asked for once in ten minutes: never Keystone's whole list."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable

from backup_reset_panel import cinder
from backup_reset_panel.web import cache

KEPT_SECONDS = 600
#: After this no further project is waited for: a dead Keystone costs that, not a time-out a project.
BUDGET_SECONDS = 0.5


def names(cloud: cinder.Cloud, project_ids: Iterable[str]) -> dict[str, str | None]:
    """The names of some projects.

    :returns: id to name, None where it could not be had in time
    """
    found = {each: cache.get(_key(each)) for each in sorted(set(project_ids))}
    asked = cinder.project_names(cloud, [each for each, name in found.items() if name is None], BUDGET_SECONDS)
    for project_id, name in asked.items():
        if name is not None:
            cache.put(_key(project_id), name, KEPT_SECONDS)
    return found | asked


def begin(interview: cinder.Interview, project_id: str | None) -> Callable[[], str | None]:
    """Ask for the name of one project while other things are asked for.

    :returns: function that gives the name, None where it is not there by the time that it is called
    """
    kept = cache.get(_key(project_id)) if project_id else None
    if kept or not project_id:
        return lambda: kept
    interview.begin([cinder.ProjectName(project_id)])

    def name() -> str | None:
        found = interview.so_far(cinder.ProjectName(project_id))
        if isinstance(found, str):
            cache.put(_key(project_id), found, KEPT_SECONDS)
        return found if isinstance(found, str) else None

    return name


def _key(project_id: str) -> str:
    return f"backup_reset_panel.project.{project_id}"
