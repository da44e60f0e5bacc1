# SPDX-License-Identifier: Apache-2.0
"""Bulk: the plan page, its chunks, and what becomes of every row."""

import json
import logging
import time
import types

import pytest
from django.core.cache import cache
from django.urls import reverse

from backup_reset_panel.core import audit as audit_fields
from backup_reset_panel.web import cache as web_cache
from tests import fake_cinder
from tests.fake_cinder import COMPLETE
from tests.fake_cinder import DOWN
from tests.fake_cinder import stamp
from tests.views.conftest import AJAX

#: The word that the processes on node-1 are dead.
DEAD = {"dead": '["node-1"]'}
#: What every request meets while Cinder's API is not there.
GONE = {
    "token refused": 401,
    "no connection": fake_cinder.REFUSED,
    "time-out": fake_cinder.TIME_OUT,
    "broken off": fake_cinder.BROKEN_OFF,
}


@pytest.fixture(autouse=True)
def quick(settings, monkeypatch):
    """Nobody waits between looks at a fake."""
    settings.BACKUP_RESET_PANEL = {"FOLLOW_SECONDS": 0.06}
    monkeypatch.setattr("backup_reset_panel.bulk.run.PAUSES", (0, 0))
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def call(admin):
    """Function: post to one of the bulk views, as the page's JavaScript does; returns the decoded answer."""

    def post(name, client=admin, status=200, **fields):
        answer = client.post(reverse(f"horizon:admin:backup_reset:{name}"), fields, headers=AJAX)
        assert answer.status_code == status
        return answer.json()

    return post


@pytest.fixture
def plan(call):
    """Function: plan by ids; returns the rows by name."""

    def planned(*backups, **fields):
        answer = call("bulk_plan", ids=json.dumps([backup["id"] for backup in backups]), **fields)
        return {row["name"]: row for row in answer["rows"]}

    return planned


@pytest.fixture
def run(call):
    """Function: carry out planned rows; returns the answer."""

    def carried_out(*rows):
        return call("bulk_apply", tokens=json.dumps([row["token"] for row in rows]))

    return carried_out


@pytest.fixture
def restores(cloud):
    """Ids of eighty backups that are being restored, each into a volume of its own: one every minute."""
    ids = []
    for number in range(80):
        when = stamp(9000 - 60 * number)
        target = cloud.add_volume(status="restoring-backup", name=f"into-{number}", updated_at=when)
        backup = cloud.add_backup(name=f"mail-{number}", status="restoring", updated_at=when, **COMPLETE)
        cloud.hide(backup["id"], restore_volume_id=target["id"])
        ids.append(backup["id"])
    return ids


@pytest.fixture
def audit_lines(caplog):
    """Function: the audit records that were written, decoded."""
    caplog.set_level(logging.INFO, logger=audit_fields.LOGGER)
    return lambda: [json.loads(record.message) for record in caplog.records if record.name == audit_fields.LOGGER]


def by_query(call, **fields):
    """The rows of a plan for all that match, chunk after chunk as the page's JavaScript asks for them."""
    rows, after = [], ""
    while True:
        answer = call("bulk_plan", after=after, **fields)
        rows += answer["rows"]
        if answer["ids"]:
            settings = {name: value for name, value in fields.items() if name in ("dead", "mode")}
            rows += call("bulk_plan", ids=json.dumps(answer["ids"]), **settings)["rows"]
        after = answer["after"]
        if not after:
            return rows


def test_the_plan_recommends_available_where_verified_and_error_elsewhere(plan, cloud):
    rows = plan(cloud.add_backup(name="whole", **COMPLETE), cloud.add_backup(name="empty"))
    assert (rows["whole"]["to"], rows["empty"]["to"]) == ("Available", "Error")


def test_the_plan_can_be_error_for_those_being_created_or_deleted(plan, cloud):
    rows = plan(
        cloud.add_backup(name="whole", **COMPLETE),
        cloud.add_backup(name="back", status="restoring", **COMPLETE),
        mode="error",
    )
    assert rows["whole"]["to"] == "Error"
    assert rows["back"]["left_out"]


def test_what_is_probably_running_is_left_out_unless_its_process_is_said_to_be_dead(plan, cloud):
    cloud.services = [cloud.service()]
    backup = cloud.add_backup(name="live")
    row = plan(backup)["live"]
    assert row["left_out"] == "It is probably still running."
    assert (row["host"], row["is_up"], row["wants_word"]) == ("node-1", True, True)
    assert plan(backup, **DEAD)["live"]["to"] == "Error"
    assert plan(backup, dead='["node-2"]')["live"]["left_out"]


def test_a_restore_is_cancelled_only_with_the_word_that_its_process_is_dead(plan, run, cloud):
    target = cloud.add_volume(status="restoring-backup", name="mail-restored")
    backup = cloud.add_backup(name="mail", status="restoring", **COMPLETE)
    cloud.hide(backup["id"], restore_volume_id=target["id"])
    assert "tick above that it is dead" in plan(backup)["mail"]["left_out"]
    row = plan(backup, **DEAD)["mail"]
    assert (row["to"], row["also"]) == ("Available", "mail-restored: Restoring Backup → Error Restoring")
    assert run(row)["results"][0]["class"] == "applied"
    assert target["status"] == "error_restoring"


def test_another_backup_of_a_volume_keeps_it_held_also_where_lists_come_back_short(plan, cloud, monkeypatch):
    def add(name, seconds, **values):
        return cloud.add_backup(name=name, created_at=stamp(seconds), updated_at=stamp(seconds), **values, **COMPLETE)

    shared = cloud.add_volume()["id"]
    backups = [add("one", 30_000, volume_id=shared), *(add(f"n{n}", 20_000 - n) for n in range(64))]
    add("other", 8000, volume_id=shared)
    listed = cloud._listed

    def short(context, kind, found, query, counted):
        limit = int(query.get("limit", [1000])[0])
        return listed(context, kind, found, query | {"limit": [min(limit, 60)]}, counted)

    monkeypatch.setattr(cloud, "_listed", short)
    rows = plan(*backups, **DEAD)
    assert "Backing Up → Available" in rows["n0"]["also"]
    assert "Backing Up → Available" not in rows["one"]["also"]


