# SPDX-License-Identifier: Apache-2.0
"""Every address of the panel, whichever it is: guarded by policy for each method, and never broken by what is sent."""

import json
import os

import hypothesis
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from hypothesis import strategies as st

from backup_reset_panel import urls
from tests.fake_cinder import COMPLETE
from tests.fake_cinder import FakeCinder
from tests.tries import tries
from tests.views.conftest import AJAX

SOME_ID = "7d3f2a90-6c2b-4a49-9f3c-0d6f1f3f7c11"
NAMES = [pattern.name for pattern in urls.urlpatterns]
METHODS = ("get", "post", "head", "put", "delete", "options")
#: Names of fields that a view of ours reads.
WORDS = (
    "ids tokens token mode dead after tile status q project zone host choice ticks repairs shown stored read place"
    " depth again run region page csv state source action all backup_id user consent x"
)
FIELDS = st.sampled_from(WORDS.split())
PLAUSIBLE = ["", "0", "-1", "[]", "{}", "null", "yes", "available", "error", SOME_ID, f'["{SOME_ID}"]', "[[]]"]
HOSTILE = ["\x00", "\ud800", "../../etc/passwd", "<script>alert(1)</script>", "=1+1", "9" * 400, '["\\u0000"]']
VALUES = st.one_of(st.text(max_size=40), st.sampled_from(PLAUSIBLE), st.sampled_from(HOSTILE))
#: How many requests; ``tox -e fuzz`` makes ten thousand.
REQUESTS = int(os.environ.get("FUZZ_REQUESTS", tries(300)))


def address(name, one=SOME_ID):
    """An address of that name."""
    arguments = {"left_over": ("volumes", one)}
    rest = (one,) if name in ("update_status", "read", "outcome") else ()
    return reverse(f"horizon:admin:backup_reset:{name}", args=arguments.get(name, rest))


@pytest.mark.parametrize("role", ["member", "reader"])
@pytest.mark.parametrize("name", NAMES)
def test_who_may_not_reset_is_refused_at_every_address_by_every_method(log_in, cloud, name, role):
    backup = cloud.add_backup(name="somebody's", **COMPLETE)
    client = log_in(role)
    for headers in ({}, AJAX):
        for method in METHODS:
            answer = getattr(client, method)(address(name, backup["id"]), headers=headers)
            told = answer.content.decode()
            assert answer.status_code in ((302, 403, 405) if method != "options" else (200, 302, 403, 405)), method
            assert "somebody" not in told
            assert backup["volume_id"] not in told
    assert cloud.asked(".*", "/(backups|volumes|snapshots)") == 0


def test_whoever_is_not_logged_in_is_sent_to_the_log_in_page(client, cloud):
    for name in NAMES:
        for method in ("get", "post"):
            answer = getattr(client, method)(address(name))
            assert answer.status_code in (302, 401, 403)
            assert "/auth/login" in answer.headers.get("Location", "/auth/login")
    assert cloud.calls == []


@pytest.fixture
def nothing_kept():
    cache.clear()
    yield
    cache.clear()


@hypothesis.settings(
    max_examples=REQUESTS, deadline=None, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
@hypothesis.given(
    name=st.sampled_from(NAMES),
    method=st.sampled_from(["get", "post"]),
    is_modal=st.booleans(),
    fields=st.dictionaries(FIELDS, VALUES, max_size=5),
)
def test_whatever_is_sent_no_view_fails_and_nothing_is_done(admin, nothing_kept, name, method, is_modal, fields):
    cloud = FakeCinder()
    with cloud.installed():
        backup = cloud.add_backup(**COMPLETE)
        before = json.dumps([cloud.backups, cloud.volumes])
        client = Client(raise_request_exception=True)
        client.cookies = admin.cookies
        sent = {key: value.encode("utf-8", "replace").decode() for key, value in fields.items()}
        answer = getattr(client, method)(address(name, backup["id"]), sent, headers=AJAX if is_modal else {})
    assert answer.status_code < 500
    assert cloud.resets == []
    assert json.dumps([cloud.backups, cloud.volumes]) == before
    assert "a-secret-token" not in answer.content.decode()
