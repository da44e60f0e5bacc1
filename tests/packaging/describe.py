# SPDX-License-Identifier: Apache-2.0
"""Run inside a Horizon: print as JSON what there is of the admin Volume Backups panel and of ours."""

import json
import os

import django
from django.core import checks
from django.urls import NoReverseMatch
from django.urls import reverse


def path(name):
    """The path of a URL name, None where Horizon does not have it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def actions(found):
    return [[action.name, action.__module__] for action in found]


def describe():
    """What can differ between a stock Horizon and one with the plugin."""
    # Only a set-up Horizon has them.
    from openstack_dashboard.dashboards.admin.backups import tables
    from openstack_dashboard.dashboards.admin.backups import views

    table = views.AdminBackupsView.table_class
    complaints = {message.id for message in checks.run_checks()}
    return {
        "panel": path("horizon:admin:backup_reset:index"),
        "stock panel": path("horizon:admin:backups:index"),
        "row actions": actions(table._meta.row_actions),
        "table actions": actions(table._meta.table_actions),
        "detail page uses the same table": table is tables.AdminBackupsTable,
        "dialog view": views.UpdateStatusView.__module__,
        "complaints": sorted(name for name in complaints if name.startswith("backup_reset_panel")),
    }


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openstack_dashboard.settings")
django.setup()
print(json.dumps(describe()))