def test_targets_of_many_restores_are_found_without_asking_about_every_volume(plan, cloud, restores):
    asked = []
    cloud.before_answer.append(lambda request: asked.append(request.url))
    rows = plan(*(cloud.backups[each] for each in restores[40:48]), **DEAD)
    assert {name: row["also"] for name, row in rows.items()} == {
        f"mail-{n}": f"into-{n}: Restoring Backup → Error Restoring" for n in range(40, 48)
    }
    assert len([url for url in asked if "restore_volume_id=" in url]) == 8


def test_targets_of_restores_are_found_also_where_their_times_tell_nothing(plan, cloud, restores):
    for volume in cloud.volumes.values():
        volume["updated_at"] = None
    rows = plan(*(cloud.backups[each] for each in restores[40:48]), **DEAD)
    assert {name: row["to"] for name, row in rows.items()} == {f"mail-{n}": "Available" for n in range(40, 48)}
    assert all(row["also"].startswith("into-") for row in rows.values())


def test_many_rows_free_what_they_hold_without_waiting_for_each_other(plan, run, cloud):
    rows = plan(*(cloud.add_backup(name=f"b-{number}", **COMPLETE) for number in range(12)), **DEAD)
    results = run(*rows.values())["results"]
    assert [(each["class"], each["freed"], each["locked"]) for each in results] == [("applied", 1, 0)] * 12


def test_what_was_complete_once_is_always_left_out(plan, cloud):
    backup = cloud.add_backup(
        name="once", status="error", volume_id=cloud.add_volume(status="available")["id"], **COMPLETE
    )
    assert "decide on it separately" in plan(backup, **DEAD)["once"]["left_out"]


@pytest.mark.parametrize("mode", ["recommended", "error"])
def test_of_what_was_complete_once_at_most_the_volume_is_freed(plan, cloud, mode):
    backup = cloud.add_backup(name="once", status="error", **COMPLETE)
    row = plan(backup, mode=mode, **DEAD)["once"]
    assert (row["to"], row["target"]) in [("", "repair"), ("", "")]


def test_a_backup_that_cannot_be_read_is_left_out_with_the_reason(call, cloud):
    gone = "7d3f2a90-6c2b-4a49-9f3c-0d6f1f3f7c11"
    (row,) = call("bulk_plan", ids=json.dumps([gone]))["rows"]
    assert "no such backup" in row["left_out"]
    assert row["token"] == ""


@pytest.mark.parametrize("what", [401, 403, fake_cinder.REFUSED], ids=str)
def test_a_chunk_whose_backups_cinder_does_not_give_pauses_and_all_of_it_is_still_to_be_done(plan, run, cloud, what):
    rows = plan(*(cloud.add_backup(name=f"nightly-{number}") for number in range(6))).values()
    cloud.trouble["GET", "/backups"] = what
    answer = run(*rows)
    assert answer["pause"]
    assert answer.get("log_in", False) is (what == 401)
    assert {result["class"] for result in answer["results"]} == {"not_sent"}
    assert len(answer["results"]) == 6
    assert cloud.resets == []


def test_a_plan_by_ids_that_takes_long_comes_in_parts(call, cloud, monkeypatch):
    monkeypatch.setattr("backup_reset_panel.bulk.planning.AT_ONCE", 1)
    ids = [cloud.add_backup()["id"] for _number in range(3)]
    answer = call("bulk_plan", ids=json.dumps(ids))
    assert [row["id"] for row in answer["rows"]] == ids[:1]
    assert answer["ids"] == ids[1:]


def test_all_that_match_are_planned_by_lists_without_a_read_for_each(call, cloud):
    made = [cloud.add_backup(**COMPLETE)["id"] for _number in range(30)]
    cloud.calls.clear()
    rows = by_query(call)
    assert sorted(row["id"] for row in rows) == sorted(made)
    assert {row["to"] for row in rows} == {"Available"}
    assert cloud.asked("GET", r"/backups/[0-9a-f-]{36}") == 0


def test_all_that_match_come_in_parts_without_loss(call, cloud, monkeypatch):
    monkeypatch.setattr("backup_reset_panel.bulk.planning.LOOKED_AT", 4)
    made = [cloud.add_backup(updated_at=stamp(9000 - n), **COMPLETE)["id"] for n in range(10)]
    assert [row["id"] for row in by_query(call)] == made


def test_incremental_ones_among_all_that_match_are_asked_about_by_themselves(call, cloud):
    volume_id = cloud.add_volume()["id"]
    full = cloud.add_backup(status="available", volume_id=volume_id, created_at=stamp(9e4), **COMPLETE)
    child = cloud.add_backup(is_incremental=True, volume_id=volume_id, **COMPLETE)
    cloud.hide(child["id"], parent_id=full["id"])
    (row,) = by_query(call)
    assert row["to"] == "Available"


def test_a_filter_reaches_the_plan(call, cloud):
    cloud.add_backup(name="nightly", **COMPLETE)
    cloud.add_backup(name="weekly", **COMPLETE)
    assert [row["name"] for row in by_query(call, q="week")] == ["weekly"]


def test_a_list_that_cannot_be_read_gives_no_plan(call, cloud):
    cloud.add_backup(**COMPLETE)
    cloud.trouble["GET", "/backups/detail"] = 500
    assert "could not be read to its end" in call("bulk_plan", after="")["stop"]


def test_every_row_is_reset_seen_and_written_down(plan, run, cloud, audit_lines):
    whole, empty = cloud.add_backup(name="whole", **COMPLETE), cloud.add_backup(name="empty")
    answer = run(*plan(whole, empty).values())
    assert [result["class"] for result in answer["results"]] == ["applied", "applied"]
    assert (whole["status"], empty["status"]) == ("available", "error")
    assert {line["backup_id"] for line in audit_lines()} == {whole["id"], empty["id"]}
    assert {line["mode"] for line in audit_lines()} == {"bulk"}


