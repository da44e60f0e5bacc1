# SPDX-License-Identifier: Apache-2.0
"""The Stuck Backups page: what it lists, what it says when a source fails, and what it costs."""

import re
import time
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.urls import reverse
from lxml import html

from backup_reset_panel.cinder import interview
from tests import fake_cinder
from tests.fake_cinder import BROKEN_OFF
from tests.fake_cinder import COMPLETE
from tests.fake_cinder import DOWN
from tests.fake_cinder import stamp
from tests.views.conftest import AJAX
from tests.views.conftest import parsed
from tests.views.conftest import text


@pytest.fixture(autouse=True)
def nothing_cached():
    """Project names are kept in Horizon's cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def page(admin):
    """Function: the page for some GET parameters, parsed."""

    def read(ajax=True, client=admin, **query):
        answer = client.get(reverse("horizon:admin:backup_reset:index"), query, headers=AJAX if ajax else {})
        assert answer.status_code == 200
        return parsed(f"<div>{answer.content.decode()}</div>")

    return read


def ids(tree, table="stuck_backups"):
    """The ids of a table's rows, in order."""
    return [row.get("data-object-id") for row in tree.cssselect(f"#{table} tr[data-object-id]")]


def place_behind(tree):
    """The place in the list that the link to the next page names."""
    return parse_qs(urlsplit(tree.cssselect("#stuck-next")[0].get("href")).query)["after"][0]


def test_backup_whose_reset_was_lost_still_needs_attention_though_its_host_is_up_now(page, open_dialog, cloud):
    backup = cloud.add_backup(object_count=128, container="ab/cd/x")
    cloud.applies, cloud.moves_to = False, "node-2"
    assert open_dialog(backup).submit().ending == "accepted"
    backup["updated_at"] = stamp()
    assert ids(page()) == [backup["id"]]
    assert "was sent, and was not seen applied" in text(page(), "#stuck_backups")
    assert open_dialog(backup).submit().ending == "accepted"


@pytest.fixture
def owner_up(cloud):
    """node-1, which was asked last about every backup, is up."""
    cloud.services = [cloud.service()]


def test_a_healthy_cloud_is_called_so(page, cloud):
    cloud.add_backup(status="available", volume_id=cloud.add_volume(status="available")["id"])
    assert text(page(), "#stuck-empty") == "No backup needs attention."


def test_what_nobody_took_up_is_as_old_as_its_request_in_words_and_on_hover(page, cloud):
    backup = cloud.add_backup(created_at="2026-01-02T03:04:05.000000", updated_at=stamp(60))
    cloud.hide(backup["id"], service=None, host=None)
    age = page().cssselect("#stuck_backups [data-seconds]")[0]
    assert re.fullmatch(r"\d+ d \d+ h", age.text_content())
    assert age.cssselect("time")[0].get("datetime") == "2026-01-02T03:04:05+00:00"


def test_the_first_sight_of_a_page_does_not_call_well_what_it_has_not_looked_for(page, cloud):
    tree = page(ajax=False)
    assert text(tree, "#stuck-empty") == ""
    assert "Locked volumes have not been checked yet" in text(tree, "#stuck-looking")


def test_a_young_backup_of_a_service_that_is_up_is_not_called_stuck(page, cloud, owner_up):
    cloud.add_backup(updated_at=stamp(300))
    assert ids(page()) == []


def test_backups_of_a_service_that_is_down_are_listed_the_longest_unchanged_first(page, cloud):
    young = cloud.add_backup(updated_at=stamp(600))
    old = cloud.add_backup(updated_at=stamp(6000), status="restoring", object_count=3)
    tree = page()
    assert ids(tree) == [old["id"], young["id"]]
    assert text(tree, "#tile-needs_attention .badge") == "2"


def test_a_row_says_status_age_verdict_host_volume_and_what_to_do(page, cloud):
    cloud.add_backup(updated_at=stamp(3 * 3600 + 12 * 60 + 5), container="ab/cd/x", object_count=9)
    row = text(page(), "#stuck_backups tr[data-object-id]")
    for told in (
        "nightly-07",
        "shop",
        "Creating",
        "3 h 12 min",
        "Complete.",
        "node-1",
        "down",
        "db-data",
        "Backing Up",
        "Available",
    ):
        assert told in row


