# SPDX-License-Identifier: Apache-2.0
"""The Hosts page: who has what in progress, what a start would do to it, and what it costs to know."""

import json
import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from lxml import html

from backup_reset_panel.cinder import in_progress
from tests import fake_cinder
from tests.fake_cinder import COMPLETE
from tests.fake_cinder import DOWN
from tests.views.conftest import AJAX
from tests.views.conftest import text

URL = "horizon:admin:backup_reset:hosts"


@pytest.fixture(autouse=True)
def nothing_cached():
    cache.clear()
    yield
    cache.clear()


def hosts(tree):
    """The hosts of the table, in order."""
    return [row.get("data-object-id") for row in tree.cssselect("#hosts tr[data-object-id]")]


def row(tree, host):
    return text(tree, f"#hosts tr[data-object-id='{host}']")


def on(cloud, host, **values):
    """A backup for which that host was asked last."""
    backup = cloud.add_backup(**values)
    cloud.hide(backup["id"], host=host)
    return backup


def test_each_host_is_told_with_its_zone_state_last_sight_and_reason(page, cloud):
    cloud.services[0] |= {"status": "disabled", "disabled_reason": "new disks", "zone": "east"}
    tree = page()
    assert hosts(tree) == ["node-1", "node-2"]
    for told in ("east", "down", "last seen 1 h", "disabled new disks", "Nothing."):
        assert told in row(tree, "node-1")
    assert re.search(r"up, last seen \d+ s ago", row(tree, "node-2"))
    assert text(tree, "#hosts-summary") == "cinder-backup: 1 up, 1 down, 1 disabled"


def test_what_a_start_would_do_is_told_in_plain_words(page, cloud):
    for _number in range(34):
        on(cloud, "node-1")
    for _number in range(3):
        on(cloud, "node-1", **COMPLETE)
    on(cloud, "node-1", is_incremental=True, **COMPLETE)
    target = cloud.add_volume(status="restoring-backup", name="mail-restored")
    cloud.hide(on(cloud, "node-1", status="restoring", object_count=9)["id"], restore_volume_id=target["id"])
    on(cloud, "node-1", status="restoring", object_count=9)
    on(cloud, "node-1", status="deleting")
    told = row(page(), "node-1")
    assert "41" in told
    assert "38 Creating, 2 Restoring, 1 Deleting" in told
    for sentence in (
        "38 would become Error, 3 of them complete: release those first.",
        "1 of them may be complete: open it before.",
        "2 restores would end: their backups Available, their target volumes Error Restoring.",
        "Targets: mail-restored.",
        "1 target is not named here.",
        "1 deletion would continue.",
    ):
        assert sentence in told


def test_backups_that_wait_for_one_host_are_grouped_by_it(page, cloud):
    for _number in range(3):
        on(cloud, "node-1")
    on(cloud, "node-2")
    tree = page()
    assert re.fullmatch(r"Backups wait for these hosts: node-1, last seen .* ago: 3", text(tree, "#hosts-causes"))
    assert "It is up. A restart would end what it is working on:" in row(tree, "node-2")


@pytest.mark.parametrize("named_by", ["another service", "a gap in the names", "the filter"])
def test_host_that_is_none_of_the_services_stands_under_its_name(page, cloud, named_by):
    query = {}
    if named_by == "another service":
        name = "lost"
        cloud.services.append(cloud.service(host="lost@lvm", binary="cinder-volume", **DOWN))
    elif named_by == "a gap in the names":
        name = "node-3"
    else:
        name, query = "quite-another", {"q": "quite-another"}
    on(cloud, name)
    tree = page(**query)
    assert "not in the list of services" in row(tree, name)
    assert "Only a cinder-backup that is started under this very name" in row(tree, name)
    assert f"{name}, not in the list of services: 1" in text(tree, "#hosts-causes")


def test_host_that_is_no_service_any_more_is_named_by_the_volumes_that_it_left_held(page, cloud):
    backup = on(cloud, "rack7-storage.example")
    cloud.volumes[backup["volume_id"]]["os-vol-host-attr:host"] = "rack7-storage.example@lvm#pool"
    tree = page()
    assert "rack7-storage.example, not in the list of services: 1" in text(tree, "#hosts-causes")
    assert text(tree, "#hosts-elsewhere") == ""


def test_host_whose_name_nobody_tells_is_not_left_out(page, cloud):
    on(cloud, "quite-another")
    tree = page()
    assert "is not in the list of services, and Cinder does not tell its name" in text(tree, "#hosts-elsewhere")
    assert text(tree, "#hosts-missing") == ""