def test_no_volume_is_freed_without_the_word_and_every_locked_one_is_told(plan, run, cloud):
    backups = [cloud.add_backup(name="whole", **COMPLETE), cloud.add_backup(name="empty")]
    rows = plan(*backups)
    assert all("is still Backing Up" in row["also"] for row in rows.values())
    answer = run(*rows.values())
    assert [result["locked"] for result in answer["results"]] == [1, 1]
    assert all("is still Backing Up" in result["repairs"][0] for result in answer["results"])
    assert {result["level"] for result in answer["results"]} == {"warning"}
    assert {cloud.volumes[backup["volume_id"]]["status"] for backup in backups} == {"backing-up"}


def test_all_volumes_of_a_host_are_freed_by_one_word(plan, run, cloud):
    backups = [cloud.add_backup(name="whole", **COMPLETE), cloud.add_backup(name="empty")]
    rows = plan(*backups, **DEAD)
    assert all(row["also"] == "db-data: Backing Up → Available" for row in rows.values())
    answer = run(*rows.values())
    assert [result["freed"] for result in answer["results"]] == [1, 1]
    assert {result["level"] for result in answer["results"]} == {"success"}
    assert {cloud.volumes[backup["volume_id"]]["status"] for backup in backups} == {"available"}


def test_a_volume_that_another_backup_holds_is_not_freed(plan, run, cloud):
    volume = cloud.add_volume()
    whole = cloud.add_backup(volume_id=volume["id"], **COMPLETE)
    cloud.add_backup(volume_id=volume["id"], name="at-work")
    run(*plan(whole, **DEAD).values())
    assert volume["status"] == "backing-up"


def test_rows_that_hold_nothing_are_not_asked_about_for_repairs(call, run, cloud):
    for number in range(12):
        volume = cloud.add_volume(status="in-use")
        cloud.add_backup(name=f"n{number}", volume_id=volume["id"], **COMPLETE)
    rows = by_query(call)
    cloud.calls.clear()
    answer = run(*rows)
    assert {result["class"] for result in answer["results"]} == {"applied"}
    assert cloud.asked("GET", r"/volumes/[0-9a-f-]{36}") == 0
    assert cloud.asked("GET", r"/backups/[0-9a-f-]{36}") == 0
    # One before, one after.
    assert cloud.asked("GET", "/backups/detail") == 2


def test_the_number_of_questions_of_a_run_does_not_grow_with_its_rows(call, run, cloud):
    asked = []
    for count in (8, 40):
        for number in range(count):
            volume = cloud.add_volume(status="in-use")
            cloud.add_backup(name=f"n{number}", volume_id=volume["id"], **COMPLETE)
        rows = by_query(call)
        cloud.calls.clear()
        run(*rows)
        asked.append(cloud.asked("GET", "."))
    assert asked[0] == asked[1] < 25


def test_a_run_asks_horizons_cache_for_its_rows_together(call, run, cloud, monkeypatch):
    """Each question is a way to memcached and back, one after another: with many a row they took a fifth of the run."""
    asked = []
    tried = web_cache._try

    def counted(call, *args, default):
        asked.append(call.__name__)
        return tried(call, *args, default=default)

    monkeypatch.setattr(web_cache, "_try", counted)

    def questions(rows):
        for _number in range(rows):
            cloud.add_backup(**COMPLETE)
        planned = by_query(call)
        asked.clear()
        assert {each["class"] for each in run(*planned)["results"]} == {"applied"}
        cloud.backups.clear()
        return len(asked)

    # A claim, and that it is about to be sent, are written row by row.
    assert questions(20) - questions(10) == 10 * 2


def test_a_snapshot_is_freed_too(plan, run, cloud):
    snapshot = cloud.add_snapshot()
    run(*plan(cloud.add_backup(snapshot_id=snapshot["id"], **COMPLETE), **DEAD).values())
    assert snapshot["status"] == "available"


def test_a_backup_that_was_never_started_is_removed_with_the_word_of_its_host(plan, run, cloud):
    backup = cloud.add_backup(name="lost")
    cloud.hide(backup["id"], service=None, host="node-1")
    cloud.moves_to = "node-2"
    assert plan(backup)["lost"]["left_out"]
    row = plan(backup, **DEAD)["lost"]
    assert (row["to"], row["target"]) == ("Removed", "remove")
    assert run(row)["results"][0]["class"] == "removed"
    assert backup["id"] not in cloud.backups
    assert cloud.volumes[backup["volume_id"]]["status"] == "available"


def test_a_backup_that_was_never_started_is_only_freed_where_no_service_takes_requests(plan, run, cloud):
    cloud.services = [cloud.service(**DOWN)]
    backup = cloud.add_backup(name="lost")
    cloud.hide(backup["id"], service=None, host=None)
    row = plan(backup, dead='[""]')["lost"]
    assert "No cinder-backup is up" in row["left_out"]


def test_rows_are_claimed_before_they_are_looked_at(plan, run, cloud):
    rows = plan(*(cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(12))).values()
    claimed = []

    def look(request):
        if "/backups/detail" in request.url and not cloud.resets:
            claimed.append([cache.get(f"backup_reset_panel.claim.{row['id']}") is not None for row in rows])

    cloud.before_answer.append(look)
    run(*rows)
    assert claimed[0] == [True] * 12


def test_rows_that_another_run_has_claimed_are_left_to_it(plan, run, cloud):
    backup = cloud.add_backup(name="whole", **COMPLETE)
    row = plan(backup)["whole"]
    cache.add(f"backup_reset_panel.claim.{backup['id']}", "another", 60)
    assert run(row)["results"][0]["class"] in ("not_sent", "changed")
    assert cloud.resets == []
    assert cache.get(f"backup_reset_panel.claim.{backup['id']}") == "another"


def test_no_claim_is_left_on_a_row_that_changed(plan, run, cloud):
    backup = cloud.add_backup(name="whole", **COMPLETE)
    row = plan(backup)["whole"]
    backup["object_count"] = 200
    assert run(row)["results"][0]["class"] == "changed"
    assert cache.get(f"backup_reset_panel.claim.{backup['id']}") is None
    assert cache.get(f"backup_reset_panel.armed.{backup['id']}") is None


