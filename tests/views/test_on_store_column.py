# SPDX-License-Identifier: Apache-2.0
"""The column "On storage" of the Stuck Backups page: there where a store is set, and filled by requests of its own."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from lxml import html

from backup_reset_panel import cinder
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import FaultKind
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import Issue
from backup_reset_panel.resets import case as cases
from backup_reset_panel.storage import entry
from tests.unit.storage.conftest import written  # noqa: F401  (fixtures are found by their names here)
from tests.views.conftest import AJAX
from tests.views.test_storage import age
from tests.views.test_storage import backup  # noqa: F401
from tests.views.test_storage import lose_a_part
from tests.views.test_storage import row  # noqa: F401
from tests.views.test_storage import store  # noqa: F401


@pytest.fixture(autouse=True)
def nothing_remembered():
    yield
    cache.clear()


@pytest.fixture
def page(admin):
    """Function: the page, parsed."""

    def read():
        return html.fromstring(admin.get(reverse("horizon:admin:backup_reset:index")).content.decode())

    return read


@pytest.fixture
def ask(admin):
    """Function: what is answered of some backups, by id."""

    def read(*backups, client=admin):
        url = reverse("horizon:admin:backup_reset:stored")
        answer = client.get(url, {"id": [each["id"] for each in backups]}, headers=AJAX)
        return answer.json()["rows"] if answer.status_code == 200 else answer.status_code

    return read


def test_without_a_store_there_is_no_column(page, cloud):
    cloud.add_backup()
    assert page().cssselect("[data-on-store]") == []
    assert page().cssselect("#stuck-backups")[0].get("data-on-store-url") is None


def test_page_has_a_place_for_each_row_and_asks_no_store(page, backup, store, monkeypatch):  # noqa: F811
    monkeypatch.setattr(entry, "check", None)
    tree = page()
    [place] = tree.cssselect("[data-on-store]")
    assert place.get("data-on-store") == backup["id"]
    assert tree.cssselect("#stuck-backups")[0].get("data-on-store-url").endswith("/stored/")
    before = place.get("data-version")
    backup["object_count"] = 5
    assert page().cssselect("[data-on-store]")[0].get("data-version") != before


def test_whole_one_is_told(ask, backup, store):  # noqa: F811
    told = ask(backup)[backup["id"]]
    assert told["text"].startswith("Whole (")
    assert (told["colour"], told["again"]) == ("success", False)


def test_damaged_one_is_told(ask, backup, store):  # noqa: F811
    lose_a_part(store)
    assert ask(backup)[backup["id"]] == {
        "text": "Not whole: parts of it are missing.",
        "colour": "danger",
        "again": False,
    }


def test_one_that_is_being_written_is_asked_for_again(ask, backup, store, row):  # noqa: F811
    (store / (row["prefix"] + "_metadata")).unlink()
    told = ask(backup)[backup["id"]]
    assert told["text"].startswith("Being written: last part written ")
    assert told["again"]


def test_one_whose_job_is_probably_running_is_not_called_damaged_for_being_unfinished(
    ask,
    backup,  # noqa: F811
    store,  # noqa: F811
    row,  # noqa: F811
    cloud,
):
    cloud.services = [cloud.service(), cloud.service(host="node-2")]
    (store / (row["prefix"] + "_metadata")).unlink()
    age(store)
    told = ask(backup)[backup["id"]]
    assert told["text"].startswith("Not finished on storage yet: last part written ")
    assert (told["colour"], told["again"]) == ("muted", True)


def test_one_of_which_no_store_can_tell_is_not_asked_about(ask, cloud, store):  # noqa: F811
    assert ask(deleting := cloud.add_backup(status="deleting"))[deleting["id"]]["text"] == "–"


def test_store_that_is_gone_is_asked_once_and_the_others_are_not_answered(ask, cloud, settings, monkeypatch):
    asked = []

    def gone(access, region, backup, ancestors=(), *, seconds):  # noqa: F811
        asked.append(backup.id)
        return Finding(backup.id, (Issue(Code.UNREACHABLE),), timezone.now())

    settings.BACKUP_RESET_PANEL = {"STORAGE": {"*": {"store": "files", "path": "/gone"}}}
    monkeypatch.setattr(entry, "check", gone)
    monkeypatch.setattr("backup_reset_panel.cinder.threads.MOST_SIDE_BY_SIDE", 1)
    rows = ask(*(cloud.add_backup(container="ab/cd/x") for _number in range(4)))
    assert len(asked) == len(rows) == 1
    assert rows[asked[0]]["text"] == "Not verified: the store could not be reached."
    assert rows[asked[0]]["again"]


def test_backup_that_is_gone_or_not_theirs_is_not_answered(ask, backup, store, monkeypatch):  # noqa: F811
    assert ask({"id": "00000000-0000-4000-8000-000000000000"}) == {}
    monkeypatch.setattr(cases, "may_reset", lambda request, backup: False)
    monkeypatch.setattr(entry, "check", None)
    assert ask(backup) == {}


@pytest.mark.parametrize("ids", [["none"], [f"00000000-0000-4000-8000-00000000000{n}" for n in range(5)]])
def test_more_rows_than_four_and_what_is_no_id_are_refused(ask, ids):
    assert ask(*({"id": each} for each in ids)) == 400


def test_cinder_that_does_not_answer_answers_no_row(ask, backup, store, cloud):  # noqa: F811
    cloud.trouble["GET", "/backups"] = 401
    assert ask(backup) == {}


def test_cloud_without_block_storage_answers_no_row(ask, backup, store, monkeypatch):  # noqa: F811
    def nowhere(request):
        raise cinder.CinderFault(Fault(FaultKind.NO_ENDPOINT))

    monkeypatch.setattr(cinder.Cloud, "of", nowhere)
    assert ask(backup) == {}


def test_someone_who_may_not_reset_is_refused(ask, backup, log_in):  # noqa: F811
    assert ask(backup, client=log_in("member")) in (302, 401, 403)
