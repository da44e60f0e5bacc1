# SPDX-License-Identifier: Apache-2.0
"""Names of projects, each asked for once in ten minutes: never Keystone's whole list."""

import time

from backup_reset_panel import caching
from backup_reset_panel import cinder

KEPT_SECONDS = 600
#: After this no further project is asked for: a dead Keystone costs one time-out, not one a project.
BUDGET_SECONDS = 0.5


def project_name(cloud, project_id):
    """The name of one project.

    :param cloud: cinder.Cloud
    :returns: str, None where Keystone does not tell it
    """
    return caching.get(_key(project_id)) or _ask(cloud, project_id)


def project_names(cloud, project_ids):
    """The names of some projects.

    :param cloud: cinder.Cloud
    :param project_ids: set of str
    :returns: dict of id to name, None where it could not be had in time
    """
    names = {project_id: caching.get(_key(project_id)) for project_id in sorted(project_ids - {None})}
    unknown = [project_id for project_id, name in names.items() if name is None]
    end = time.monotonic() + BUDGET_SECONDS
    asked = cinder.side_by_side(lambda each: _ask(cloud, each) if time.monotonic() < end else None, unknown)
    return names | dict(zip(unknown, asked, strict=True))


def _key(project_id):
    return f"backup_reset_panel.project.{project_id}"


def _ask(cloud, project_id):
    name = cinder.read_project_name(cloud, project_id)
    caching.put(_key(project_id), name, KEPT_SECONDS)
    return name