def test_no_claim_is_left_when_something_of_ours_fails(plan, run, cloud, monkeypatch, audit_lines):
    rows = plan(*(cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(6))).values()
    monkeypatch.setattr("backup_reset_panel.bulk.run._watch", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(*rows)
    assert [cache.get(f"backup_reset_panel.claim.{row['id']}") for row in rows] == [None] * 6
    # They may have reached Cinder, and the next one is told so.
    assert all(cache.get(f"backup_reset_panel.armed.{row['id']}") for row in rows)
    assert len(audit_lines()) == 6


def test_a_row_that_changed_since_the_plan_is_left_alone(plan, run, cloud):
    backup = cloud.add_backup(name="whole", **COMPLETE)
    row = plan(backup)["whole"]
    backup["fail_reason"] = "boom"
    (result,) = run(row)["results"]
    assert result["class"] == "changed"
    assert "Nothing was sent, it has changed" in result["said"]
    assert cloud.resets == []


def test_a_row_whose_parent_was_deleted_since_the_plan_is_not_sent(plan, run, cloud, audit_lines):
    volume_id = cloud.add_volume()["id"]
    full = cloud.add_backup(status="available", volume_id=volume_id, created_at=stamp(9e4), **COMPLETE)
    child = cloud.add_backup(name="child", is_incremental=True, volume_id=volume_id, **COMPLETE)
    cloud.hide(child["id"], parent_id=full["id"])
    row = plan(child)["child"]
    assert row["to"] == "Available"
    del cloud.backups[full["id"]]
    (result,) = run(row)["results"]
    assert result["class"] == "changed"
    assert "Chain broken" in result["said"]
    assert "Now: Error" in result["said"]
    assert cloud.resets == []
    assert audit_lines()[0]["refused"] == "other_decision"


@pytest.mark.parametrize("allowed", [True, False])
def test_a_sound_incremental_row_needs_no_override(plan, run, cloud, settings, audit_lines, allowed):
    settings.BACKUP_RESET_PANEL |= {"OVERRIDE_ALLOWED": allowed}
    volume_id = cloud.add_volume()["id"]
    full = cloud.add_backup(status="available", volume_id=volume_id, created_at=stamp(9e4), **COMPLETE)
    child = cloud.add_backup(name="child", is_incremental=True, volume_id=volume_id, **COMPLETE)
    cloud.hide(child["id"], parent_id=full["id"])
    (result,) = run(plan(child, **DEAD)["child"])["results"]
    assert (result["class"], result["freed"]) == ("applied", 1)
    (line,) = audit_lines()
    assert (line["override"], line["verdict"]) == (False, "complete")


@pytest.mark.parametrize("status", ["creating", "restoring"])
def test_a_row_whose_host_came_back_since_the_plan_is_not_sent(plan, run, cloud, status):
    backup = cloud.add_backup(name="x", status=status, **COMPLETE)
    backup["updated_at"] = stamp(300)
    row = plan(backup, **DEAD)["x"]
    cloud.services = [cloud.service(), cloud.service(host="node-2")]
    (result,) = run(row)["results"]
    assert result["class"] == "changed"
    assert "Probably still running" in result["said"]
    assert cloud.resets == []


def test_a_row_whose_volume_was_attached_since_the_plan_is_not_sent(plan, run, cloud):
    backup = cloud.add_backup(name="x", **COMPLETE)
    row = plan(backup, **DEAD)["x"]
    cloud.volumes[backup["volume_id"]]["attachments"] = [{"id": "one"}]
    assert run(row)["results"][0]["class"] == "changed"
    assert cloud.resets == []


def test_a_volume_whose_history_differs_is_left_locked_and_told_by_plan_and_run(plan, run, cloud):
    backup = cloud.add_backup(name="x", **COMPLETE)
    cloud.hide(backup["volume_id"], previous_status="in-use")
    row = plan(backup, **DEAD)["x"]
    assert "db-data is still Backing Up" in row["also"]
    assert run(row)["results"][0]["locked"] == 1
    assert cloud.volumes[backup["volume_id"]]["status"] == "backing-up"


def test_nothing_is_sent_to_another_region_than_that_of_the_plan(plan, call, cloud, log_in):
    rows = plan(*(cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(3))).values()
    elsewhere = log_in("admin", region="RegionTwo")
    answer = call("bulk_apply", client=elsewhere, tokens=json.dumps([row["token"] for row in rows]))
    assert "another region" in answer["stop"]
    assert cloud.resets == []


def test_a_backup_is_sent_one_reset_a_chunk(plan, call, cloud):
    backup = cloud.add_backup(name="x", **COMPLETE)
    tokens = [plan(backup)["x"]["token"], plan(backup, mode="error")["x"]["token"]]
    assert call("bulk_apply", status=400, tokens=json.dumps(tokens))["stop"]
    assert call("bulk_apply", status=400, tokens=json.dumps(tokens[:1] * 2))["stop"]
    assert cloud.resets == []


def test_a_row_in_a_zone_without_a_service_stops_no_other(plan, run, cloud):
    backups = [cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(6)]
    backups[3]["availability_zone"] = "elsewhere"
    rows = plan(*backups)
    assert "No cinder-backup is in zone elsewhere" in rows["n3"]["left_out"]
    for row in rows.values():
        row["token"] = row["token"] or None
    answer = run(*(row for row in rows.values() if row["token"]))
    assert "pause" not in answer
    assert len(cloud.resets) == 5


def test_a_zone_that_lost_its_service_since_the_plan_stops_no_other(plan, run, cloud):
    cloud.services.append(cloud.service(host="node-3", zone="elsewhere"))
    backups = [cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(6)]
    backups[3]["availability_zone"] = "elsewhere"
    rows = plan(*backups)
    cloud.services.pop()
    answer = run(*rows.values())
    assert "pause" not in answer
    classes = {result["id"]: result["class"] for result in answer["results"]}
    assert classes.pop(backups[3]["id"]) == "changed"
    assert set(classes.values()) == {"applied"}


def test_a_row_of_a_project_that_the_policy_forbids_is_left_out_alone(plan, cloud, monkeypatch):
    forbidden = cloud.add_backup(name="forbidden", **{"os-backup-project-attr:project_id": "secret"})
    allowed = cloud.add_backup(name="allowed")
    monkeypatch.setattr("backup_reset_panel.web.policy.may", lambda request, rules, project=None: project != "secret")
    rows = plan(forbidden, allowed)
    assert "policy does not allow you" in rows["forbidden"]["left_out"]
    assert rows["allowed"]["to"] == "Error"


def test_a_repair_that_the_policy_forbids_is_told_by_plan_and_run(plan, run, cloud, monkeypatch):
    backup = cloud.add_backup(name="x", **COMPLETE)
    monkeypatch.setattr(
        "backup_reset_panel.web.policy.may", lambda request, rules, project=None: "volume_admin" not in str(rules)
    )
    row = plan(backup, **DEAD)["x"]
    assert "→" not in row["also"]
    (result,) = run(row)["results"]
    assert (result["freed"], result["locked"]) == (0, 1)
    assert "is still Backing Up" in result["repairs"][0]


def test_what_could_not_be_asked_in_time_is_left_out(plan, cloud):
    backups = [cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(6)]
    cloud.trouble["GET", r"/backups$"] = fake_cinder.TIME_OUT
    assert {row["left_out"] for row in plan(*backups).values()} == {"Cinder answers too slowly to decide on it."}


def test_an_opposite_reset_that_may_still_come_is_decided_on_by_itself(plan, run, cloud):
    cloud.applies = False
    backup = cloud.add_backup(name="x", **COMPLETE)
    run(plan(backup)["x"])
    assert "decide on it separately" in plan(backup, mode="error")["x"]["left_out"]
    assert plan(backup)["x"]["to"] == "Available"


@pytest.mark.parametrize("ids", ['["../volumes/detail?x="]', '["x"]', "[1]", '{"a": 1}', "[[[["])
def test_what_is_no_id_does_not_reach_cinder(call, cloud, ids):
    cloud.calls.clear()
    assert call("bulk_plan", status=400, ids=ids)["stop"]
    assert cloud.asked("GET", "/backups") == 0


def test_rows_far_down_their_list_are_asked_about_together(plan, cloud):
    for number in range(60):
        cloud.add_backup(name=f"old-{number}", updated_at=stamp(90000 - number), **COMPLETE)
    young = [cloud.add_backup(name=f"young-{n}", updated_at=stamp(5000 - n), **COMPLETE) for n in range(12)]
    cloud.calls.clear()
    assert {row["to"] for row in plan(*young).values()} == {"Available"}
    assert cloud.asked("GET", r"/backups$") < 25


def test_a_locked_backup_that_is_over_is_freed_in_bulk(call, run, cloud):
    backup = cloud.add_backup(name="over", status="error", fail_reason="boom")
    assert all(row["left_out"] for row in by_query(call))
    (row,) = [row for row in by_query(call, dead='["node-1"]') if row["id"] == backup["id"]]
    assert row["target"] == "repair"
    assert run(row)["results"][0]["class"] == "repaired"
    assert cloud.volumes[backup["volume_id"]]["status"] == "available"


def test_a_mark_that_cannot_be_left_keeps_a_row_from_being_sent(plan, run, cloud):
    backup = cloud.add_backup(name="x", status="deleting", **COMPLETE)
    row = plan(backup)["x"]
    cloud.trouble["PUT", "/backups/"] = 403
    (result,) = run(row)["results"]
    assert result["class"] == "changed"
    assert "did not accept the note" in result["said"]
    assert cloud.resets == []
    cloud.trouble.clear()
    assert run(row)["results"][0]["class"] == "applied"
    assert backup["metadata"] == {"backup_reset_panel.reset_from": "deleting"}


def test_a_row_that_was_deleted_since_the_plan_is_told(plan, run, cloud):
    backup = cloud.add_backup(name="whole", **COMPLETE)
    row = plan(backup)["whole"]
    del cloud.backups[backup["id"]]
    assert run(row)["results"][0]["class"] == "deleted_meanwhile"


def test_accepted_and_not_applied_is_counted_as_such_and_not_sent_again(plan, run, cloud):
    cloud.applies = False
    backup = cloud.add_backup(name="whole", **COMPLETE)
    row = plan(backup)["whole"]
    assert run(row)["results"][0]["class"] == "accepted"
    # What is known has changed since the plan: a reset is on its way.
    assert run(row)["results"][0]["class"] == "accepted"
    assert cloud.resets == [(backup["id"], "available")] * 2


def test_what_was_accepted_can_be_looked_at_again_many_at_once(plan, run, call, cloud):
    cloud.applies = False
    backups = [cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(5)]
    watching = [result["watch"] for result in run(*plan(*backups).values())["results"]]
    for backup in backups[:3]:
        backup["status"] = "available"
    del cloud.backups[backups[3]["id"]]
    answer = call("bulk_look", tokens=json.dumps(watching))
    assert [result["class"] for result in answer["results"]] == ["applied"] * 3 + ["deleted_meanwhile", "accepted"]
    assert [bool(result["watch"]) for result in answer["results"]] == [False] * 4 + [True]
    assert cloud.asked("POST", "/backups/") == 5


def test_what_stays_locked_is_told_also_of_a_reset_that_is_seen_only_later(plan, run, call, cloud):
    cloud.applies = False
    held, freed = (cloud.add_backup(name=name, **COMPLETE) for name in ("held", "freed"))
    (first, second) = run(*plan(held, freed).values())["results"]
    assert [first["locked"], second["locked"]] == [0, 0]
    for backup in (held, freed):
        backup["status"] = "available"
    cloud.volumes[freed["volume_id"]]["status"] = "available"
    answer = call("bulk_look", tokens=json.dumps([first["watch"], second["watch"]]))
    # The second one's own job may have freed it, and set the status.
    assert [result["class"] for result in answer["results"]] == ["applied", "reached"]
    assert [result["locked"] for result in answer["results"]] == [1, 0]
    assert "is still Backing Up" in answer["results"][0]["repairs"][0]


def test_what_was_never_started_is_removed_also_when_all_that_match_are_planned(call, cloud):
    backup = cloud.add_backup(updated_at=stamp(9000), created_at=stamp(9000))
    cloud.hide(backup["id"], service=None, host="node-1")
    (row,) = by_query(call, **DEAD)
    assert (row["target"], row["also"]) == ("remove", "db-data: Backing Up → Available")


@pytest.mark.parametrize("dead", [{}, DEAD], ids=["unsaid", "dead"])
def test_the_plan_is_the_same_by_ids_and_by_filter(call, plan, cloud, dead):
    volume_id = cloud.add_volume()["id"]
    full = cloud.add_backup(status="available", volume_id=volume_id, created_at=stamp(9e4), **COMPLETE)
    backups = [
        cloud.add_backup(name="whole", **COMPLETE),
        cloud.add_backup(name="empty"),
        cloud.add_backup(name="child", is_incremental=True, volume_id=volume_id, **COMPLETE),
        cloud.add_backup(name="mail", status="restoring", **COMPLETE),
        cloud.add_backup(name="gone", status="deleting", **COMPLETE),
        cloud.add_backup(name="lost"),
    ]
    cloud.hide(backups[2]["id"], parent_id=full["id"])
    cloud.hide(backups[5]["id"], service=None)
    told = ("name", "to", "also", "why", "left_out", "host", "wants_word")
    by_filter = {row["name"]: [row[name] for name in told] for row in by_query(call, **dead)}
    by_ids = {name: [row[each] for each in told] for name, row in plan(*backups, **dead).items()}
    by_one = {name: [row[each] for each in told] for backup in backups for name, row in plan(backup, **dead).items()}
    assert by_filter == by_ids == by_one


def test_right_to_left_name_of_a_volume_is_isolated_in_plan_and_result(plan, run, cloud):
    volume = cloud.add_volume(name="\u202eevil")
    row = plan(cloud.add_backup(name="whole", volume_id=volume["id"], **COMPLETE), **DEAD)["whole"]
    assert row["also"] == "\u2068evil\u2069: Backing Up → Available"
    assert run(row)["results"][0]["repairs"][0].startswith("Volume \u2068evil\u2069: ")


def test_a_look_with_a_token_that_is_not_ours_is_refused(call, cloud):
    assert call("bulk_look", status=400, tokens='["forged"]')["stop"]


def test_a_row_with_left_over_temporary_resources_goes_the_long_way(plan, run, cloud, settings):
    settings.BACKUP_RESET_PANEL = {"FOLLOW_SECONDS": 8}
    backup = cloud.add_backup(name="whole", **COMPLETE)
    cloud.leave_temporary(backup, temp_snapshot_id="0-1")
    assert run(plan(backup, **DEAD)["whole"])["results"][0]["class"] == "applied"
    assert [target for _id, target in cloud.resets[:2]] == ["error", "available"]


def test_a_service_that_dies_half_way_pauses_the_run(plan, run, cloud):
    rows = plan(*(cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(12))).values()
    cloud.trouble["POST", "/backups/"] = 404
    answer = run(*rows)
    assert "No cinder-backup takes resets now" in answer["pause"]
    assert len(answer["results"]) == 12
    assert cloud.asked("POST", "/backups/") < 12


def test_restores_into_their_sources_are_planned_also_where_more_volumes_are_restored_into_than_a_list_shows(
    plan, cloud, monkeypatch
):
    monkeypatch.setattr("backup_reset_panel.cinder.evidence.targets.MOST_TARGETS", 3)
    backups = []
    for number in range(8):
        volume = cloud.add_volume(name=f"db-{number}", status="restoring-backup", updated_at=stamp(9000 - number))
        backups.append(cloud.add_backup(name=f"n{number}", status="restoring", volume_id=volume["id"], object_count=9))
        cloud.hide(backups[-1]["id"], restore_volume_id=volume["id"])
    before = cloud.asked("GET", "/backups/detail$")
    rows = plan(*backups, **DEAD)
    assert [row["also"] for row in rows.values()] == [
        f"db-{number}: Restoring Backup → Error Restoring" for number in range(8)
    ]
    # One question for each volume, and the list of those that are planned.
    assert cloud.asked("GET", "/backups/detail$") - before <= 8 + 4


def test_a_slow_cinder_gets_what_there_is_time_for_and_the_rest_is_put_off(plan, run, cloud, monkeypatch, audit_lines):
    rows = list(plan(*(cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(5))).values())
    # They are claimed, decided on, and their turns come: at once, after six seconds, and later.
    clock = types.SimpleNamespace(monotonic=iter([0.0, 0.0, 0.0, 6.0, 12.0, 18.0, 24.0]).__next__, sleep=time.sleep)
    with monkeypatch.context() as patched:
        patched.setattr("backup_reset_panel.bulk.run.time", clock)
        answer = run(*rows)
    assert "pause" not in answer
    assert sorted(result["class"] for result in answer["results"]) == ["applied", "applied", *["put_off"] * 3]
    left = [result["id"] for result in answer["results"] if result["class"] == "put_off"]
    sent = [each for each, _target in cloud.resets]
    assert len(sent) == 2
    assert not set(sent) & set(left)
    assert sorted(line["backup_id"] for line in audit_lines()) == sorted(sent)
    # The next chunk has them, and nothing is in its way.
    again = run(*(row for row in rows if row["id"] in left))
    assert {result["class"] for result in again["results"]} == {"applied"}


def test_nothing_is_sent_on_claims_that_are_about_to_lapse_and_the_run_pauses(
    plan, run, cloud, monkeypatch, audit_lines
):
    rows = list(plan(*(cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(5))).values())
    # To decide on them took 21 seconds.
    clock = types.SimpleNamespace(monotonic=iter([0.0, *[21.0] * 6]).__next__, sleep=time.sleep)
    with monkeypatch.context() as patched:
        patched.setattr("backup_reset_panel.bulk.run.time", clock)
        answer = run(*rows)
    assert "does not answer in time" in answer["pause"]
    assert {result["class"] for result in answer["results"]} == {"put_off"}
    assert cloud.resets == []
    assert audit_lines() == []
    assert {result["class"] for result in run(*rows)["results"]} == {"applied"}


def test_services_that_are_all_long_down_pause_the_run_before_anything_is_sent(plan, run, cloud):
    row = plan(cloud.add_backup(name="whole", **COMPLETE))["whole"]
    cloud.services = [cloud.service(**DOWN)]
    answer = run(row)
    assert "No cinder-backup is up" in answer["pause"]
    assert answer["results"][0]["class"] == "not_sent"
    assert cloud.resets == []


def test_services_that_have_all_just_gone_down_pause_the_run_before_anything_is_sent(plan, run, cloud):
    rows = plan(*(cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(3))).values()
    cloud.services[1].update(state="down", updated_at=stamp(90))
    answer = run(*rows)
    assert "No cinder-backup takes resets now" in answer["pause"]
    assert {result["class"] for result in answer["results"]} == {"not_sent"}
    assert cloud.resets == []


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (fake_cinder.TIME_OUT, "Cinder does not answer in time."),
        (fake_cinder.REFUSED, "Cinder cannot be reached."),
        (500, "Cinder failed to answer."),
    ],
    ids=str,
)
def test_what_was_known_when_planned_and_is_late_now_pauses_the_run_and_is_no_change(plan, run, cloud, what, told):
    rows = plan(*(cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(3)), **DEAD).values()
    cloud.trouble["GET", "/volumes"] = what
    answer = run(*rows)
    assert told in answer["pause"]
    assert {result["class"] for result in answer["results"]} == {"not_sent"}
    assert cloud.resets == []
    del cloud.trouble["GET", "/volumes"]
    assert {result["class"] for result in run(*rows)["results"]} == {"applied"}