def test_a_backup_that_nobody_took_up_is_listed_after_a_while(page, cloud):
    backup = cloud.add_backup(updated_at=stamp(1000), created_at=stamp(1000))
    cloud.hide(backup["id"], service=None, host=None)
    tree = page()
    assert ids(tree) == [backup["id"]]
    assert "Never started" in text(tree, "#stuck_backups tr[data-object-id]")


def test_a_complete_backup_that_does_not_go_on_is_listed_though_its_service_is_up(page, cloud, owner_up):
    backup = cloud.add_backup(object_count=9, container="ab/cd/x", updated_at=stamp(700))
    assert ids(page()) == [backup["id"]]


def test_long_running_ones_stand_below_the_line_and_cannot_be_ticked(page, cloud, owner_up):
    backup = cloud.add_backup(updated_at=stamp(25 * 3600))
    tree = page()
    assert ids(tree) == []
    assert ids(tree, "long_running_backups") == [backup["id"]]
    assert tree.cssselect("#long_running_backups input[type=checkbox]") == []


@pytest.mark.parametrize(("tile", "status"), [("long_running", "creating"), ("deleting", "deleting")])
def test_long_running_ones_stand_below_the_line_on_every_tile(page, cloud, owner_up, tile, status):
    backup = cloud.add_backup(status=status, updated_at=stamp(25 * 3600))
    tree = page(tile=tile)
    assert ids(tree) == []
    assert ids(tree, "long_running_backups") == [backup["id"]]
    assert text(tree, "#stuck-empty") == ""
    assert "hidden" not in tree.cssselect("#stuck-all")[0].get("class", "")


@pytest.mark.parametrize(
    ("tile", "name"),
    [("error", "failed"), ("was_complete", "failed"), ("deleting", "going")],
)
def test_each_tile_shows_its_backups(page, cloud, tile, name):
    cloud.add_backup(name="failed", status="error", object_count=4)
    cloud.add_backup(name="going", status="deleting", updated_at=stamp(5))
    cloud.add_backup(name="slow", updated_at=stamp(25 * 3600))
    tree = page(tile=tile)
    assert [text(row, "a") for row in tree.cssselect("#stuck_backups tr[data-object-id]")] == [name]


@pytest.mark.parametrize(("number", "is_folded"), [(6, False), (7, True)])
def test_many_services_are_folded_up_below_how_many_there_are(page, cloud, number, is_folded):
    cloud.services = [cloud.service(host=f"node-{n}", **DOWN) for n in range(1, number)] + [cloud.service(host="last")]
    tree = page()
    assert bool(tree.cssselect("details#stuck-services-fold")) is is_folded
    assert ("1 up, 6 down" in text(tree, "#stuck-services")) is is_folded
    assert len(tree.cssselect("#stuck-services .label")) == number
    assert "last" in tree.cssselect("#stuck-services .label")[-1].text_content()


def test_tick_boxes_say_which_backup_they_are_for(page, cloud):
    cloud.add_backup(name="nightly-07", updated_at=stamp(9000))
    cloud.add_backup(name="\u202eevil", updated_at=stamp(8000))
    names = [box.get("aria-label") for box in page().cssselect("tbody input[type=checkbox]")]
    assert names == ["Select nightly-07", "Select \u2068evil\u2069"]


def test_filters_are_cinders_and_stay_in_the_url(page, cloud):
    cloud.add_backup(name="nightly-07")
    wanted = cloud.add_backup(name="weekly-01")
    tree = page(q="weekly")
    assert ids(tree) == [wanted["id"]]
    assert tree.cssselect("#stuck-filters input[name=q]")[0].get("value") == "weekly"


INVALID = [
    ({"tile": "nonsense"}, "Tile: Select a valid choice. nonsense is not one"),
    ({"status": "<b>"}, "Status: Select a valid choice. <b> is not one"),
    ({"q": "x" * 999}, "Name, backup ID or volume ID: Ensure this value has at most 255 characters"),
    ({"project": "x" * 65}, "Project ID: Ensure this value has at most 64 characters"),
    ({"zone": "a\x00b"}, "Availability zone: Null characters are not allowed"),
    ({"host": "x" * 256, "q": "x" * 256}, "Host last asked: Ensure this value has at most 255 characters"),
]


