# SPDX-License-Identifier: Apache-2.0
"""The page of backups without a record: what lies on the store, what is left alone, what it says when things fail."""

import csv
import io
import os
import pathlib
import shutil
import time
import uuid

import pytest
from django.urls import reverse
from lxml import html

from backup_reset_panel import cinder
from backup_reset_panel.cinder import recorded
from backup_reset_panel.leftovers import stored
from backup_reset_panel.storage import walk
from tests import fake_cinder
from tests.views.conftest import text

URL = "horizon:admin:backup_reset:unrecorded"
OLD = 1_700_000_000


class Folder:
    """A store of files, as Cinder's posix driver leaves it."""

    def __init__(self, path: pathlib.Path):
        self.path = path

    def put(self, backup_id=None, volume_id=None, parts=3, container=None, age=OLD):
        """Objects of a backup; returns its id."""
        backup_id = backup_id or str(uuid.uuid4())
        volume_id = volume_id or str(uuid.uuid4())
        folder = self.path / (container or f"{backup_id[:2]}/{backup_id[2:4]}/{backup_id}")
        folder.mkdir(parents=True, exist_ok=True)
        for end in ("_metadata", "_sha256file", *(f"-{number:05}" for number in range(1, parts + 1))):
            file = folder / f"volume_{volume_id}_20240115080000_backup_{backup_id}{end}"
            file.write_bytes(b"x" * 1000)
            os.utime(file, (age, age))
        return backup_id


@pytest.fixture
def folder(tmp_path, settings):
    """The site has set it."""
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"*": {"store": "files", "path": str(tmp_path)}}}
    return Folder(tmp_path)


@pytest.fixture
def planted(folder):
    """Twenty without a record."""
    return [folder.put() for _number in range(20)]


@pytest.fixture
def live(cloud, folder):
    """Twenty with one, in every status."""
    rows = []
    for status in ("creating", "available", "error", "restoring", "deleting"):
        rows += [cloud.add_backup(status=status) for _number in range(4)]
    return [folder.put(row["id"], row["volume_id"]) for row in rows]


def ids(tree):
    rows = tree.cssselect("#unrecorded tr[data-object-id]")
    return [row.get("data-object-id").rpartition("backup_")[2] for row in rows]


def test_twenty_without_a_record_are_found_and_twenty_with_one_are_not_listed(page, planted, live):
    tree = page()
    assert sorted(ids(tree)) == sorted(planted)
    assert "40 backups" in text(tree, "#unrecorded-cost")
    for problem in ("unlisted", "unknown", "further", "unread"):
        assert text(tree, f"#unrecorded-{problem}") == ""


def test_row_says_where_it_is_how_large_and_how_old(page, folder, cloud):
    backup_id = folder.put(parts=4)
    row = text(page(), "#unrecorded tr[data-object-id]")
    for told in (backup_id, "of volume", f"{backup_id[:2]}/{backup_id[2:4]}", "6.0 kB", "6", " d "):
        assert told in row


def test_no_row_has_a_button_and_nothing_on_the_store_changes(page, admin, cloud, planted, folder):
    before = sorted(str(path) for path in folder.path.rglob("*"))
    tree = page()
    assert tree.cssselect("#unrecorded button, #unrecorded .btn") == []
    assert admin.post(reverse(URL), {"action": "unrecorded__delete__x"}).status_code == 405
    assert sorted(str(path) for path in folder.path.rglob("*")) == before


def test_csv_has_all_of_them_and_whether_that_is_the_whole_store(admin, planted, live):
    answer = admin.get(reverse(URL), {"format": "csv"})
    lines = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert sorted(line["backup_id"] for line in lines) == sorted(planted)
    assert {(line["bytes"], line["objects"], line["is_whole"]) for line in lines} == {("5000", "5", "yes")}
    assert {line["begun"] for line in lines} == {"2024-01-15T08:00:00+00:00"}
    assert "attachment" in answer["Content-Disposition"]


def test_where_all_have_a_record_it_says_so(page, live):
    assert text(page(), "#unrecorded-none") == "Every backup on the store has a record."