def test_a_refused_token_stops_the_run_and_asks_keystone_nothing(plan, run, cloud):
    rows = plan(*(cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(12))).values()
    cloud.trouble["POST", "/backups/"] = 401
    cloud.calls.clear()
    answer = run(*rows)
    assert "Log in again" in answer["pause"]
    assert cloud.asked("POST", "/backups/") <= 4
    assert cloud.asked("POST", "identity") == 0


@pytest.mark.parametrize("what", [409, 429, 500, fake_cinder.TIME_OUT], ids=str)
def test_every_row_has_a_result_whatever_cinder_answers(plan, run, cloud, what):
    rows = plan(*(cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(6))).values()
    cloud.trouble["POST", "/backups/"] = what
    answer = run(*rows)
    assert {result["id"] for result in answer["results"]} == {row["id"] for row in rows}
    assert not {"applied", "repaired"} & {result["class"] for result in answer["results"]}


def test_a_backup_that_cannot_be_read_any_more_is_told(plan, run, cloud):
    row = plan(cloud.add_backup(name="whole", **COMPLETE))["whole"]
    cloud.trouble["GET", "/backups/"] = 500
    assert run(row)["results"][0]["class"] == "refused"
    assert cloud.resets == []


@pytest.mark.parametrize("what", GONE)
def test_cinder_that_is_not_there_pauses_the_run_and_fails_no_row(plan, run, cloud, what):
    rows = plan(*(cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(40))).values()
    cloud.trouble["GET", "/"] = GONE[what]
    cloud.calls.clear()
    answer = run(*rows)
    assert answer["pause"]
    assert {result["class"] for result in answer["results"]} == {"not_sent"}
    assert cloud.resets == []
    assert cloud.asked("GET", "/backups/[^?]") < 10