@pytest.mark.parametrize(("query", "why"), INVALID)
def test_filter_that_is_not_valid_matches_nothing_and_says_which_field_is_wrong(page, cloud, query, why):
    cloud.add_backup()
    tree = page(**query)
    assert ids(tree) == []
    assert why in text(tree, "#stuck-filter-problem")
    assert text(tree, "#stuck-empty") == ""
    assert "hidden" in tree.cssselect("#stuck-all")[0].get("class")
    assert text(tree, "#tile-needs_attention .badge") == ""


def test_field_that_is_not_valid_is_marked_and_keeps_what_was_typed(page, cloud):
    tree = page(q="x" * 256)
    field = tree.cssselect("#id_q")[0]
    assert field.get("value") == "x" * 256
    assert (field.get("aria-invalid"), field.get("aria-describedby")) == ("true", "stuck-filter-problem")
    assert tree.cssselect("#id_project")[0].get("aria-invalid") is None


def test_status_that_the_tile_does_not_have_is_told_and_not_called_well(page, cloud):
    cloud.add_backup(status="error")
    tree = page(tile="error", status="creating")
    assert ids(tree) == []
    assert text(tree, "#stuck-empty") == "No backup can match: the tile “Error” has none in status “Creating”."
    assert "alert-warning" in tree.cssselect("#stuck-empty")[0].get("class")


def test_filter_that_finds_nothing_is_no_good_news(page, cloud):
    tree = page(q="nothing-of-that-name")
    assert text(tree, "#stuck-empty") == "No backup matches."
    assert "alert-info" in tree.cssselect("#stuck-empty")[0].get("class")


def test_place_in_the_list_that_is_none_is_the_beginning(page, cloud):
    backup = cloud.add_backup()
    assert ids(page(after="garbage")) == [backup["id"]]


def test_pages_follow_one_another_without_loss_or_repetition(page, cloud, settings, admin):
    settings.API_RESULT_PAGE_SIZE = 3
    made = [cloud.add_backup(updated_at=stamp(10000 - n))["id"] for n in range(4)]
    made += [cloud.add_backup(status="restoring", updated_at=stamp(9000 - n))["id"] for n in range(4)]
    seen, url = [], reverse("horizon:admin:backup_reset:index")
    while url:
        tree = html.fromstring(admin.get(url, headers=AJAX).content.decode())
        seen += ids(tree)
        link = tree.cssselect("#stuck-next")
        url = reverse("horizon:admin:backup_reset:index") + link[0].get("href") if link else None
    assert seen == made


def test_stuck_ones_behind_many_that_are_not_are_found(page, cloud, settings):
    settings.API_RESULT_PAGE_SIZE = 2
    cloud.services = [cloud.service(), cloud.service(host="node-2", **DOWN)]
    for n in range(40):
        cloud.add_backup(updated_at=stamp(600 - n), created_at=stamp(600 - n), container="ab/cd/x")
    stuck = cloud.add_backup(updated_at=stamp(500), container="ab/cd/x")
    cloud.hide(stuck["id"], host="node-2")
    tree = page()
    assert ids(tree) == [stuck["id"]]
    assert not tree.cssselect("#stuck-next")


def test_a_page_ends_where_what_was_read_of_one_status_ends(page, cloud, settings):
    # Three are read of each status: of those being created, all that come before the one that is being deleted.
    settings.API_RESULT_PAGE_SIZE = 2
    created = [cloud.add_backup(updated_at=stamp(10000 - n))["id"] for n in range(4)]
    deleted = cloud.add_backup(status="deleting", updated_at=stamp(5000))["id"]
    first = page()
    second = page(
        after=first.cssselect("#stuck-next")[0].get("href").split("after=")[1].replace("%2B", "+").replace("%3A", ":")
    )
    assert [ids(first), ids(second)[:2]] == [created[:2], created[2:]]
    assert deleted not in ids(second)[:2]


def test_a_place_in_the_list_that_is_gone_leads_to_the_first_page_with_a_note(page, cloud):
    backup = cloud.add_backup()
    tree = page(after="creating+restoring:7d3f2a90-6c2b-4a49-9f3c-0d6f1f3f7c11")
    assert ids(tree) == [backup["id"]]
    assert "this is the first page again" in text(tree, "#stuck-restarted")


FAILING = {
    "keystone's project names": ("/projects/", 500),
    "keystone gone": ("/projects/", fake_cinder.REFUSED),
    "volume lists": ("/volumes", 500),
    "services": ("/os-services", 500),
    "hidden columns": (r"/backups$", 403),
}