def test_emptied_database_lists_all(page, cloud, planted):
    assert sorted(ids(page())) == sorted(planted)


def test_container_of_the_sites_own_is_looked_into(page, cloud, folder):
    assert ids(page()) == []
    some = folder.put(container="nightly/of/all")
    assert ids(page()) == [some]


def test_store_is_read_before_the_records_and_again_after_them(page, cloud, folder, planted, monkeypatch):
    order = []
    for owner, name in ((walk, "walk"), (cinder, "unrecorded"), (walk, "measure")):
        real = getattr(owner, name)
        monkeypatch.setattr(owner, name, lambda *args, real=real, name=name: order.append(name) or real(*args))
    page()
    assert order == ["walk", "unrecorded", "measure"]


def test_backup_that_begins_between_store_and_records_is_none(page, cloud, folder, monkeypatch):
    real = walk.walk

    def begin(*args):
        seen = real(*args)
        cloud.add_backup(id=mine)
        return seen

    mine = folder.put()
    monkeypatch.setattr(walk, "walk", begin)
    assert ids(page()) == []


def test_backup_that_is_deleted_between_store_and_records_is_none(page, cloud, folder, monkeypatch):
    row = cloud.add_backup(status="deleting")
    mine = folder.put(row["id"])
    real = cinder.unrecorded

    def end(*args):
        # As Cinder does: first the objects, then the record.
        shutil.rmtree(folder.path / mine[:2])
        del cloud.backups[mine]
        return real(*args)

    monkeypatch.setattr(cinder, "unrecorded", end)
    assert ids(page()) == []


def test_what_was_written_a_moment_ago_is_not_listed_yet(page, cloud, folder):
    folder.put(age=time.time() - 60)
    assert ids(page()) == []


@pytest.mark.parametrize("size", [1, 3, 7])
def test_list_of_records_that_comes_back_short_makes_no_live_one_a_left_over(
    page, cloud, planted, live, monkeypatch, size
):
    listed = cloud._listed

    def short(context, kind, found, query, counted):
        return listed(context, kind, found, query | {"limit": [min(size, int(query.get("limit", [size])[0]))]}, counted)

    monkeypatch.setattr(cloud, "_listed", short)
    assert sorted(ids(page())) == sorted(planted)


def test_marker_that_goes_while_the_list_is_read_makes_no_live_one_a_left_over(page, cloud, planted, live, monkeypatch):
    monkeypatch.setattr(recorded, "PART", 5)

    def drop(request):
        if "marker=" in request.url and len(cloud.backups) == 20:
            marker = request.url.partition("marker=")[2].partition("&")[0]
            del cloud.backups[marker]

    cloud.before_answer.append(drop)
    assert set(ids(page())) - set(planted) <= set(live) - cloud.backups.keys()


@pytest.mark.parametrize("most", [1, 7, 19])
def test_more_than_is_asked_for_at_once_is_in_the_next_parts(admin, page, cloud, planted, live, monkeypatch, most):
    monkeypatch.setattr(stored, "MOST_ASKED", most)
    found = parts(admin, page())
    assert sorted(found) == sorted(planted)


def test_folder_of_many_backups_is_listed_at_once(admin, page, cloud, folder, monkeypatch):
    monkeypatch.setattr(stored, "MOST_ASKED", 2)
    planted = [folder.put(container="all") for _number in range(5)] + [folder.put(container="more")]
    assert sorted(parts(admin, page())) == sorted(planted)


def parts(admin, tree):
    """The ids of all parts, by their links."""
    found = []
    for _part in range(60):
        found += ids(tree)
        links = tree.cssselect("#unrecorded-further a")
        assert text(tree, "#unrecorded-none") == ""
        if not links:
            return found
        tree = html.fromstring(admin.get(reverse(URL) + links[0].get("href")).content.decode())
    raise AssertionError("no end")


def test_large_store_is_looked_through_in_parts_by_a_link(admin, page, cloud, planted, live, monkeypatch):
    monkeypatch.setattr(walk, "MOST_FOUND", 7)
    assert sorted(parts(admin, page())) == sorted(planted)


