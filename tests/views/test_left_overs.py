# SPDX-License-Identifier: Apache-2.0
"""The Left-overs page: what it finds and what it leaves alone, what it says when a source fails, and what it costs."""

import csv
import io
import re
import uuid

import pytest
from django.urls import reverse
from lxml import html

from backup_reset_panel.cinder import holding
from backup_reset_panel.cinder.evidence import at_work
from tests import fake_cinder
from tests.fake_cinder import stamp
from tests.views.conftest import text

URL = "horizon:admin:backup_reset:left_overs"


def ids(tree):
    return [row.get("data-object-id") for row in tree.cssselect("#left_overs tr[data-object-id]")]


def temp_volume(cloud, source, **values):
    made = cloud.add_volume(name=f"backup-vol-{source}", **values)
    cloud.hide(made["id"], use_quota=False)
    return made


def temp_snapshot(cloud, source, **values):
    made = cloud.add_snapshot(name=f"backup-snap-{source}", status="available", volume_id=source, **values)
    cloud.hide(made["id"], use_quota=False)
    return made


def restoring_into(cloud, volume, **values):
    backup = cloud.add_backup(status="restoring", **values)
    cloud.hide(backup["id"], restore_volume_id=volume["id"])


def named_by(cloud, made, column, status):
    backup = cloud.add_backup(status=status, volume_id=cloud.add_volume(status="available")["id"])
    cloud.hide(backup["id"], **{column: made["id"]})
    return made


def from_snapshot(cloud):
    snapshot = cloud.add_snapshot()
    cloud.add_backup(snapshot_id=snapshot["id"], volume_id=cloud.add_volume(status="in-use")["id"])
    return snapshot


def into(cloud, status):
    volume = cloud.add_volume(status=status)
    restoring_into(cloud, volume)
    return volume


def of_a_live_backup(cloud, make):
    return make(cloud, cloud.add_backup()["volume_id"])


PLANTED = {
    "volume": lambda cloud: cloud.add_volume(),
    "volume whose backup is over": lambda cloud: cloud.volumes[cloud.add_backup(status="error")["volume_id"]],
    "restored volume": lambda cloud: cloud.add_volume(status="restoring-backup"),
    "volume with a broken restore": lambda cloud: cloud.add_volume(status="error_restoring"),
    "snapshot": lambda cloud: cloud.add_snapshot(),
    "temporary volume": lambda cloud: temp_volume(cloud, uuid.uuid4()),
    "temporary snapshot": lambda cloud: temp_snapshot(cloud, str(uuid.uuid4())),
}
LIVE = {
    "volume": lambda cloud: cloud.volumes[cloud.add_backup()["volume_id"]],
    "volume that changed a minute ago": lambda cloud: cloud.add_volume(updated_at=stamp(60)),
    "restored volume": lambda cloud: into(cloud, "restoring-backup"),
    "volume with a broken restore": lambda cloud: into(cloud, "error_restoring"),
    "snapshot": from_snapshot,
    "temporary volume of a live backup": lambda cloud: of_a_live_backup(cloud, temp_volume),
    "temporary snapshot of a live backup": lambda cloud: of_a_live_backup(cloud, temp_snapshot),
    "temporary volume that a backup names": lambda cloud: named_by(
        cloud, temp_volume(cloud, uuid.uuid4()), "temp_volume_id", "error"
    ),
    "temporary snapshot that a backup names": lambda cloud: named_by(
        cloud, temp_snapshot(cloud, str(uuid.uuid4())), "temp_snapshot_id", "available"
    ),
    "user's volume of such a name": lambda cloud: cloud.add_volume(
        name=f"backup-vol-{uuid.uuid4()}", status="available"
    ),
    "user's snapshot of such a name": lambda cloud: cloud.add_snapshot(
        name=f"backup-snap-{uuid.uuid4()}", status="available"
    ),
    "user's volume of nearly such a name": lambda cloud: cloud.add_volume(name="backup-vol-1", status="in-use"),
}


def plant(cloud, kinds, count=20):
    return {kind: [make(cloud)["id"] for _number in range(count)] for kind, make in kinds.items()}


@pytest.mark.parametrize("kind", PLANTED)
def test_twenty_planted_ones_of_a_kind_are_found(page, cloud, kind):
    planted = plant(cloud, {kind: PLANTED[kind]})[kind]
    tree = page()
    assert sorted(ids(tree)) == sorted(planted)
    assert text(tree, "#left-overs-cut") == text(tree, "#left-overs-missing") == ""


@pytest.mark.parametrize("kind", LIVE)
def test_twenty_live_ones_of_a_kind_are_not_listed(page, cloud, kind):
    plant(cloud, {kind: LIVE[kind]})
    tree = page()
    assert ids(tree) == []
    assert text(tree, "#left-overs-none") == "There are no left-overs."


