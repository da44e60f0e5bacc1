# SPDX-License-Identifier: Apache-2.0
"""Who gets no dialog, and what is said when there is none to show."""

import json

import pytest
from django.urls import reverse
from openstack_auth import policy

from tests import fake_cinder
from tests.views.conftest import AJAX

SOME_ID = "7d3f2a90-6c2b-4a49-9f3c-0d6f1f3f7c11"
FAILURES = [
    (400, "bad_request"),
    (401, "token_refused"),
    (403, "forbidden"),
    (404, "no_such_backup"),
    (409, "conflict"),
    (413, "over_limit"),
    (429, "over_limit"),
    (500, "server_error"),
    (503, "server_error"),
    (fake_cinder.GARBAGE, "garbled"),
    (fake_cinder.TIME_OUT, "timed_out"),
    (fake_cinder.BROKEN_OFF, "broken_off"),
    (fake_cinder.REFUSED, "no_connection"),
]


def urls(backup_id):
    return [reverse(f"horizon:admin:backup_reset:{name}", args=(backup_id,)) for name in ("update_status", "outcome")]


@pytest.mark.parametrize(("what", "kind"), FAILURES, ids=str)
def test_each_failure_to_read_the_backup_is_told_for_what_it_is(open_dialog, cloud, what, kind):
    backup = cloud.add_backup()
    cloud.trouble["GET", f"/backups/{backup['id']}$"] = what
    dialog = open_dialog(backup)
    assert dialog.status_code == 200
    assert dialog.ending == kind
    assert backup["id"] in dialog.text("#backup-reset-name")


def test_a_failure_shows_cinders_request_id_and_words(open_dialog, cloud):
    backup = cloud.add_backup()
    cloud.trouble["GET", f"/backups/{backup['id']}$"] = 500
    dialog = open_dialog(backup)
    assert dialog.text("#backup-reset-fault-request-id") == "req-trouble-500"
    assert dialog.text("#backup-reset-detail") == "Cinder says 500"


@pytest.mark.parametrize("backup_id", ["no-such-thing", "..", "x?all_tenants=1", "<b>", "備" * 80])
def test_a_malformed_id_is_no_backup_and_is_not_sent_to_cinder(open_dialog, cloud, backup_id):
    dialog = open_dialog(backup_id)
    assert dialog.ending == "no_such_backup"
    assert cloud.asked("GET", "/backups") == 0


def test_an_unknown_id_is_no_backup(open_dialog, cloud):
    assert open_dialog(SOME_ID).ending == "no_such_backup"


@pytest.mark.parametrize("role", ["member", "reader"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_reset_gets_403_and_cinder_is_not_asked(log_in, cloud, role, method):
    backup = cloud.add_backup()
    client = log_in(role)
    cloud.calls.clear()
    for url in urls(backup["id"]):
        answer = getattr(client, method)(url, headers=AJAX)
        assert answer.status_code in ((403,) if not (method == "get" and "outcome" in url) else (403, 405))
    assert cloud.asked(".*", "/backups") == 0


@pytest.fixture
def only_own_project(settings, tmp_path):
    """Cinder's policy as some sites have it: whoever owns a backup may reset it."""
    rules = {
        "context_is_admin": "role:admin",
        "is_owner": "project_id:%(project_id)s",
        "volume_extension:backup_admin_actions:reset_status": "rule:is_owner",
    }
    site_policy = tmp_path / "cinder_policy.json"
    site_policy.write_text(json.dumps(rules))
    settings.POLICY_FILES = {"volume": str(site_policy)}
    policy.reset()
    yield
    policy.reset()


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_rule_is_asked_with_the_project_of_the_backup(admin, cloud, only_own_project, method):
    url = reverse("horizon:admin:backup_reset:update_status", args=(cloud.add_backup()["id"],))
    assert getattr(admin, method)(url, headers=AJAX).status_code == 403
    own = cloud.add_backup(**{"os-backup-project-attr:project_id": "admin-project"})
    url = reverse("horizon:admin:backup_reset:update_status", args=(own["id"],))
    assert getattr(admin, method)(url, headers=AJAX).status_code == 200


def test_a_post_without_a_csrf_token_is_refused(cloud, log_in, client):
    log_in("admin")
    client.handler.enforce_csrf_checks = True
    backup = cloud.add_backup()
    url = reverse("horizon:admin:backup_reset:update_status", args=(backup["id"],))
    assert client.post(url, {"choice": "error"}, headers=AJAX).status_code == 403
    assert cloud.resets == []