def test_backups_that_no_host_was_asked_for_are_told_by_themselves(page, cloud):
    cloud.hide(cloud.add_backup()["id"], service=None, host=None)
    tree = page()
    assert "No host was asked yet for 1 backup" in text(tree, "#hosts-waiting")
    assert "Nothing." in row(tree, "node-1")


def test_only_what_is_in_progress_counts(page, cloud):
    for status in ("available", "error", "error_deleting"):
        on(cloud, "node-1", status=status)
    assert "Nothing." in row(page(), "node-1")


def many(cloud, up=2, down=298):
    gone = DOWN | {"updated_at": fake_cinder.stamp(30 * 86400)}
    cloud.services = [cloud.service(host=f"node-{n}") for n in range(up)]
    cloud.services += [cloud.service(host=f"node-{n}", **gone) for n in range(up, up + down)]


def test_three_hundred_hosts_are_counted_and_stand_in_natural_order(page, cloud):
    many(cloud)
    tree = page(show="all")
    assert text(tree, "#hosts-summary") == "cinder-backup: 2 up, 298 down"
    assert hosts(tree) == [f"node-{n}" for n in range(300)]
    assert text(tree, "#hosts-not-listed") == ""


def test_of_many_hosts_the_busy_ones_and_those_that_are_up_are_listed_first(page, cloud):
    many(cloud)
    cloud.services[250]["state"] = "up"
    on(cloud, "node-299")
    tree = page()
    listed = hosts(tree)
    assert len(listed) == 60
    assert {"node-0", "node-1", "node-250", "node-299"} < set(listed)
    assert listed == sorted(listed, key=lambda name: int(name.partition("-")[2]))
    assert text(tree, "#hosts-not-listed").startswith("240 more hosts are not listed")
    assert len(hosts(page(show="all", q="node-2"))) == 111


def test_filter_leaves_hosts_by_name_zone_and_state(page, cloud):
    many(cloud, down=30)
    cloud.services[3]["zone"] = "east"
    on(cloud, "node-7")
    assert hosts(page(q="node-1")) == ["node-1", *(f"node-{n}" for n in range(10, 20))]
    assert hosts(page(q="EAST")) == ["node-3"]
    assert hosts(page(show="busy")) == ["node-7"]
    assert len(hosts(page(show="not_up"))) == 30
    assert text(page(q="no-such"), "#hosts-empty") == "No host matches."
    assert "not valid" in text(page(show="nonsense"), "#hosts-invalid")


def calls_of(page, cloud):
    page()
    cloud.calls.clear()
    page()
    return len([path for _method, path in cloud.calls if path.startswith("/v3/")])


def test_the_host_that_died_is_found_among_three_hundred_by_few_questions(page, cloud):
    many(cloud)
    cloud.services.append(cloud.service(host="node-300", **DOWN))
    for _number in range(60):
        on(cloud, "node-300", updated_at=fake_cinder.stamp(4100), created_at=fake_cinder.stamp(4100))
    assert calls_of(page, cloud) <= 15


def test_of_three_hundred_hosts_that_died_together_each_has_its_own(page, cloud):
    many(cloud)
    for number in range(100, 300):
        on(cloud, f"node-{number}")
    tree = page()
    assert [text(tree, "#hosts-unplaced"), text(tree, "#hosts-elsewhere")] == ["", ""]
    assert {f"node-{number}" for number in range(100, 300)} == set(hosts(tree))


def test_what_it_costs_at_most_does_not_grow_with_hosts_volumes_or_backups(page, cloud, monkeypatch):
    monkeypatch.setattr(in_progress, "PARTS", (8, 24))
    monkeypatch.setattr(in_progress, "MOST_HOSTS", 32)
    many(cloud)
    for number in range(120):
        on(cloud, f"node-{number * 2}", **COMPLETE)
        on(cloud, f"nobody-{number}", status="restoring")
        cloud.add_volume(status="restoring-backup")
        cloud.add_volume(status="in-use")
        cloud.add_backup(status="available")
    most = 10 + in_progress.MOST_HOSTS + in_progress.MOST_GUESSED + in_progress.MOST_TARGETS + 30
    assert calls_of(page, cloud) <= most
    tree = page(q="node-29")
    assert "Could not be read: the host last asked" in text(tree, "#hosts-missing")
    assert "not known" in row(tree, "node-299")