def test_twenty_planted_and_twenty_live_ones_of_each_kind_at_once(page, cloud, admin):
    planted, _live = plant(cloud, PLANTED), plant(cloud, LIVE)
    every = {each for found in planted.values() for each in found}
    tree = page()
    assert set(ids(tree)) == every
    assert len(ids(tree)) == 140
    lines = list(csv.DictReader(io.StringIO(admin.get(reverse(URL), {"format": "csv"}).content.decode())))
    assert {line["id"] for line in lines} == every
    assert {line["is_whole"] for line in lines} == {"yes"}


def test_row_says_what_it_is_how_old_why_and_what_is_done(page, cloud):
    cloud.add_volume(updated_at=stamp(7200), attachments=[{}])
    row = text(page(), "#left_overs tr[data-object-id]")
    for told in ("Volume", "db-data", "shop", "Backing Up", "2 h 0 min", "No backup of it", "Set it to In-use"):
        assert told in row


def test_backup_that_begins_between_the_two_readings_keeps_its_volume_off_the_list(page, cloud):
    volume = cloud.add_volume()

    def begin(request):
        if "/volumes" in request.url and cloud.asked("GET", "/volumes") >= 3 and not cloud.backups:
            cloud.add_backup(volume_id=volume["id"])

    cloud.before_answer.append(begin)
    assert ids(page()) == []
    assert cloud.backups


def test_backup_that_ends_between_the_readings_keeps_its_volume_off_the_list(page, cloud):
    backup = cloud.add_backup()
    snapshot = cloud.add_snapshot()
    other = cloud.add_backup(snapshot_id=snapshot["id"], volume_id=cloud.add_volume(status="in-use")["id"])

    def end(request):
        if "/backups" in request.url and backup["status"] == "creating":
            cloud.end(backup)
            cloud.backups[other["id"]]["status"] = "available"
            cloud.snapshots[snapshot["id"]].update(status="available", updated_at=stamp())

    cloud.before_answer.append(end)
    assert ids(page()) == []
    assert cloud.backups[backup["id"]]["status"] == "available"


def test_nothing_of_the_second_reading_is_asked_before_the_first_has_ended(page, cloud):
    cloud.add_volume()
    page()
    paths = [path.rsplit("/v3/admin-project", 1)[-1] for _method, path in cloud.calls if "admin-project" in path]
    first = next(number for number, path in enumerate(paths) if path.startswith("/backups"))
    assert {path.split("/")[1] for path in paths[:first]} == {"volumes", "snapshots"}
    assert len(paths[:first]) >= 8


@pytest.mark.parametrize("size", [1, 3, 7])
def test_list_of_backups_in_progress_that_comes_back_short_makes_no_live_one_a_left_over(
    page, cloud, monkeypatch, size
):
    live = [cloud.volumes[cloud.add_backup()["volume_id"]]["id"] for _number in range(8)]
    planted = cloud.add_volume()["id"]
    listed = cloud._listed

    def short(context, kind, found, query, counted):
        most = size if kind == "backups" else 1000
        return listed(context, kind, found, query | {"limit": [min(most, int(query.get("limit", [most])[0]))]}, counted)

    monkeypatch.setattr(cloud, "_listed", short)
    tree = page()
    assert set(ids(tree)).isdisjoint(live)
    assert ids(tree) == [planted]


def test_list_of_backups_too_long_to_be_read_lists_nothing_and_says_so(page, cloud, monkeypatch):
    monkeypatch.setattr(at_work, "PARTS", 2)
    monkeypatch.setattr(at_work, "PART", 2)
    for _number in range(6):
        cloud.add_backup()
    cloud.add_volume()
    tree = page()
    assert ids(tree) == []
    assert "Could not be read: backups" in text(tree, "#left-overs-missing")
    assert text(tree, "#left-overs-none") == ""


def test_list_of_volumes_that_comes_back_short_is_told(page, cloud, monkeypatch):
    for _number in range(5):
        cloud.add_volume()
    listed = cloud._listed

    def short(context, kind, found, query, counted):
        return listed(context, kind, found, query | {"limit": [min(2, int(query.get("limit", [2])[0]))]}, counted)

    monkeypatch.setattr(cloud, "_listed", short)
    tree = page()
    assert len(ids(tree)) == 2
    assert "There is more than was looked at" in text(tree, "#left-overs-cut")


def test_more_restored_volumes_than_are_asked_about_are_told(page, cloud, monkeypatch):
    monkeypatch.setattr(holding, "MOST_ASKED", 3)
    plant(cloud, {kind: LIVE[kind] for kind in ("restored volume",)}, 2)
    plant(cloud, {kind: PLANTED[kind] for kind in ("restored volume", "temporary volume")}, 4)
    tree = page()
    assert len(ids(tree)) <= 6
    assert "There is more than was looked at" in text(tree, "#left-overs-cut")
    assert "they are not listed" in text(tree, "#left-overs-unjudged")


