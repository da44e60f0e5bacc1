# SPDX-License-Identifier: Apache-2.0
"""The history: who reset what is written once, read by those who may, and never in the way of a reset."""

import datetime
import json
import logging
import re
import sqlite3
import threading

import pytest
from django.core.cache import cache
from django.db import DataError
from django.db import OperationalError
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from lxml import html

from backup_reset_panel.history import backlog
from backup_reset_panel.history import bounded
from backup_reset_panel.history import store
from backup_reset_panel.history.models import PastReset
from backup_reset_panel.web import policy
from tests.fake_cinder import COMPLETE
from tests.views.conftest import AJAX
from tests.views.conftest import Dialog

pytestmark = pytest.mark.django_db(transaction=True)

DEAD = ["process_dead"]
URL = "horizon:admin:backup_reset:history"


@pytest.fixture(autouse=True)
def kept(settings, monkeypatch):
    """A history is kept, and nobody waits between looks at a fake."""
    settings.BACKUP_RESET_PANEL = {"FOLLOW_SECONDS": 0.06, "HISTORY": {"database": "default", "days": 30}}
    monkeypatch.setattr("backup_reset_panel.bulk.run.PAUSES", (0, 0))
    # A database that works is waited for, on however busy a machine.
    for name in ("WRITE_SECONDS", "PAGE_SECONDS", "DIALOG_SECONDS"):
        monkeypatch.setattr(store, name, 30)
    cache.clear()
    yield settings
    wait_for_threads()
    cache.clear()


def wait_for_threads():
    """Wait for what nobody waited for: it would write into the next test's table."""
    for thread in threading.enumerate():
        if thread.name == bounded.THREADS:
            thread.join(30)
            assert not thread.is_alive()


class Page:
    """The History page as a browser would see it."""

    def __init__(self, answer):
        self.answer = answer
        self.tree = html.fromstring(answer.content.decode())

    def text(self, selector):
        found = self.tree.cssselect(selector)
        return re.sub(r"\s+", " ", found[0].text_content()).strip() if found else ""

    @property
    def rows(self):
        """The cells' texts of each row."""
        return [
            [re.sub(r"\s+", " ", cell.text_content()).strip() for cell in row.cssselect("td")]
            for row in self.tree.cssselect("#history tbody tr[data-object-id]")
        ]

    @property
    def backups(self):
        return [row[2] for row in self.rows]

    @property
    def next(self):
        found = self.tree.cssselect("#history-next")
        return found[0].get("href") if found else ""


@pytest.fixture
def page(admin, cloud):
    """Function: the History page for some GET parameters, or for a query string."""

    def read(query="", client=admin, **given):
        answer = client.get(reverse(URL) + query, given)
        assert answer.status_code == 200
        return Page(answer)

    return read


@pytest.fixture
def bulk(admin):
    """Function: reset backups as a bulk run does, a chunk at a time; returns the results by id.

    What a busy machine answered too late for is planned once more, as somebody who starts from the list again does.
    """

    def call(name, **fields):
        answer = admin.post(reverse(f"horizon:admin:backup_reset:{name}"), fields, headers=AJAX)
        assert answer.status_code == 200
        return answer.json()

    def chunk_of(ids):
        rows = []
        while ids:
            planned = call("bulk_plan", ids=json.dumps(ids))
            rows, ids = rows + planned["rows"], planned["ids"]
        done = call("bulk_apply", tokens=json.dumps([row["token"] for row in rows if row["token"]]))
        return {each["id"]: each for each in done["results"]}

    def carried_out(backups, chunk=150):
        results = {}
        for _time in range(2):
            left = [each["id"] for each in backups if each["id"] not in results]
            for begin in range(0, len(left), chunk):
                results |= chunk_of(left[begin : begin + chunk])
        return results

    return carried_out


