# SPDX-License-Identifier: Apache-2.0
"""Look at one Horizon from outside, and print what is found as JSON.

Runs in a process of its own, with tests.extension.settings: Horizon's registries are one a process.
"""

import json
import logging
import re
import sys

import django


class Complaints(logging.Handler):
    """Keeps what Horizon only logs: a panel that it could not load is no error to it."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.texts = []

    def emit(self, record):
        self.texts.append(record.getMessage())


def row_actions(page, backup):
    """Names of a backup's row actions on a page, with where each leads (None: it posts), in the page's order."""
    found = {}
    for tag in re.findall(r"<(?:a|button)\b[^>]*>", page):
        named = re.search(rf'id="volume_backups__row_{backup["id"]}__action_(\w+)"', tag)
        if named:
            link = re.search(r'href="([^"]*)"', tag)
            found.setdefault(named[1], []).append(link and link[1])
    return found


def table_actions(page):
    """Names of the actions above the table, in the page's order."""
    return re.findall(r'id="volume_backups__action_(\w+)"', page)


def page_of(client, url):
    answer = client.get(url)
    return {"status": answer.status_code, "text": answer.content.decode()}


def look(client, cloud):
    """The pages of a Horizon with one stuck backup, and what a blind POST to the stock dialog's URL brings about."""
    backup = cloud.add_backup(status="error")
    stock_dialog = f"/admin/backups/{backup['id']}/update_status"
    table = page_of(client, "/admin/backups/")
    detail = page_of(client, f"/admin/backups/{backup['id']}/")
    dialog = page_of(client, stock_dialog)
    posted = client.post(stock_dialog, {"backup_id": backup["id"], "status": "available"})
    return {
        "backup": backup["id"],
        "index": {"status": table["status"], "actions": row_actions(table["text"], backup)},
        "table_actions": table_actions(table["text"]),
        "detail": {"status": detail["status"], "actions": row_actions(detail["text"], backup)},
        "stock_dialog": {"status": dialog["status"], "is_ours": "backup-reset-name" in dialog["text"]},
        "blind_post": {"status": posted.status_code, "resets": cloud.resets},
    }


def index_url(panel):
    """Where a panel of the admin dashboard starts; None if Horizon has no such panel."""
    from django import urls

    try:
        return urls.reverse(f"horizon:admin:{panel}:index")
    except urls.NoReverseMatch:
        return None


def main():
    complaints = Complaints()
    django.setup()
    logging.getLogger("horizon").addHandler(complaints)

    from django.core import checks
    from django.test import Client
    from django.test.utils import setup_test_environment
    from openstack_auth import utils as auth_utils
    from openstack_dashboard.dashboards.admin.backups import views

    from tests.fake_cinder import FakeCinder
    from tests.people import person

    setup_test_environment()
    administrator = person("admin", "member", "reader")
    auth_utils.get_user = lambda request: administrator
    cloud = FakeCinder()
    logging.getLogger("backup_reset_panel.audit").info("what the audit log is told")
    facts = {
        "urls": {panel: index_url(panel) for panel in ("backups", "backup_reset")},
        "checks": [m.id for m in checks.run_checks()],
    }
    facts["declared"] = [action.name for action in views.AdminBackupsView.table_class._meta.row_actions]
    with cloud.installed():
        facts["front_page"] = page_of(Client(), "/settings/")["status"]
        facts |= look(Client(), cloud)
    facts["complaints"] = complaints.texts
    json.dump(facts, sys.stdout)


if __name__ == "__main__":
    main()