@pytest.mark.parametrize("kind", ["restored volume", "temporary volume", "temporary snapshot"])
def test_filters_that_cinder_drops_make_nothing_a_left_over(page, cloud, kind):
    plant(cloud, {kind: LIVE[kind] for kind in LIVE if kind.startswith(("restored", "temporary"))}, 2)
    plant(cloud, {kind: PLANTED[kind]}, 2)
    cloud.ignores_hidden_filters = True
    tree = page()
    assert ids(tree) == []
    assert "could not be told" in text(tree, "#left-overs-unjudged")
    assert text(tree, "#left-overs-none") == ""


def test_cinder_that_does_not_tell_what_counts_for_no_quota_has_no_temporary_left_overs(page, cloud):
    for made in (temp_volume(cloud, uuid.uuid4(), status="backing-up"), temp_snapshot(cloud, str(uuid.uuid4()))):
        del cloud.hidden[made["id"]]["use_quota"]
    tree = page()
    assert ids(tree) == []
    assert text(tree, "#left-overs-none") == ""


FAILING = [500, 403, 400, fake_cinder.TIME_OUT, fake_cinder.REFUSED, fake_cinder.GARBAGE]


@pytest.mark.parametrize("what", FAILING, ids=str)
@pytest.mark.parametrize("table", ["volumes", "snapshots", "backups"])
def test_list_that_fails_is_told_and_the_page_is_not_green(page, cloud, table, what):
    volume, snapshot = cloud.add_volume(), cloud.add_snapshot()
    cloud.trouble["GET", f"/{table}"] = what
    tree = page()
    assert ids(tree) == {"volumes": [snapshot["id"]], "snapshots": [volume["id"]], "backups": []}[table]
    assert f"Could not be read: {table}" in text(tree, "#left-overs-missing")
    assert text(tree, "#left-overs-none") == ""


@pytest.mark.parametrize("what", [500, fake_cinder.TIME_OUT], ids=str)
def test_restores_that_could_not_be_asked_for_make_no_left_over(page, cloud, what):
    into(cloud, "restoring-backup")
    cloud.add_volume(status="restoring-backup")
    cloud.trouble["GET", "/backups$"] = what
    tree = page()
    assert ids(tree) == []
    assert "Could not be read: backups" in text(tree, "#left-overs-missing")


def test_what_takes_too_long_in_all_is_told(page, cloud, monkeypatch):
    monkeypatch.setattr("backup_reset_panel.cinder.left_overs.LONGEST_SECONDS", -1)
    cloud.add_volume()
    tree = page()
    assert ids(tree) == []
    assert "Could not be read: snapshots, volumes" in text(tree, "#left-overs-missing")


def test_session_that_cinder_no_longer_accepts_is_told(page, cloud):
    cloud.trouble["GET", "/v3/admin-project"] = 401
    assert "Log in again" in text(page(), "#left-overs-problem")


def calls_of(page, cloud):
    cloud.calls.clear()
    page()
    return len([path for _method, path in cloud.calls if path.startswith("/v3/")])


def test_where_there_is_nothing_it_takes_eight_questions(page, cloud):
    assert calls_of(page, cloud) == 8


def test_what_it_costs_does_not_grow_with_the_cloud(page, cloud):
    plant(cloud, PLANTED, 2)
    few = calls_of(page, cloud)
    for _number in range(50):
        cloud.add_volume(status="in-use")
        cloud.add_backup(status="available")
        cloud.add_snapshot(status="available")
    assert calls_of(page, cloud) == few
    plant(cloud, PLANTED | LIVE, 40)
    assert calls_of(page, cloud) <= 8 * 4 + 3 + 2 * holding.MOST_ASKED + 4


def test_no_cell_of_the_csv_is_a_formula(admin, cloud):
    cloud.add_volume(name="=HYPERLINK(1)")
    answer = admin.get(reverse(URL), {"format": "csv"})
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert re.search(r'filename="left-overs-\d{8}-\d{6}\.csv"', answer.headers["Content-Disposition"])
    assert next(csv.DictReader(io.StringIO(answer.content.decode())))["name"] == "'=HYPERLINK(1)"


def test_more_than_a_page_holds_are_in_the_csv(page, admin, cloud, monkeypatch):
    monkeypatch.setattr("backup_reset_panel.leftovers.views.MOST_SHOWN", 3)
    plant(cloud, {"volume": PLANTED["volume"]}, 5)
    tree = page()
    assert len(ids(tree)) == 3
    assert text(tree, "#left-overs-not-shown") == "2 more are not shown."
    assert len(admin.get(reverse(URL), {"format": "csv"}).content.decode().splitlines()) == 6


@pytest.mark.parametrize("role", ["member", "reader"])
def test_who_may_not_reset_does_not_see_the_page(log_in, cloud, role):
    client = log_in(role)
    cloud.calls.clear()
    assert client.get(reverse(URL)).status_code == 403
    assert cloud.asked("GET", "/volumes") == 0


def test_stuck_backups_leads_there(admin, cloud):
    tree = html.fromstring(admin.get(reverse("horizon:admin:backup_reset:index")).content.decode())
    assert tree.cssselect("#stuck-left-overs-link")[0].get("href") == reverse(URL)