@pytest.mark.parametrize("source", FAILING)
def test_a_source_that_fails_is_told_and_the_rest_is_shown(page, cloud, source):
    path, what = FAILING[source]
    backup = cloud.add_backup(object_count=9, container="ab/cd/x")
    cloud.trouble["GET", path] = what
    tree = page()
    assert ids(tree) == [backup["id"]]
    if path == "/projects/":
        assert "shop" in text(tree, "#stuck_backups tr[data-object-id]")
    elif source == "services":
        assert "could not be read" in text(tree, "#stuck-services")
        assert "Could not be read: the cinder-backup services" in text(tree, "#stuck-missing")
    else:
        assert "Could not be read" in text(tree, "#stuck-missing")


def test_a_session_that_cinder_no_longer_accepts_is_told(page, cloud):
    cloud.trouble["GET", "/v3/admin-project"] = 401
    assert "Log in again" in text(page(), "#stuck-problem")


@pytest.mark.parametrize("what", [500, fake_cinder.REFUSED, fake_cinder.TIME_OUT], ids=str)
def test_a_cinder_that_is_gone_is_not_called_a_healthy_cloud(page, cloud, what):
    cloud.trouble["GET", "/v3/"] = what
    tree = page()
    assert text(tree, "#stuck-empty") == ""
    assert "not known whether a backup needs attention" in text(tree, "#stuck-missing")


def test_a_slow_source_is_left_out_after_the_budget(page, cloud, monkeypatch):
    monkeypatch.setattr(interview.Interview.__init__, "__defaults__", (-1, time.monotonic))
    cloud.add_backup()
    assert "Could not be read" in text(page(), "#stuck-missing")


def test_the_number_of_calls_does_not_grow_with_volumes_projects_or_healthy_backups(page, cloud):
    for number in range(3):
        cloud.add_backup(name=f"stuck-{number}")
    page()
    cloud.calls.clear()
    page()
    few = len(cloud.calls)
    for number in range(200):
        cloud.add_volume(status="in-use")
        cloud.add_backup(status="available", **{"os-backup-project-attr:project_id": f"project-{number}"})
    cloud.calls.clear()
    page()
    assert len(cloud.calls) == few
    assert cloud.asked("GET", r"/backups/[0-9a-f-]{36}") == 0


def test_hosts_that_are_up_are_not_asked_about_when_all_was_with_one_that_is_down(page, cloud):
    urls = []
    cloud.before_answer.append(lambda request: urls.append(request.url))
    cloud.add_backup(container="ab/cd/x")
    page()
    assert any("host=node-1" in url for url in urls)
    assert not any("host=node-2" in url for url in urls)


def test_backups_of_hosts_that_are_up_are_told_apart_all_the_same(page, cloud):
    made = cloud.add_backup(container="ab/cd/x", object_count=9)
    cloud.hide(made["id"], host="node-2")
    row = text(page(), "#stuck_backups tr[data-object-id]")
    assert "node-2" in row
    assert "Complete." in row


def test_backups_of_a_host_that_was_removed_from_the_services_are_listed(page, cloud):
    cloud.services = [cloud.service(host="node-2")]
    made = [cloud.add_backup()["id"], cloud.add_backup(status="restoring", object_count=3)["id"]]
    tree = page()
    assert sorted(ids(tree)) == sorted(made)
    assert "a host that Cinder no longer lists" in text(tree, "#stuck_backups tr[data-object-id]")


@pytest.mark.parametrize("stale", [8, 40])
def test_backups_of_a_host_that_died_behind_stale_services_are_listed(page, cloud, stale):
    gone = {"state": "down", "updated_at": stamp(30 * 86400)}
    cloud.services = [cloud.service(host=f"old-{n}", **gone) for n in range(stale)]
    cloud.services += [cloud.service(host="node-9", **DOWN), cloud.service(host="node-2")]
    made = cloud.add_backup(updated_at=stamp(4100), created_at=stamp(4100))
    cloud.hide(made["id"], host="node-9")
    tree = page()
    assert ids(tree) == [made["id"]]
    assert "node-9" in text(tree, "#stuck_backups tr[data-object-id]")