@pytest.mark.parametrize(("held", "looks"), [("backing-up", 5), ("available", 3)], ids=["holding", "holding nothing"])
def test_only_what_may_hold_something_is_watched_to_the_end(plan, run, cloud, monkeypatch, held, looks):
    monkeypatch.setattr("backup_reset_panel.bulk.run.PAUSES", (0,) * 5)
    cloud.applies = False
    volumes = [cloud.add_volume(status=held)["id"] for _n in range(6)]
    rows = plan(
        *(cloud.add_backup(name=f"n{n}", volume_id=each, **COMPLETE) for n, each in enumerate(volumes)), **DEAD
    ).values()
    seen = []
    cloud.before_answer.append(lambda request: seen.append(request.url))
    assert {result["class"] for result in run(*rows)["results"]} == {"accepted"}
    assert sum("sort=updated_at%3Adesc" in url for url in seen) == looks


def test_rows_that_never_left_are_still_to_be_sent_when_cinder_goes_away(plan, run, cloud):
    rows = plan(*(cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(6))).values()
    cloud.trouble["POST", "/action"] = fake_cinder.REFUSED
    answer = run(*rows)
    assert "Cinder cannot be reached." in answer["pause"]
    assert {result["class"] for result in answer["results"]} == {"not_sent"}
    cloud.trouble.clear()
    assert {result["class"] for result in run(*rows)["results"]} == {"applied"}