def past(count=1, **values):
    """Rows of the history, a minute apart, the newest first."""
    now = values.pop("at", timezone.now())
    given = {
        "region": "RegionOne",
        "backup_id": "b",
        "user_name": "someone",
        "from_status": "creating",
        "to_status": "available",
        "outcome": "applied",
        "line": "{}",
    }
    key = values.pop("key", "k")
    rows = [
        PastReset(key=f"{key}{n}", at=now - datetime.timedelta(minutes=n), **{**given, **values}) for n in range(count)
    ]
    return PastReset.objects.bulk_create(rows)


@pytest.fixture
def broken(monkeypatch):
    """Function: from now on the database fails with this, until ``broken.heal()``."""
    real = store._put

    def begin(exc):
        def put(kept, changes):
            raise exc

        monkeypatch.setattr(store, "_put", put)

    begin.heal = lambda: monkeypatch.setattr(store, "_put", real)
    return begin


@pytest.fixture
def hanging(monkeypatch):
    """The database answers nothing until ``hanging.set()``."""
    gate, real_put, real_found = threading.Event(), store._put, store._found

    def put(kept, changes):
        gate.wait(30)
        return real_put(kept, changes)

    def found(kept, query):
        gate.wait(30)
        return real_found(kept, query)

    monkeypatch.setattr(store, "_put", put)
    monkeypatch.setattr(store, "_found", found)
    monkeypatch.setattr(store, "WRITE_SECONDS", 0.1)
    monkeypatch.setattr(store, "PAGE_SECONDS", 0.1)
    monkeypatch.setattr(store, "DIALOG_SECONDS", 0.1)
    yield gate
    gate.set()
    wait_for_threads()


# --- what is written ---


def test_a_reset_in_the_dialog_is_one_row_with_all_that_the_audit_line_has(open_dialog, cloud, page, caplog):
    caplog.set_level(logging.INFO, logger="backup_reset_panel.audit")
    backup = cloud.add_backup(**COMPLETE)
    result = open_dialog(backup).submit(ticks=DEAD)
    assert result.ending == "applied"
    (row,) = page().rows
    _when, who, backup_id, change, verdict, outcome, also, host, ids, line = row
    assert who == "someone127.0.0.1"
    assert (backup_id, change, verdict, outcome) == (backup["id"], "Creating → Available", "complete", "applied")
    assert "Backing Up → Available (done)" in also
    assert host == "node-1"
    assert result.text("#backup-reset-request-id").split()[0] in ids
    (written,) = [each.message for each in caplog.records if each.name == "backup_reset_panel.audit"]
    assert written in line


def test_a_reset_that_is_seen_later_is_told_so_in_its_row(open_dialog, cloud, page):
    backup = cloud.add_backup(**COMPLETE)
    cloud.applies = False
    result = open_dialog(backup).submit()
    assert result.ending == "accepted"
    assert page().rows[0][5] == "accepted, not seen applied"
    backup["status"] = "available"
    backup["updated_at"] = "2030-01-01T00:00:00.000000"
    seen = result.submit()
    assert seen.ending == "applied"
    (row,) = page().rows
    assert row[5].startswith("applied")
    assert row[6] == f"{backup['volume_id']} stays locked"
    assert PastReset.objects.get().seen_at is not None


def test_a_later_look_never_undoes_what_was_seen():
    past(outcome="applied", key="x")
    store.write([store.Settled("x0", "deleted_meanwhile", timezone.now())])
    assert PastReset.objects.get().outcome == "applied"


def test_what_was_refused_is_a_row_too_and_no_reset(open_dialog, cloud, page):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    cloud.trouble["POST", "/action$"] = 403
    assert dialog.submit().ending
    (row,) = page().rows
    assert row[5] == "refused by Cinder"
    assert open_dialog(backup).text("#backup-reset-history summary").startswith("Never reset")