@pytest.mark.parametrize("what", [500, fake_cinder.TIME_OUT], ids=["500", "time-out"])
def test_a_page_is_never_green_while_hosts_could_not_be_asked_about(page, cloud, owner_up, what):
    backup = cloud.add_backup(updated_at=stamp(300))
    assert text(page(), "#stuck-empty") == "No backup needs attention."
    cloud.before_answer.append(lambda request: fail(cloud, what) if "host=" in request.url else None)
    tree = page()
    assert ids(tree) == []
    assert ids(tree, "long_running_backups") == [backup["id"]]
    assert text(tree, "#stuck-empty") == ""
    assert "1 backup in progress" in text(tree, "#stuck-unjudged")


def fail(cloud, what):
    """Let a request fail as the fake would."""
    if isinstance(what, BaseException):
        raise what
    raise fake_cinder.BROKEN_OFF


def test_a_backup_that_is_over_and_still_locks_its_volume_needs_attention(page, cloud):
    locked = cloud.add_backup(name="locked", status="error", fail_reason="boom")
    cloud.add_backup(status="error", volume_id=cloud.add_volume(status="available")["id"])
    tree = page()
    assert ids(tree) == [locked["id"]]
    row = text(tree, "#stuck_backups tr[data-object-id]")
    assert "still locked" in row
    assert "Backing Up" in row
    assert "Free the volume" in row
    assert text(tree, "#tile-volume_locked .badge") == "1"
    assert text(tree, "#tile-needs_attention .badge") == "1"
    assert ids(page(tile="volume_locked")) == [locked["id"]]


def test_a_volume_that_a_restore_left_locked_is_found_by_its_backup(page, cloud):
    target = cloud.add_volume(status="restoring-backup", name="mail-restored")
    backup = cloud.add_backup(status="available", volume_id=cloud.add_volume(status="available")["id"])
    cloud.hide(backup["id"], restore_volume_id=target["id"])
    tree = page(tile="volume_locked")
    assert ids(tree) == [backup["id"]]
    assert "mail-restored" in text(tree, "#stuck_backups tr[data-object-id]")


def test_a_volume_that_a_backup_in_progress_holds_is_not_called_locked(page, cloud):
    cloud.add_backup()
    cloud.add_backup(status="error", volume_id=cloud.add_backup()["volume_id"])
    assert ids(page(tile="volume_locked")) == []


def test_many_locked_volumes_are_told_from_those_in_use_by_one_list(page, cloud):
    for _number in range(30):
        cloud.add_backup()
    locked = [cloud.add_backup(status="error")["id"] for _number in range(3)]
    cloud.calls.clear()
    assert sorted(ids(page(tile="volume_locked"))) == sorted(locked)
    assert len(cloud.calls) < 15


def test_locked_volumes_that_could_not_be_looked_for_keep_the_page_from_being_green(page, cloud):
    cloud.trouble["GET", "/volumes$"] = 500
    tree = page()
    assert text(tree, "#stuck-empty") == ""
    assert text(tree, "#tile-volume_locked .badge") == "?"


def test_a_page_that_did_not_look_at_all_held_volumes_is_not_green_and_says_so(page, cloud, owner_up, monkeypatch):
    monkeypatch.setattr("backup_reset_panel.cinder.locked.MOST_RESTORED", 1)
    for _number in range(2):
        target = cloud.add_volume(status="restoring-backup")
        backup = cloud.add_backup(status="restoring", updated_at=stamp(60), **COMPLETE)
        cloud.hide(backup["id"], restore_volume_id=target["id"])
    tree = page()
    assert text(tree, "#stuck-empty") == ""
    assert "the oldest were checked" in text(tree, "#stuck-looking")
    assert text(tree, "#tile-volume_locked .badge") == "0+"


@pytest.fixture
def restores(cloud):
    """Ten backups that are being restored, each into a volume of its own, and those volumes."""
    found = []
    for _number in range(10):
        target = cloud.add_volume(status="restoring-backup")
        backup = cloud.add_backup(status="restoring", **COMPLETE)
        cloud.hide(backup["id"], restore_volume_id=target["id"])
        found.append((backup, target))
    return found


@pytest.fixture
def targets_asked_for(cloud):
    """Function: of how many volumes it was asked by name what restores into them, since it was called last."""
    asked = []
    cloud.before_answer.append(lambda request: asked.extend(request.qs.get("restore_volume_id", [])))

    def since():
        found = len(asked)
        asked.clear()
        return found

    return since