def test_list_that_came_back_short_is_told_and_no_number_is_called_all(page, cloud, monkeypatch):
    for _number in range(4):
        on(cloud, "node-1")
    listed = cloud._listed

    def short(context, kind, found, query, counted):
        return listed(context, kind, found, query | {"limit": [min(2, int(query.get("limit", [2])[0]))]}, counted)

    monkeypatch.setattr(cloud, "_listed", short)
    tree = page()
    assert "More backups are in progress than were looked at" in text(tree, "#hosts-cut")
    assert "at least 2" in row(tree, "node-1")
    assert "not known" in row(tree, "node-2")


FAILING = [500, 403, fake_cinder.TIME_OUT, fake_cinder.REFUSED]


@pytest.mark.parametrize("what", FAILING, ids=str)
def test_list_of_backups_that_cannot_be_read_is_told_and_nothing_is_zero(page, cloud, what):
    on(cloud, "node-1")
    cloud.trouble["GET", "/backups/detail"] = what
    tree = page()
    assert "Could not be read: backups" in text(tree, "#hosts-missing")
    assert hosts(tree) == ["node-1", "node-2"]
    assert "not known Not known." in row(tree, "node-1")
    assert not tree.cssselect("button[value*=plan_of_host]")


@pytest.mark.parametrize("what", FAILING, ids=str)
def test_services_that_cannot_be_read_are_told(page, cloud, what):
    on(cloud, "node-1")
    cloud.trouble["GET", "/os-services"] = what
    tree = page()
    assert "the cinder-backup services" in text(tree, "#hosts-missing")
    assert "is not known" in text(tree, "#hosts-unplaced")
    assert text(tree, "#hosts-none") == ""


@pytest.mark.parametrize("what", [500, fake_cinder.TIME_OUT], ids=str)
def test_hosts_that_could_not_be_asked_about_are_not_called_idle(page, cloud, what):
    on(cloud, "node-1")
    cloud.trouble["GET", "/backups$"] = what
    tree = page()
    assert "Could not be read: the host last asked" in text(tree, "#hosts-missing")
    assert "not known Not known." in row(tree, "node-2")


def test_filters_that_cinder_drops_give_no_host_any_backup(page, cloud):
    on(cloud, "node-1")
    cloud.ignores_hidden_filters = True
    tree = page()
    assert "Could not be read: the host last asked" in text(tree, "#hosts-missing")
    assert "not known Not known." in row(tree, "node-1")


def test_session_that_cinder_no_longer_accepts_is_told(page, cloud):
    cloud.trouble["GET", "/v3/admin-project"] = 401
    assert "Log in again" in text(page(), "#hosts-problem")


def test_cloud_without_cinder_backup_is_told(page, cloud):
    cloud.services = []
    assert "There is no cinder-backup" in text(page(), "#hosts-none")


def test_button_of_a_host_leads_to_the_plan_of_just_its_backups(page, admin, cloud):
    mine = {on(cloud, "node-1", **COMPLETE)["id"] for _number in range(3)}
    on(cloud, "node-9")
    tree = page()
    [button] = tree.cssselect("#hosts tr[data-object-id='node-1'] button[name=action]")
    answer = admin.post(reverse(URL), {"action": button.get("value")})
    source = html.fromstring(answer.content.decode()).cssselect("input[name=source]")[0].get("value")
    query = json.loads(source)["query"]
    assert query == {"host": "node-1"}
    planned = admin.post(reverse("horizon:admin:backup_reset:bulk_plan"), query).json()
    assert {line["id"] for line in planned["rows"]} == mine


def test_plan_is_of_what_a_host_has_by_then(page, admin, cloud):
    ended, moved, stays = (on(cloud, "node-1", **COMPLETE) for _number in range(3))
    page()
    cloud.end(ended)
    cloud.hide(moved["id"], host="node-9")
    came = on(cloud, "node-1", **COMPLETE)
    planned = admin.post(reverse("horizon:admin:backup_reset:bulk_plan"), {"host": "node-1"}).json()
    assert {line["id"] for line in planned["rows"]} == {stays["id"], came["id"]}


def test_plan_of_a_host_is_not_made_where_cinder_drops_its_filter(admin, cloud):
    on(cloud, "node-1")
    on(cloud, "node-9")
    cloud.ignores_hidden_filters = True
    answer = admin.post(reverse("horizon:admin:backup_reset:bulk_plan"), {"host": "node-1"}).json()
    assert answer["rows"] == []
    assert "could not be read to its end" in answer["stop"]
    tree = html.fromstring(admin.get(reverse("horizon:admin:backup_reset:index"), {"host": "node-1"}).content.decode())
    assert tree.cssselect("#stuck_backups tr[data-object-id]") == []
    assert "the host last asked" in text(tree, "#stuck-missing")