@pytest.mark.slow
def test_five_hundred_in_bulk_are_five_hundred_rows_each_once(bulk, cloud, page, admin):
    admin.cookies["API_RESULT_PAGE_SIZE"] = "150"
    backups = [cloud.add_backup(**COMPLETE) for _ in range(500)]
    results = bulk(backups)
    assert len(results) == 500
    rows = dict(PastReset.objects.values_list("backup_id", "outcome"))
    assert PastReset.objects.count() == 500
    assert rows == {each["id"]: results[each["id"]]["class"] for each in backups}
    listed, query = [], ""
    while True:
        found = page(query)
        listed += found.backups
        query = found.next
        if not query:
            break
    assert sorted(listed) == sorted(rows)


def test_the_same_change_written_by_two_workers_is_one_row():
    entry = store.Entry("k", {**dict.fromkeys(store.COLUMNS), "at": timezone.now().isoformat()})
    threads = [threading.Thread(target=store.write, args=([entry],)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.write([entry])
    assert PastReset.objects.count() == 1


@pytest.mark.parametrize(
    "name", ["a\x00b", "\u202egnp.exe", "x\ud800", "\n\r{}", "😀" * 300, "<b>" * 200, "'; DROP TABLE x; --"]
)
def test_any_name_is_kept_and_put_out_of_harms_way(page, name):
    record = {**dict.fromkeys(store.COLUMNS), "at": timezone.now().isoformat(), "region": "RegionOne"}
    store.write([store.Entry("k", {**record, "backup_id": "b", "user_name": name}, name)])
    (row,) = PastReset.objects.all()
    assert row.user_name.isprintable()
    assert row.user_name.isascii()
    assert len(row.user_name) <= 255
    assert json.loads(row.line)["user_name"] == name
    assert len(page(user=name.replace("\ud800", "")).answer.content) > 0
    assert len(page().rows) == 1


def test_records_that_are_too_old_go_with_the_next_write(settings):
    past(at=timezone.now() - datetime.timedelta(days=31), key="old", count=3)
    past(at=timezone.now() - datetime.timedelta(days=29), key="young")
    store.write([store.Entry("k", {**dict.fromkeys(store.COLUMNS), "at": timezone.now().isoformat()})])
    assert sorted(PastReset.objects.values_list("key", flat=True)) == ["k", "young0"]


# --- a database that fails ---


def test_without_the_database_the_reset_works_and_the_page_says_what_is_missing(open_dialog, cloud, page, broken):
    broken(OperationalError("server has gone away"))
    backup = cloud.add_backup(**COMPLETE)
    assert open_dialog(backup).submit().ending == "applied"
    found = page()
    assert found.rows == []
    assert "1 reset is missing below" in found.text("#history-waiting")
    assert backup["id"] in found.text("#history-waiting")


def test_what_was_missing_is_written_when_the_database_is_back(open_dialog, bulk, cloud, page, broken):
    broken(OperationalError("gone"))
    backups = [cloud.add_backup(**COMPLETE) for _ in range(120)]
    bulk(backups, chunk=60)
    assert PastReset.objects.count() == 0
    assert "120 resets are missing" in page().text("#history-waiting")
    broken.heal()
    found = page()
    assert found.text("#history-waiting") == ""
    assert sorted(PastReset.objects.values_list("backup_id", flat=True)) == sorted(each["id"] for each in backups)
    assert len(found.rows) == 20


def test_what_was_seen_of_a_reset_that_waits_is_not_lost(broken):
    now = timezone.now()
    broken(OperationalError("gone"))
    record = {**dict.fromkeys(store.COLUMNS), "at": now.isoformat(), "outcome": "accepted"}
    store.write([store.Entry("k", record)])
    broken.heal()
    store.write([store.Settled("k", "applied", now)])
    assert PastReset.objects.get().outcome == "applied"


def test_a_hanging_database_holds_one_request_up_and_no_reset_after_it(
    open_dialog, cloud, page, hanging, caplog, monkeypatch
):
    backups = [cloud.add_backup(**COMPLETE) for _ in range(3)]
    for backup in backups:
        dialog = open_dialog(backup)
        assert dialog.text("#backup-reset-history") == "Earlier resets: the history could not be read"
        assert dialog.submit().ending == "applied"
    assert page().text("#history-problem").startswith("The history cannot be read")
    assert "3 resets are missing" in page().text("#history-waiting")
    # Whoever came first has waited, and nobody else.
    assert caplog.text.count("no answer within") == 1
    assert caplog.text.count("an earlier request has not been answered") > 5
    hanging.set()
    wait_for_threads()
    monkeypatch.setattr(store, "PAGE_SECONDS", 30)
    assert sorted(page().backups) == sorted(each["id"] for each in backups)
    assert PastReset.objects.count() == 3


def test_a_database_that_somebody_locks_stops_no_reset(open_dialog, cloud, page, monkeypatch):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr(store, "WRITE_SECONDS", 0.1)
    try:
        assert dialog.submit().ending == "applied"
        assert backup["id"] in page().text("#history-waiting")
    finally:
        other.rollback()
        other.close()
    wait_for_threads()
    monkeypatch.setattr(store, "WRITE_SECONDS", 30)
    assert page().backups == [backup["id"]]


def test_ten_people_who_open_dialogs_at_once_are_all_told(cloud):
    past(backup_id="b")
    begun = [store.begin_of_backup("RegionOne", "b") for _ in range(10)]
    assert [len(store.of_backup(each)) for each in begun] == [1] * 10


def test_work_whose_turn_does_not_come_is_given_up(monkeypatch):
    monkeypatch.setattr(bounded, "MOST_SECONDS", 0)
    with pytest.raises(bounded.Unavailable, match="too many"):
        bounded.Bounds(most=0).call("default", list, 10)


@pytest.mark.parametrize(
    "line", ["", "{", "[]", '{"repairs": [3], "locked": [{}]}', '{"repairs": [{}], "request_ids": 1}']
)
def test_a_line_in_another_form_is_no_error(page, line):
    past(line=line)
    assert len(page().rows) == 1


def test_one_record_that_the_database_does_not_take_keeps_no_other_out(monkeypatch, caplog):
    real = store.QuerySet.bulk_create

    def bulk_create(self, rows, **options):
        if any(row.key == "bad" for row in rows):
            raise DataError("value too long")
        return real(self, rows, **options)

    monkeypatch.setattr("django.db.models.query.QuerySet.bulk_create", bulk_create)
    record = {**dict.fromkeys(store.COLUMNS), "at": timezone.now().isoformat()}
    store.write([store.Entry(key, record) for key in ("a", "bad", "c")])
    assert sorted(PastReset.objects.values_list("key", flat=True)) == ["a", "c"]
    assert "does not take the audit line" in caplog.text
    assert backlog.read() == {}


def test_a_table_that_is_not_there_is_told_with_the_command(page, monkeypatch):
    def found(kept, query):
        raise OperationalError("no such table")

    monkeypatch.setattr(store, "_found", found)
    monkeypatch.setattr(PastReset._meta, "db_table", "not_there")
    found = page()
    assert "manage.py migrate backup_reset_panel --database default" in found.text("#history-problem")


def test_neither_database_nor_cache_is_told_as_lost(settings, page, broken, monkeypatch):
    broken(OperationalError("gone"))
    monkeypatch.setattr(backlog, "_added", lambda text: False)
    record = {**dict.fromkeys(store.COLUMNS), "at": timezone.now().isoformat()}
    store.write([store.Entry("k", record)] * 2)
    assert "2 lines of the audit log could not be put into the history" in page().text("#history-lost")


def test_a_cache_that_is_gone_is_told_in_the_log(settings, broken, caplog):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache", "LOCATION": "127.0.0.1:9"}
    }
    broken(OperationalError("gone"))
    record = {**dict.fromkeys(store.COLUMNS), "at": timezone.now().isoformat()}
    store.write([store.Entry("k", record)])
    assert "1 lines of the audit log are not in the history" in caplog.text


def test_a_backlog_that_is_full_counts_what_it_does_not_take(broken, page, monkeypatch):
    monkeypatch.setattr(backlog, "MOST_PARTS", 2)
    broken(OperationalError("gone"))
    record = {**dict.fromkeys(store.COLUMNS), "at": timezone.now().isoformat()}
    for key in "abc":
        store.write([store.Entry(key, record)])
    assert backlog.lost()[0] == 1
    broken.heal()
    page()
    assert sorted(PastReset.objects.values_list("key", flat=True)) == ["a", "b"]
    assert backlog.read() == {}


def test_a_bug_of_ours_in_the_thread_keeps_nobody_waiting(monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda args: None)
    with pytest.raises(bounded.Unavailable, match="it failed"):
        bounded.BOUNDS.call("default", lambda: 1 / 0, 60)


# --- who reads what ---


@pytest.mark.parametrize("role", ["member", "reader"])
def test_whoever_may_not_reset_backups_sees_no_history(log_in, cloud, role):
    past(backup_id="a-backup-of-somebody")
    answer = log_in(role).get(reverse(URL))
    assert answer.status_code == 403
    assert b"a-backup-of-somebody" not in answer.content


def test_whoever_may_not_reset_those_of_a_project_does_not_see_them(page, monkeypatch, broken):
    past(backup_id="theirs", backup_project_id="p-2", key="t")
    past(backup_id="ours", backup_project_id="p-1")
    broken(OperationalError("gone"))
    record = {**dict.fromkeys(store.COLUMNS), "at": timezone.now().isoformat(), "region": "RegionOne"}
    store.write([store.Entry("w", {**record, "backup_project_id": "p-2"})])
    real = policy.may
    monkeypatch.setattr(
        policy, "may", lambda request, rules, project=None: project != "p-2" and real(request, rules, project)
    )
    found = page()
    assert found.backups == ["ours"]
    assert found.text("#history-waiting") == ""


def test_whoever_is_not_logged_in_sees_no_history(client):
    answer = client.get(reverse(URL))
    assert answer.status_code == 302
    assert "login" in answer.headers["Location"]


def test_rows_of_another_region_are_not_shown(page, log_in):
    past(region="RegionTwo", backup_id="elsewhere", key="e")
    past(backup_id="here")
    assert page().backups == ["here"]
    assert page(client=log_in("admin", region="RegionTwo")).backups == ["elsewhere"]


def test_what_waits_of_another_region_is_not_shown(page, log_in, broken, open_dialog, cloud):
    broken(OperationalError("gone"))
    assert open_dialog(cloud.add_backup(**COMPLETE)).submit().ending == "applied"
    assert page(client=log_in("admin", region="RegionTwo")).text("#history-waiting") == ""


def test_newest_first_page_by_page(page, admin, settings):
    admin.cookies["API_RESULT_PAGE_SIZE"] = "3"
    now = timezone.now()
    past(7, at=now)
    PastReset.objects.update(at=now.replace(microsecond=123456))
    PastReset.objects.filter(key="k6").update(at=now - datetime.timedelta(days=1))
    seen, query = [], ""
    while True:
        found = page(query)
        seen.append([row.get("data-object-id") for row in found.tree.cssselect("#history tr[data-object-id]")])
        query = found.next
        if not query:
            break
    assert [len(each) for each in seen] == [3, 3, 1]
    assert len({each for part in seen for each in part}) == 7
    assert seen[-1] == [str(PastReset.objects.get(key="k6").pk)]


@pytest.mark.parametrize("after", ["x", "-1--1", "9" * 400, "1-99999999999999999999", "\x00", "99999999999999999-1"])
def test_a_place_that_is_none_is_no_error(page, after):
    past(2)
    page(after=after)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"backup": "one"}, ["one"]),
        ({"user": "jo"}, ["two"]),
        ({"user": "u-2"}, ["two"]),
        ({"host": "node-2"}, ["one"]),
        ({"host": "node-2", "user": "jo"}, []),
    ],
)
def test_filters_by_backup_user_and_host(page, given, wanted):
    past(backup_id="one", host="node-2", key="a")
    past(backup_id="two", user_name="jo", user_id="u-2", key="b")
    assert page(**given).backups == wanted


