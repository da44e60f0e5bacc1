# SPDX-License-Identifier: Apache-2.0
"""The address of a plan, as it stands in a ticket, and what a plan tells for it."""

import datetime
import json
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from lxml import html

from tests import fake_cinder
from tests.fake_cinder import COMPLETE
from tests.fake_cinder import stamp
from tests.views.conftest import AJAX

NO_SUCH_ID = "7d3f2a90-6c2b-4a49-9f3c-0d6f1f3f7c11"


@pytest.fixture
def plan_at(admin, cloud):
    """Function: the answer to a GET of the plan's address, with the source that it hands to its script."""

    def get(query, client=admin):
        answer = client.get(f"{reverse('horizon:admin:backup_reset:bulk')}?{query}")
        assert answer.status_code == 200
        return answer, json.loads(answer.context["source"])

    return get


@pytest.fixture
def chunk(admin):
    """Function: post to one of the bulk views; returns the decoded answer."""

    def post(name, **fields):
        return admin.post(reverse(f"horizon:admin:backup_reset:{name}"), fields, headers=AJAX).json()

    return post


def test_address_of_a_filter_shows_its_plan_page_and_asks_cinder_for_nothing(plan_at, cloud):
    cloud.add_backup()
    cloud.calls.clear()
    answer, source = plan_at("tile=error&q=week&project=shop&region=RegionOne")
    assert source == {"query": {"tile": "error", "q": "week", "project": "shop"}}
    assert "The filter is not valid" not in answer.content.decode()
    assert cloud.resets == []
    assert cloud.asked("GET", "/backups") == cloud.asked("POST", "") == 0


def test_button_of_the_page_leads_to_the_address_of_what_it_shows(admin, plan_at, cloud):
    cloud.add_backup(name="weekly")
    url = reverse("horizon:admin:backup_reset:index")
    for query, found in [({"q": "week"}, {"q": "week", "tile": "needs_attention"}), ({}, {"tile": "needs_attention"})]:
        tree = html.fromstring(f"<div>{admin.get(url, query, headers=AJAX).content.decode()}</div>")
        (form,) = tree.cssselect("#stuck-all")
        assert form.get("method") == "get"
        assert form.get("action") == reverse("horizon:admin:backup_reset:bulk")
        fields = dict(form.form_values())
        assert fields["region"] == "RegionOne"
        assert "csrfmiddlewaretoken" not in fields
        assert plan_at(urlencode(fields))[1] == {"query": found}


INVALID = {
    "tile=nonsense": "Tile: Select a valid choice",
    "status=nonsense": "Status: Select a valid choice",
    "project=" + "x" * 65: "Project ID: Ensure this value has at most 64 characters",
    "state=error": "“state” is not a filter.",
    "tile=error&after=creating%2Brestoring:x": "“after” is not a filter.",
    "status=creating&status=restoring": "“status” is there more than once.",
    "q=a&region=Elsewhere": "This address is for region Elsewhere, and your session is in region RegionOne",
    "q=a&region=": "This address is for region",
    "x" * 300 + "=1": "“" + "x" * 60 + "” is not a filter.",
    "tile=error&%00=1": "is not a filter.",
}


@pytest.mark.parametrize(("query", "why"), INVALID.items(), ids=[each[:30] for each in INVALID])
def test_address_that_is_not_valid_stands_for_no_backup_and_says_why(plan_at, cloud, query, why):
    cloud.add_backup()
    answer, source = plan_at(query)
    assert source == {"ids": []}
    told = " ".join(html.fromstring(answer.content.decode()).cssselect("#bulk-problems")[0].text_content().split())
    assert why in told


def test_address_with_markup_shows_it_as_text(plan_at, cloud):
    answer, _source = plan_at(urlencode({"<script>alert(1)</script>": "1", "q": "<b>", "region": "<i>"}))
    assert "<script>alert(1)" not in answer.content.decode()
    assert "<i>" not in answer.content.decode()


