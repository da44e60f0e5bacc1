# SPDX-License-Identifier: Apache-2.0
"""Finding one backup or volume on the Stuck Backups page: the box, the links of a row, and the counts of the tiles."""

import json

import pytest
from django.core.cache import cache
from django.urls import reverse
from lxml import html

from tests import fake_cinder
from tests.fake_cinder import COMPLETE
from tests.fake_cinder import stamp
from tests.views.conftest import AJAX

NO_SUCH_ID = "7d3f2a90-6c2b-4a49-9f3c-0d6f1f3f7c11"


@pytest.fixture(autouse=True)
def nothing_cached():
    """Project names are kept in Horizon's cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def page(admin, cloud):
    """Function: the page for some GET parameters, parsed."""

    def read(ajax=True, **query):
        answer = admin.get(reverse("horizon:admin:backup_reset:index"), query, headers=AJAX if ajax else {})
        assert answer.status_code == 200
        return html.fromstring(f"<div>{answer.content.decode()}</div>")

    return read


@pytest.fixture
def planned(admin, cloud):
    """Function: the ids that a plan for all that match takes, as the page's JavaScript asks for them."""

    def ask(**query):
        url = reverse("horizon:admin:backup_reset:bulk_plan")
        answer = admin.post(url, query, headers=AJAX).json()
        found = [row["id"] for row in answer["rows"]]
        if answer["ids"]:
            more = admin.post(url, {"ids": json.dumps(answer["ids"])}, headers=AJAX).json()
            found += [row["id"] for row in more["rows"]]
        return found

    return ask


def ids(tree):
    return [row.get("data-object-id") for row in tree.cssselect("#stuck_backups tr[data-object-id]")]


def text(tree, selector):
    found = tree.cssselect(selector)
    return " ".join(found[0].text_content().split()) if found else ""


def links(tree, selector):
    return [link.get("href") for link in tree.cssselect(f"{selector} a")]


# --- the box -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", [str, str.upper, " {} ".format], ids=["as it is", "in capitals", "with spaces"])
def test_the_id_of_a_backup_finds_it(page, planned, cloud, written):
    wanted = cloud.add_backup()
    cloud.add_backup()
    assert ids(page(q=written(wanted["id"]))) == [wanted["id"]]
    assert planned(q=written(wanted["id"])) == [wanted["id"]]


def test_the_id_of_a_volume_finds_what_is_stuck_of_it(page, planned, cloud):
    volume_id = cloud.add_volume()["id"]
    wanted = cloud.add_backup(volume_id=volume_id, updated_at=stamp(9000))
    deleting = cloud.add_backup(volume_id=volume_id, status="deleting", updated_at=stamp(8000))
    cloud.add_backup()
    assert ids(page(q=volume_id)) == [wanted["id"], deleting["id"]]
    assert sorted(planned(q=volume_id)) == sorted([wanted["id"], deleting["id"]])


def test_the_id_of_a_volume_finds_the_backup_that_left_it_locked(page, planned, cloud):
    locked, other = cloud.add_backup(status="error"), cloud.add_backup(status="error")
    for wanted in (locked["id"], locked["volume_id"]):
        assert ids(page(q=wanted)) == [locked["id"]]
        assert ids(page(q=wanted, tile="volume_locked")) == [locked["id"]]
        assert planned(q=wanted) == [locked["id"]]
        assert planned(q=wanted, tile="volume_locked") == [locked["id"]]
    assert sorted(planned(tile="volume_locked")) == sorted([locked["id"], other["id"]])


def test_the_id_of_a_volume_that_is_restored_into_leads_to_the_backup(page, cloud):
    target = cloud.add_volume(status="restoring-backup")
    backup = cloud.add_backup(status="restoring", name="mail", **COMPLETE)
    cloud.hide(backup["id"], restore_volume_id=target["id"])
    tree = page(q=target["id"])
    assert ids(tree) == []
    assert "mail" in text(tree, "#stuck-elsewhere")
    assert f"?tile=needs_attention&q={backup['id']}" in links(tree, "#stuck-elsewhere")


def test_targets_of_restores_are_not_told_where_cinder_lets_that_filter_fall(page, cloud):
    cloud.ignores_hidden_filters = True
    cloud.add_backup(status="restoring", name="somebody-elses", **COMPLETE)
    assert "somebody-elses" not in text(page(q=NO_SUCH_ID), "#stuck-elsewhere")