def test_a_filter_that_is_too_long_is_told_and_lists_nothing(page):
    past()
    found = page(backup="x" * 100)
    assert found.rows == []
    assert "not valid" in found.text("#history-empty")


def test_times_are_in_the_users_zone(page, admin):
    past(at=datetime.datetime(2026, 11, 20, 23, 30, tzinfo=datetime.timezone.utc))
    admin.cookies["django_timezone"] = "Asia/Tokyo"
    assert page().rows[0][0].startswith("2026-11-21 08:30:00")


def test_history_that_is_empty_says_so(page):
    assert page().text("#history-empty") == "No reset since the history was switched on."


# --- without one ---


def test_without_the_setting_the_page_says_that_the_audit_log_is_all_and_how_to_switch_it_on(
    settings, page, open_dialog, cloud
):
    settings.BACKUP_RESET_PANEL = {}
    backup = cloud.add_backup(**COMPLETE)
    assert open_dialog(backup).submit().ending == "applied"
    assert PastReset.objects.count() == 0
    found = page()
    assert "the audit log is the only record" in found.text("#history-off")
    assert "HISTORY" in found.text("#history-off pre")
    assert open_dialog(backup).find("#backup-reset-history") is None


def test_a_database_that_horizon_does_not_have_is_named(settings, page):
    settings.BACKUP_RESET_PANEL = {"HISTORY": {"database": "nowhere"}}
    assert "“nowhere”" in page().text("#history-no-database")