@pytest.mark.parametrize("query", ["", "run=nonsense", "run=", "run=../../etc"])
def test_address_without_a_choice_of_rows_leads_to_the_list(admin, cloud, query):
    answer = admin.get(f"{reverse('horizon:admin:backup_reset:bulk')}?{query}")
    assert (answer.status_code, answer["location"]) == (302, reverse("horizon:admin:backup_reset:index"))


def test_address_of_a_run_that_a_tab_keeps_names_it_to_the_script_alone(plan_at, cloud):
    answer, source = plan_at(f"run={NO_SUCH_ID}")
    assert source == {"run": NO_SUCH_ID}
    assert answer.context["back_url"] == reverse("horizon:admin:backup_reset:index")


@pytest.mark.parametrize("role", ["member", "reader"])
@pytest.mark.parametrize("query", ["tile=error", f"run={NO_SUCH_ID}", "tile=nonsense", ""])
def test_who_may_not_reset_does_not_see_a_plan_page(log_in, cloud, role, query):
    client = log_in(role)
    cloud.calls.clear()
    assert client.get(f"{reverse('horizon:admin:backup_reset:bulk')}?{query}").status_code == 403
    assert cloud.asked("GET", "/backups") == 0


@pytest.mark.parametrize("what", [401, 403, 500, fake_cinder.REFUSED, fake_cinder.TIME_OUT], ids=str)
def test_address_shows_its_page_while_cinder_is_gone_and_the_plan_says_so(plan_at, chunk, cloud, what):
    cloud.trouble["GET", "/v3/"] = what
    _answer, source = plan_at("tile=error")
    assert chunk("bulk_plan", after="", **source["query"])["stop"]


def test_plan_page_says_who_plans_where(plan_at, cloud):
    answer, _source = plan_at("tile=error")
    (form,) = html.fromstring(answer.content.decode()).cssselect("#bulk")
    assert form.get("data-region") == "RegionOne"
    assert form.get("data-user-id") == answer.wsgi_request.user.id
    assert form.get("data-user-name") == answer.wsgi_request.user.username


def is_now(text):
    moment = datetime.datetime.fromisoformat(text)
    return moment.utcoffset() == datetime.timedelta() and abs(
        datetime.datetime.now(datetime.timezone.utc) - moment
    ) < datetime.timedelta(minutes=1)


def test_rows_of_plan_and_result_have_ids_and_moments_in_utc(chunk, cloud):
    backup = cloud.add_backup(updated_at="2026-01-02T03:04:05.000000", **COMPLETE)
    (row,) = chunk("bulk_plan", ids=json.dumps([backup["id"]]))["rows"]
    assert (row["project_id"], row["project"], row["volume_id"]) == ("shop", "shop", backup["volume_id"])
    assert (row["host"], row["changed_at"]) == ("node-1", "2026-01-02T03:04:05+00:00")
    assert is_now(row["planned_at"])
    (result,) = chunk("bulk_apply", tokens=json.dumps([row["token"]]))["results"]
    assert result["class"] == "applied"
    assert is_now(result["at"])


def test_row_that_could_not_be_read_has_a_moment_and_no_ids(chunk, cloud):
    (row,) = chunk("bulk_plan", ids=json.dumps([NO_SUCH_ID]))["rows"]
    assert (row["project_id"], row["volume_id"], row["changed_at"]) == ("", "", "")
    assert is_now(row["planned_at"])


def test_result_of_what_was_not_sent_has_a_moment_too(chunk, cloud):
    backup = cloud.add_backup(updated_at=stamp(9000), **COMPLETE)
    (row,) = chunk("bulk_plan", ids=json.dumps([backup["id"]]))["rows"]
    backup["object_count"] = 7
    (result,) = chunk("bulk_apply", tokens=json.dumps([row["token"]]))["results"]
    assert result["class"] == "changed"
    assert is_now(result["at"])