def test_what_an_id_finds_in_another_list_is_told_with_its_status_and_the_way_there(page, cloud):
    volume_id = cloud.add_volume(status="available")["id"]
    failed = cloud.add_backup(volume_id=volume_id, name="failed", status="error")
    cloud.add_backup(volume_id=volume_id, name="healthy", status="available")
    tree = page(q=volume_id)
    assert ids(tree) == []
    told = text(tree, "#stuck-elsewhere")
    assert "failed" in told
    assert "Error" in told
    assert "healthy" in told
    assert "Available" in told
    assert f"?tile=error&q={failed['id']}" in links(tree, "#stuck-elsewhere")
    assert ids(page(tile="error", q=failed["id"])) == [failed["id"]]


def test_of_a_volume_with_many_backups_those_changed_last_are_told_and_that_there_are_more(page, cloud):
    volume_id = cloud.add_volume(status="available")["id"]
    for number in range(15):
        cloud.add_backup(volume_id=volume_id, name=f"n{number:02}", status="available", updated_at=stamp(99 - number))
    told = text(page(q=volume_id), "#stuck-elsewhere")
    assert "n14" in told
    assert "n03" not in told
    assert "may have more backups" in told


def test_an_id_that_nothing_has_is_told_to_be_unknown_in_this_region(page, cloud):
    cloud.add_backup()
    assert "no backup has this ID" in text(page(q=NO_SUCH_ID), "#stuck-elsewhere")


@pytest.mark.parametrize("what", [500, 403, fake_cinder.TIME_OUT, fake_cinder.REFUSED], ids=str)
def test_an_id_is_not_called_unknown_where_cinder_did_not_tell(page, cloud, what):
    cloud.add_backup()
    cloud.trouble["GET", "/backups"] = what
    tree = page(q=NO_SUCH_ID)
    assert text(tree, "#stuck-elsewhere") == ""
    assert "Could not be read: backups" in text(tree, "#stuck-missing")


def test_a_session_that_cinder_no_longer_accepts_is_told(page, cloud):
    cloud.trouble["GET", "/v3/admin-project"] = 401
    assert "Log in again" in text(page(q=NO_SUCH_ID), "#stuck-problem")


def test_no_other_backup_is_listed_or_planned_where_cinder_drops_the_filter(page, planned, cloud, monkeypatch):
    cloud.add_backup()
    passes = cloud._passes
    dropped = ("id", "volume_id")

    def without_filter(row, query, kind):
        return passes(row, {name: value for name, value in query.items() if name not in dropped}, kind)

    monkeypatch.setattr(cloud, "_passes", without_filter)
    assert ids(page(q=NO_SUCH_ID)) == []
    assert planned(q=NO_SUCH_ID) == []


def test_what_is_no_whole_id_is_a_part_of_a_name(page, cloud):
    wanted = cloud.add_backup(name="nightly-7d3f2a90")
    cloud.add_backup()
    assert ids(page(q="7d3f2a90")) == [wanted["id"]]
    assert ids(page(q=NO_SUCH_ID.replace("-", ""))) == []


def test_an_id_and_other_filters_have_to_fit_both(page, planned, cloud):
    backup = cloud.add_backup()
    cloud.hide(backup["id"], project_id="shop")
    for other in ({"project": "another"}, {"zone": "az2"}, {"host": "node-9"}, {"status": "restoring"}):
        assert ids(page(q=backup["id"], **other)) == []
        assert planned(q=backup["id"], **other) == []
    assert ids(page(q=backup["id"], project="shop", zone="nova", status="creating")) == [backup["id"]]


@pytest.mark.parametrize("tile", ["volume_locked", "needs_attention"])
def test_filters_hold_for_what_is_locked_too(page, planned, cloud, tile):
    cloud.add_backup(name="nightly", status="error")
    wanted = cloud.add_backup(name="Weekly", status="error")
    assert ids(page(tile=tile, q="week")) == planned(tile=tile, q="week") == [wanted["id"]]
    for none in ({"project": "another"}, {"zone": "az2"}, {"host": "node-1"}, {"status": "error_deleting"}):
        assert ids(page(tile=tile, **none)) == planned(tile=tile, **none) == []


def test_what_is_locked_cannot_be_looked_for_by_host_and_the_page_says_so(page, planned, cloud):
    cloud.add_backup(status="error")
    tree = page(tile="volume_locked", host="node-1")
    assert "cannot be looked for by host" in text(tree, "#stuck-empty")
    assert planned(tile="volume_locked", host="node-1") == []
    assert cloud.resets == []