def test_link_of_a_host_leads_to_its_backups(page, admin, cloud):
    mine = on(cloud, "node-1")
    on(cloud, "node-9")
    [link] = page().cssselect("#hosts tr[data-object-id='node-1'] a[href*='host=']")
    tree = html.fromstring(admin.get(link.get("href")).content.decode())
    assert [each.get("data-object-id") for each in tree.cssselect("#stuck_backups tr[data-object-id]")] == [mine["id"]]


@pytest.mark.parametrize("action", ["nonsense", "hosts__no_such", "hosts__plan_of_host"])
def test_action_that_is_none_leads_back_to_the_page(admin, cloud, action):
    answer = admin.post(reverse(URL), {"action": action})
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse(URL)


def test_host_of_any_name_harms_nothing(page, admin, cloud):
    name = '<b>__x & "y"</b>'
    cloud.services.append(cloud.service(host=name))
    on(cloud, name)
    tree = page()
    assert name in hosts(tree)
    [button] = [each for each in tree.cssselect("#hosts button[name=action]") if name in each.get("value")]
    answer = admin.post(reverse(URL), {"action": button.get("value")})
    source = html.fromstring(answer.content.decode()).cssselect("input[name=source]")[0].get("value")
    assert json.loads(source)["query"] == {"host": name}


@pytest.mark.parametrize("role", ["member", "reader"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_reset_does_not_see_it(log_in, cloud, role, method):
    client = log_in(role)
    cloud.calls.clear()
    data = {"action": "hosts__plan_of_host__node-1"}
    assert getattr(client, method)(reverse(URL), data).status_code == 403
    assert cloud.asked("GET", "/backups") == 0


def test_stuck_backups_leads_there(admin, cloud):
    tree = html.fromstring(admin.get(reverse("horizon:admin:backup_reset:index")).content.decode())
    assert tree.cssselect("#stuck-hosts-link")[0].get("href") == reverse(URL)


def fold(client, **query):
    """The fold of the Stuck Backups page, as its script asks for it."""
    answer = client.get(reverse(URL), query, headers=AJAX)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def test_fold_has_what_waits_for_whom_and_the_hosts_with_something_in_progress(admin, cloud):
    cloud.services.append(cloud.service(host="node-3"))
    for _number in range(3):
        on(cloud, "node-1")
    on(cloud, "node-2")
    tree = fold(admin)
    assert re.search("node-1, last seen 1 h .* ago: 3", text(tree, "#hosts-causes"))
    assert hosts(tree) == ["node-1", "node-2"]
    assert "3 would become Error" in row(tree, "node-1")
    assert tree.cssselect("form")[0].get("action") == reverse(URL)
    assert not tree.cssselect("#hosts-filters, head, nav")


def test_fold_without_anything_in_progress_says_so(admin, cloud):
    tree = fold(admin)
    assert text(tree, "#hosts-idle") == "No host has backups in progress."
    assert hosts(tree) == []


@pytest.mark.parametrize("table", ["backups", "os-services"])
def test_fold_whose_source_fails_says_so_and_not_that_all_is_idle(admin, cloud, table):
    on(cloud, "node-1")
    cloud.trouble["GET", f"/{table}"] = 500
    tree = fold(admin)
    assert text(tree, "#hosts-missing") or text(tree, "#hosts-problem")
    assert text(tree, "#hosts-idle") == ""


def test_fold_is_asked_for_by_itself_and_costs_the_page_nothing(admin, cloud):
    for _number in range(3):
        on(cloud, "node-1")
    tree = html.fromstring(admin.get(reverse("horizon:admin:backup_reset:index")).content.decode())
    [body] = tree.cssselect("#stuck-hosts #stuck-hosts-body")
    assert body.get("data-url") == reverse(URL)
    assert not tree.cssselect("#stuck-hosts #hosts-causes")
    assert tree.cssselect("#stuck-hosts")[0].get("open") is None


@pytest.mark.parametrize("role", ["member", "reader"])
def test_who_may_not_reset_does_not_get_the_fold(log_in, cloud, role):
    client = log_in(role)
    cloud.calls.clear()
    assert client.get(reverse(URL), headers=AJAX).status_code == 403
    assert cloud.asked("GET", "/backups") == 0