# --- the dialog ---


def test_the_dialog_says_how_often_it_was_reset_and_by_whom(open_dialog, cloud, log_in):
    backup = cloud.add_backup(**COMPLETE)
    assert open_dialog(backup).find("#backup-reset-history") is None
    past(7, backup_id=backup["id"])
    past(backup_id=backup["id"], region="RegionTwo", key="elsewhere")
    past(at=timezone.now(), backup_id=backup["id"], outcome="not_sent", refused="not_sent", key="refused")
    dialog = open_dialog(backup)
    day = timezone.now().strftime("%A")
    assert dialog.text("#backup-reset-history summary").startswith("Reset 7 times since ")
    assert day in dialog.text("#backup-reset-history summary") or timezone.now().hour == 0
    lines = dialog.tree.cssselect("#backup-reset-history li")
    assert len(lines) == 5
    assert "someone" in lines[1].text_content()
    assert backup["id"] in dialog.find("#backup-reset-history a").get("href")


def test_a_reset_of_long_ago_is_told_by_its_date(open_dialog, cloud):
    backup = cloud.add_backup(**COMPLETE)
    past(at=datetime.datetime(2026, 1, 2, 3, tzinfo=datetime.timezone.utc), backup_id=backup["id"])
    assert open_dialog(backup).text("#backup-reset-history summary") == "Reset 1 time, 2026-01-02"


def test_stuck_backups_leads_to_the_history(admin, cloud):
    answer = admin.get(reverse("horizon:admin:backup_reset:index"))
    tree = html.fromstring(answer.content.decode())
    assert tree.cssselect("#stuck-history")[0].get("href") == reverse(URL)


@pytest.mark.parametrize("table", ["volumes", "snapshots"])
def test_left_over_that_was_freed_is_in_the_history_though_it_has_no_backup(admin, cloud, table):
    made = cloud.add_volume() if table == "volumes" else cloud.add_snapshot()
    url = reverse("horizon:admin:backup_reset:left_over", args=(table, made["id"]))
    Dialog(admin, admin.get(url, headers=AJAX)).submit(consent="on")
    page = Page(admin.get(reverse(URL)))
    assert page.answer.status_code == 200
    assert f"{made['id']}: Backing Up → Available (done)" in page.answer.content.decode().replace("&quot;", '"')