@pytest.mark.parametrize("after", ["x", "\x00", "a:b:c"])
def test_place_that_nobody_signed_is_the_beginning(admin, cloud, planted, after):
    tree = html.fromstring(admin.get(reverse(URL), {"after": after}).content.decode("utf-8", "replace"))
    assert sorted(ids(tree)) == sorted(planted)
    assert "the beginning again" in text(tree, "#unrecorded-restarted")


FAILING = [500, 403, fake_cinder.TIME_OUT, fake_cinder.REFUSED, fake_cinder.GARBAGE]


@pytest.mark.parametrize("what", FAILING, ids=str)
@pytest.mark.parametrize("path", ["/backups", "/backups/detail", "/os-services"])
def test_records_that_cannot_be_read_make_nothing_a_left_over(page, cloud, planted, live, path, what):
    cloud.trouble["GET", path + "$"] = what
    tree = page()
    assert set(ids(tree)) <= set(planted)
    if path != "/backups":
        assert ids(tree) == []
        assert "could not be read" in text(tree, "#unrecorded-unread")
    assert text(tree, "#unrecorded-none") == ""


def test_single_record_that_cannot_be_read_is_told_and_not_listed(page, cloud, planted, live):
    cloud.trouble["GET", f"/backups/{planted[0]}"] = 500
    tree = page()
    assert sorted(ids(tree)) == sorted(planted[1:])
    assert "Of 1 backup on the store it could not be told" in text(tree, "#unrecorded-unknown")


def test_whom_cinder_shows_no_projects_is_told_nothing(page, cloud, planted, live):
    for row in cloud.backups.values():
        row["os-backup-project-attr:project_id"] = None
    tree = page()
    assert ids(tree) == []
    assert text(tree, "#unrecorded-unread")


def test_store_that_cannot_be_listed_is_told(page, cloud, folder, settings):
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"*": {"store": "files", "path": str(folder.path / "gone")}}}
    tree = page()
    assert ids(tree) == []
    assert "Could not be listed" in text(tree, "#unrecorded-unlisted")
    assert text(tree, "#unrecorded-none") == ""


def test_swift_of_many_accounts_is_looked_at_in_all_of_them_or_it_says_whose_were(page, cloud, live, settings):
    settings.BACKUP_RESET_PANEL = {
        "STORAGE": {"*": {"store": "swift", "url": "http://swift.example/v1/AUTH_{project_id}"}}
    }
    cloud.trouble["GET", "^/v1/AUTH_shop"] = 403
    tree = page()
    assert text(tree, "#unrecorded-accounts") == ""
    assert cloud.asked("GET", "/AUTH_shop$") == 1
    cloud.trouble["GET", "/projects$"] = 500
    assert "those of the backups made last" in text(page(), "#unrecorded-accounts")
    assert text(tree, "#unrecorded-none") == ""
    assert text(tree, "#unrecorded-unlisted")


def test_without_a_store_neither_page_nor_link_tells_of_one(page, admin, cloud):
    assert text(page(), "#unrecorded-no-store")
    tree = html.fromstring(admin.get(reverse("horizon:admin:backup_reset:left_overs")).content.decode())
    assert not tree.cssselect("#left-overs-stored")


def test_left_overs_lead_there(admin, cloud, folder):
    tree = html.fromstring(admin.get(reverse("horizon:admin:backup_reset:left_overs")).content.decode())
    assert tree.cssselect("#left-overs-stored")[0].get("href") == reverse(URL)


def test_token_that_is_refused_is_told(page, cloud, planted):
    cloud.trouble["GET", "/backups"] = 401
    tree = page()
    assert ids(tree) == []
    assert text(tree, "#unrecorded-problem")


@pytest.mark.parametrize("role", ["member", "reader"])
def test_who_may_not_reset_does_not_see_the_page(log_in, cloud, planted, role):
    client = log_in(role)
    cloud.calls.clear()
    assert client.get(reverse(URL)).status_code == 403
    assert cloud.asked("GET", "/backups") == 0