@pytest.mark.usefixtures("restores")
def test_what_holds_restored_volumes_is_looked_up_once_and_not_at_every_update_of_the_page(page, targets_asked_for):
    assert text(page(), "#tile-volume_locked .badge") == "0"
    assert targets_asked_for() == 10
    assert text(page(), "#tile-volume_locked .badge") == "0"
    assert targets_asked_for() == 0


@pytest.mark.parametrize(
    "changes",
    [{"status": "error"}, {"status": "available"}, {"updated_at": stamp(5)}],
    ids=["failed", "over", "changed"],
)
def test_what_held_a_volume_is_asked_for_again_when_its_backup_has_changed(page, restores, targets_asked_for, changes):
    page()
    backup, _target = restores[3]
    backup.update(changes)
    targets_asked_for()
    tree = page()
    assert targets_asked_for() == 1
    assert text(tree, "#tile-volume_locked .badge") == ("0" if "updated_at" in changes else "1")


def test_volumes_that_were_too_many_for_one_look_are_looked_up_at_the_next(page, restores, monkeypatch):
    monkeypatch.setattr("backup_reset_panel.cinder.locked.MOST_RESTORED", 6)
    assert text(page(), "#tile-volume_locked .badge") == "0+"
    assert text(page(), "#tile-volume_locked .badge") == "0"
    over, _target = restores[9]
    over["status"] = "error"
    assert text(page(), "#tile-volume_locked .badge") == "1"


@pytest.mark.usefixtures("restores")
def test_list_of_restores_that_cannot_be_read_makes_no_live_one_a_locked_one(page, cloud, targets_asked_for):
    page()
    targets_asked_for()

    def fail(request):
        if request.qs.get("status") == ["restoring"]:
            raise BROKEN_OFF

    cloud.before_answer.append(fail)
    assert text(page(tile="volume_locked"), "#tile-volume_locked .badge") == "0"
    assert targets_asked_for() == 10


def test_an_incremental_row_says_to_open_it_instead_of_guessing(page, cloud):
    cloud.add_backup(is_incremental=True, object_count=9, container="ab/cd/x")
    row = text(page(), "#stuck_backups tr[data-object-id]")
    assert "open it to check the backups that it builds on" in row
    assert "Open to see" in row


def test_a_verdict_does_not_depend_on_the_rows_beside_it(page, cloud):
    lone = cloud.add_backup(name="lone", container=None)
    alone = text(page(), f"tr[data-object-id='{lone['id']}'] .backup-reset-verdict")
    for number in range(3):
        cloud.add_backup(name=f"n{number}", object_count=9, container="ab/cd/x")
    together = text(page(), f"tr[data-object-id='{lone['id']}'] .backup-reset-verdict")
    assert alone == together
    assert "No proof of completeness" in alone


def test_addresses_of_earlier_releases_lead_to_the_same_tile(page, cloud):
    backup = cloud.add_backup()
    assert ids(page(tile="needs_a_hand")) == [backup["id"]]


def test_project_names_are_asked_for_once(page, cloud):
    cloud.add_backup()
    page()
    page()
    assert cloud.asked("GET", "/projects/shop") == 1


def test_horizons_own_polling_leaves_our_rows_alone(page, cloud):
    cloud.add_backup()
    assert page().cssselect("tr.ajax-update") == []


def test_the_whole_page_brings_its_script_and_style(page, cloud):
    tree = page(ajax=False)
    assert any(script.get("src", "").endswith("stuck/page.js") for script in tree.cssselect("script"))
    assert any(link.get("href", "").endswith("panel.css") for link in tree.cssselect("link"))


def test_the_page_is_in_the_navigation(page, cloud):
    assert "Stuck Backups" in text(page(ajax=False), "#sidebar-accordion, #sidebar")


@pytest.mark.parametrize("role", ["member", "reader"])
def test_who_may_not_reset_does_not_see_the_page(log_in, cloud, role):
    client = log_in(role)
    cloud.calls.clear()
    assert client.get(reverse("horizon:admin:backup_reset:index")).status_code == 403
    assert cloud.asked("GET", "/backups") == 0


def test_our_templates_hold_no_inline_script_style_or_handler(page, cloud):
    cloud.add_backup(name="<img src=x onerror=alert(1)>")
    tree = page()
    for element in tree.iter():
        if isinstance(element.tag, str):
            assert not any(name.startswith("on") for name in element.attrib), element.tag
            assert element.tag != "style"
            assert element.tag != "script" or not (element.text or "").strip()