def test_cinder_that_fails_for_every_row_pauses_the_run_and_fails_none(plan, run, cloud):
    rows = plan(*(cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(6))).values()
    cloud.trouble["GET", "/backups/"] = 500
    answer = run(*rows)
    assert "Cinder failed to answer." in answer["pause"]
    assert {result["class"] for result in answer["results"]} == {"not_sent"}


@pytest.mark.parametrize("what", [fake_cinder.TIME_OUT, fake_cinder.BROKEN_OFF], ids=["time-out", "broken-off"])
def test_cinder_that_stops_answering_is_not_sent_every_row_in_vain(plan, run, cloud, what):
    rows = plan(*(cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(12))).values()
    cloud.trouble["POST", "/backups/"] = what
    answer = run(*rows)
    assert answer["pause"]
    assert {result["class"] for result in answer["results"]} == {"unknown", "not_sent"}
    assert cloud.asked("POST", "/backups/") <= 4


def test_cinder_that_stops_answering_is_not_watched_for_long(plan, run, cloud, monkeypatch):
    monkeypatch.setattr("backup_reset_panel.bulk.run.PAUSES", (0,) * 8)
    rows = plan(*(cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(3))).values()

    def freeze(request):
        if request.method == "POST":
            cloud.trouble["GET", "/backups/"] = fake_cinder.TIME_OUT
            raise fake_cinder.TIME_OUT

    cloud.before_answer.append(freeze)
    cloud.calls.clear()
    answer = run(*rows)
    assert answer["pause"]
    assert "unknown" in {result["class"] for result in answer["results"]}
    # Each was read before it was sent, and after it there was one look.
    assert cloud.asked("GET", r"/backups/[0-9a-f-]{36}$") <= 2 * len(rows)