def test_a_filter_of_what_is_locked_says_where_not_all_were_looked_at(page, cloud, settings):
    settings.API_RESULT_PAGE_SIZE = 2
    for number in range(3):
        cloud.add_backup(name=f"n{number}", status="error", updated_at=stamp(900 - number))
    tree = page(tile="volume_locked", q="none-of-that-name")
    assert "the oldest were checked" in text(tree, "#stuck-empty")


def test_an_id_costs_the_same_however_many_backups_there_are(page, cloud):
    wanted = cloud.add_backup()
    page(q=wanted["id"])
    cloud.calls.clear()
    page(q=wanted["id"])
    few = len(cloud.calls)
    for _number in range(100):
        cloud.add_backup(status="available")
    cloud.calls.clear()
    page(q=wanted["id"])
    assert len(cloud.calls) == few


# --- the links -----------------------------------------------------------------------------------------------------


def test_a_row_leads_to_its_volume_project_and_host(page, cloud):
    backup = cloud.add_backup()
    found = links(page(), "#stuck_backups tr[data-object-id]")
    assert reverse("horizon:admin:volumes:detail", args=(backup["volume_id"],)) in found
    assert reverse("horizon:identity:projects:detail", args=("shop",)) in found
    assert "?host=node-1" in found
    assert ids(page(host="node-1")) == [backup["id"]]


def test_a_site_without_horizons_pages_shows_the_row_without_those_links(page, cloud, monkeypatch):
    monkeypatch.setattr("backup_reset_panel.stuck.columns.VOLUME", "horizon:admin:no_such_panel:detail")
    monkeypatch.setattr("backup_reset_panel.stuck.columns.PROJECT", "horizon:identity:no_such_panel:detail")
    cloud.add_backup()
    tree = page()
    assert "db-data" in text(tree, "#stuck_backups tr[data-object-id]")
    assert not any("/volumes/" in link for link in links(tree, "#stuck_backups"))


def test_a_volume_of_which_only_the_id_is_known_is_a_link_and_none_at_all_is_not(page, cloud):
    gone = cloud.add_backup(volume_id=NO_SUCH_ID, status="error")
    imported = cloud.add_backup(volume_id="00000000-0000-0000-0000-000000000000", status="error")
    tree = page(tile="error")
    assert any(NO_SUCH_ID in link for link in links(tree, f"tr[data-object-id='{gone['id']}']"))
    assert not any("00000000-" in link for link in links(tree, f"tr[data-object-id='{imported['id']}']"))


def test_a_host_whose_name_is_made_of_special_characters_is_filtered_for_whole(page, cloud):
    cloud.services = [cloud.service(host="a&b=c d#e", state="down", updated_at=stamp(4000))]
    cloud.hide(cloud.add_backup()["id"], host="a&b=c d#e")
    assert "?host=a%26b%3Dc+d%23e" in links(page(), "#stuck_backups")


def test_the_short_id_has_the_whole_one_on_hover_and_for_those_who_do_not_see(page, cloud):
    backup = cloud.add_backup()
    (short,) = page(ajax=False).cssselect("#stuck_backups .backup-reset-id")
    assert short.get("title") == short.get("data-id") == backup["id"]
    assert short.cssselect("[aria-hidden]")[0].text_content() == backup["id"][:8]
    assert short.cssselect(".sr-only")[0].text_content() == backup["id"]


# --- the counts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tile", ["needs_attention", "volume_locked", "was_complete", "error", "deleting"])
def test_every_tile_has_a_count_or_says_that_it_was_not_counted(page, cloud, tile):
    cloud.add_backup(status="error", **COMPLETE)
    for shown in page(tile=tile).cssselect(".backup-reset-tiles li"):
        (count,) = shown.cssselect(".badge, .backup-reset-uncounted")
        assert count.get("class") == "badge" or "not counted" in count.text_content()


@pytest.mark.parametrize("tile", ["needs_attention", "volume_locked", "was_complete", "error", "deleting"])
def test_whichever_tile_is_open_those_are_counted_that_cost_little(page, cloud, tile):
    cloud.add_backup(status="error")
    cloud.add_backup(status="deleting")
    tree = page(tile=tile)
    counts = [text(tree, f"#tile-{name} .badge") for name in ("error", "deleting", "volume_locked")]
    assert counts == ["1", "1", "1"]


def test_before_anything_was_counted_no_tile_says_zero(page, cloud):
    tree = page(ajax=False)
    assert "not counted yet" in text(tree, "#tile-error")
    assert "0" not in text(tree, "#tile-error")
