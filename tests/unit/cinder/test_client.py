# SPDX-License-Identifier: Apache-2.0
"""The clients: every kind of failure has its name, and nothing ever logs in again."""

import types

import pytest
import requests

from backup_reset_panel import cinder
from backup_reset_panel.cinder import connections
from backup_reset_panel.core.outcome.types import FaultKind
from tests import fake_cinder
from tests.people import person

ANSWERS = [
    (400, FaultKind.BAD_REQUEST),
    (401, FaultKind.TOKEN_REFUSED),
    (403, FaultKind.FORBIDDEN),
    (404, FaultKind.NO_SUCH_BACKUP),
    (409, FaultKind.CONFLICT),
    (413, FaultKind.OVER_LIMIT),
    (418, FaultKind.OTHER_ANSWER),
    (429, FaultKind.OVER_LIMIT),
    (500, FaultKind.SERVER_ERROR),
    (503, FaultKind.SERVER_ERROR),
    (fake_cinder.TIME_OUT, FaultKind.TIMED_OUT),
    (fake_cinder.BROKEN_OFF, FaultKind.BROKEN_OFF),
    (fake_cinder.REFUSED, FaultKind.NO_CONNECTION),
    (requests.exceptions.ConnectTimeout("timed out"), FaultKind.NO_CONNECTION),
    (requests.exceptions.SSLError("certificate verify failed"), FaultKind.UNTRUSTED),
    (connections.NoneFree(), FaultKind.BUSY),
    (fake_cinder.GARBAGE, FaultKind.GARBLED),
    ('{"unexpected": "text"}', FaultKind.GARBLED),
    ("[]", FaultKind.GARBLED),
    ("", FaultKind.GARBLED),
]


@pytest.mark.parametrize(("what", "kind"), ANSWERS, ids=str)
def test_each_failure_of_a_read_has_its_own_kind(cloud, connection, what, kind):
    backup = cloud.add_backup()
    cloud.trouble["GET", "/backups/"] = what
    with pytest.raises(cinder.CinderFault) as caught:
        cinder.read_backup(connection, backup["id"])
    assert caught.value.fault.kind is kind


def test_a_refusal_keeps_cinders_words_and_request_id(cloud, connection):
    cloud.trouble["GET", "/backups/"] = 403
    with pytest.raises(cinder.CinderFault) as caught:
        cinder.read_backup(connection, "any")
    assert caught.value.fault.code == 403
    assert caught.value.fault.detail == "Cinder says 403"
    assert caught.value.fault.request_id == "req-trouble-403"


@pytest.mark.parametrize("call", ["read", "reset"])
def test_a_401_from_cinder_causes_no_request_to_keystone(cloud, connection, call):
    backup = cinder.read_backup(connection, cloud.add_backup()["id"])
    cloud.trouble[".*", "/backups/"] = 401
    cloud.trouble["GET", "/backups/"] = cloud.trouble["POST", "/backups/"] = 401
    cloud.calls.clear()
    if call == "read":
        with pytest.raises(cinder.CinderFault):
            cinder.read_backup(connection, backup.id)
    else:
        cinder.reset(connection, backup, "error")
    assert cloud.asked(".*", "identity") == 0
    assert len(cloud.calls) == 1


def test_our_own_mistakes_are_not_hidden(connection):
    with pytest.raises(AttributeError):
        cinder.read_backup(None, "any")


@pytest.mark.parametrize(("client", "seconds"), [("reads", 1.8), ("sends", 5)])
def test_every_client_has_a_time_out(connection, client, seconds):
    assert getattr(connection, client).client.session.timeout == seconds


def test_a_catalog_without_block_storage_is_told(cloud):
    user = person("admin")
    user.service_catalog = [entry for entry in user.service_catalog if entry["type"] == "identity"]
    with pytest.raises(cinder.CinderFault) as caught:
        cinder.Cloud.of(types.SimpleNamespace(user=user))
    assert caught.value.fault.kind is FaultKind.NO_ENDPOINT


def test_project_name_is_read_from_keystone(connection):
    assert cinder.project_names(connection, {"shop"}, 5) == {"shop": "shop"}


@pytest.mark.parametrize("what", [404, 500, fake_cinder.TIME_OUT, fake_cinder.REFUSED, fake_cinder.GARBAGE], ids=str)
def test_project_name_is_missing_rather_than_an_error(cloud, connection, what):
    cloud.trouble["GET", "/projects/"] = what
    assert cinder.project_names(connection, {"shop"}, 5) == {"shop": None}


def test_no_token_reaches_the_log(cloud, connection, caplog):
    caplog.set_level("DEBUG")
    cinder.read_backup(connection, cloud.add_backup()["id"])
    cinder.project_names(connection, {"shop"}, 5)
    assert caplog.records
    assert "a-secret-token" not in caplog.text