@pytest.mark.parametrize("path", ["/os-services", r"/volumes", r"/backups$"])
def test_nothing_is_sent_on_thinner_evidence_than_the_plan_had(plan, run, cloud, path):
    backup = cloud.add_backup(name="whole", **COMPLETE)
    row = plan(backup)["whole"]
    cloud.trouble["GET", path] = 500
    assert run(row)["results"][0]["class"] == "not_sent"
    assert cloud.resets == []
    cloud.trouble.clear()
    assert run(row)["results"][0]["class"] == "applied"


def test_a_list_that_fails_is_made_up_for_by_reading_one_by_one(plan, run, cloud):
    rows = plan(*(cloud.add_backup(name=f"n{n}", **COMPLETE) for n in range(6))).values()
    cloud.before_answer.append(
        lambda request: fail() if "/backups/detail" in request.url and "volume_id" not in request.url else None
    )
    assert {result["class"] for result in run(*rows)["results"]} == {"applied"}


def fail():
    raise fake_cinder.BROKEN_OFF


def test_the_second_of_two_resets_that_is_not_applied_is_what_is_on_its_way(plan, run, cloud, settings):
    settings.BACKUP_RESET_PANEL = {"FOLLOW_SECONDS": 0.5}
    backup = cloud.add_backup(name="whole", **COMPLETE)
    cloud.leave_temporary(backup, temp_snapshot_id="0-1")
    row = plan(backup, **DEAD)["whole"]

    def deaf_after_the_first(request):
        cloud.applies = not cloud.resets

    cloud.before_answer.append(deaf_after_the_first)
    assert run(row)["results"][0]["class"] == "accepted"
    assert cache.get(f"backup_reset_panel.armed.{backup['id']}")[0]["target"] == "available"


@pytest.mark.parametrize("tokens", ["nonsense", "{}", "[1]", '["forged"]'])
def test_tokens_that_are_not_ours_send_nothing(call, cloud, tokens):
    assert "Nothing was sent" in call("bulk_apply", status=400, tokens=tokens)["stop"]


def test_a_chunk_that_is_too_long_is_refused(call, cloud):
    assert call("bulk_apply", status=400, tokens=json.dumps(["x"] * 201))["stop"]


@pytest.mark.parametrize("name", ["bulk", "bulk_plan", "bulk_apply", "bulk_look"])
def test_the_policy_holds_for_every_request(log_in, cloud, name):
    client = log_in("member")
    answer = client.post(reverse(f"horizon:admin:backup_reset:{name}"), {"tokens": "[]"}, headers=AJAX)
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["bulk", "bulk_plan", "bulk_apply", "bulk_look"])
def test_every_request_needs_the_csrf_token(admin, cloud, name):
    admin.handler.enforce_csrf_checks = True
    assert admin.post(reverse(f"horizon:admin:backup_reset:{name}"), {}, headers=AJAX).status_code == 403


def test_ticked_rows_of_our_page_lead_to_the_plan_page(admin, cloud):
    chosen = [cloud.add_backup()["id"] for _number in range(3)]
    answer = admin.post(
        reverse("horizon:admin:backup_reset:index"),
        {"action": "stuck_backups__update_statuses", "object_ids": chosen},
    )
    assert answer.status_code == 200
    assert json.loads(answer.context["source"]) == {"ids": chosen}


def test_ticked_rows_of_horizons_own_page_lead_to_the_plan_page(admin, cloud):
    chosen = [cloud.add_backup()["id"] for _number in range(200)]
    answer = admin.post(
        reverse("horizon:admin:backups:index"),
        {"action": "volume_backups__update_statuses", "object_ids": chosen},
    )
    assert answer.status_code == 200
    assert json.loads(answer.context["source"]) == {"ids": chosen}


def test_all_that_match_sends_the_filter_and_no_ids(admin, cloud):
    answer = admin.post(reverse("horizon:admin:backup_reset:bulk"), {"q": "week", "tile": "error", "evil": "x"})
    assert json.loads(answer.context["source"]) == {"query": {"tile": "error", "q": "week"}}


INVALID = [{"q": "x" * 256}, {"status": "nonsense"}, {"tile": "nonsense"}, {"project": "a\x00b"}]


@pytest.mark.parametrize("query", INVALID, ids=str)
def test_all_that_match_a_filter_that_is_not_valid_are_none(admin, cloud, query):
    answer = admin.post(reverse("horizon:admin:backup_reset:bulk"), query)
    assert json.loads(answer.context["source"]) == {"ids": []}
    assert "The filter is not valid" in answer.content.decode()


@pytest.mark.parametrize("query", INVALID, ids=str)
def test_a_filter_that_is_not_valid_is_not_planned(admin, cloud, query):
    cloud.add_backup(**COMPLETE)
    answer = admin.post(reverse("horizon:admin:backup_reset:bulk_plan"), query, headers=AJAX).json()
    assert "The filter is not valid, so nothing is planned." in answer["stop"]
    assert answer["rows"] == []
    assert cloud.asked("GET", "/backups") == 0


def test_a_status_that_the_tile_does_not_have_plans_nothing(admin, cloud):
    cloud.add_backup(status="error")
    query = {"tile": "error", "status": "creating"}
    answer = admin.post(reverse("horizon:admin:backup_reset:bulk_plan"), query, headers=AJAX).json()
    assert answer == {"rows": [], "ids": [], "after": ""}


def test_the_plan_page_by_hand_leads_back_to_the_list(admin, cloud):
    answer = admin.get(reverse("horizon:admin:backup_reset:bulk"))
    assert answer["location"] == reverse("horizon:admin:backup_reset:index")


def test_ids_that_are_none_do_not_reach_the_plan(admin, cloud):
    answer = admin.post(
        reverse("horizon:admin:backup_reset:index"),
        {"action": "stuck_backups__update_statuses", "object_ids": ["<script>", ".."]},
    )
    assert json.loads(answer.context["source"]) == {"ids": []}
