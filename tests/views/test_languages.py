# SPDX-License-Identifier: Apache-2.0
"""Every screen and dialog in a language that nobody speaks: nothing of ours is left in raw English."""

import json
import uuid

import pytest
from django.core.cache import cache
from django.urls import reverse
from lxml import html

from tests import fake_cinder
from tests import pseudo
from tests.fake_cinder import COMPLETE
from tests.fake_cinder import DOWN
from tests.fake_cinder import stamp
from tests.unit.storage.conftest import written  # noqa: F401  (fixtures are found by their names here)
from tests.views.conftest import AJAX
from tests.views.conftest import Dialog
from tests.views.test_left_overs import PLANTED
from tests.views.test_storage import backup  # noqa: F401
from tests.views.test_storage import lose_a_part
from tests.views.test_storage import row  # noqa: F401
from tests.views.test_storage import store  # noqa: F401
from tests.views.test_storage import stored  # noqa: F401
from tests.views.test_unrecorded import folder  # noqa: F401


@pytest.fixture(autouse=True)
def quick(pseudo_language, monkeypatch):
    """Nobody waits between looks at a fake."""
    pseudo_language.BACKUP_RESET_PANEL = {"FOLLOW_SECONDS": 0.06}
    monkeypatch.setattr("backup_reset_panel.bulk.run.PAUSES", (0, 0))
    cache.clear()
    yield
    cache.clear()


def shown(admin, name, **query):
    """A page of ours, parsed."""
    answer = admin.get(reverse(f"horizon:admin:backup_reset:{name}"), query)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def assert_translated(tree, least=1):
    """Nothing is raw; and there is something to be read, so that nothing is passed over."""
    assert tree.text_content().count("⟦") >= least
    assert pseudo.raw_of_page(tree) == []


def never_taken_up(cloud):
    made = cloud.add_backup()
    cloud.hide(made["id"], service=None)
    return made


def being_restored(cloud, **values):
    made = cloud.add_backup(status="restoring", **values)
    cloud.hide(made["id"], restore_volume_id=cloud.add_volume(status="restoring-backup")["id"])
    return made


def incremental(cloud, **values):
    parent = cloud.add_backup(status="available", **COMPLETE)
    made = cloud.add_backup(is_incremental=True, volume_id=parent["volume_id"], **values)
    cloud.hide(made["id"], parent_id=parent["id"])
    return made


def with_left_over(cloud):
    made = cloud.add_backup(**COMPLETE)
    cloud.leave_temporary(made)
    return made


SITUATIONS = {
    "complete": lambda cloud: cloud.add_backup(**COMPLETE),
    "no data": lambda cloud: cloud.add_backup(),
    "never started": never_taken_up,
    "deleting": lambda cloud: cloud.add_backup(status="deleting", **COMPLETE),
    "error while deleting": lambda cloud: cloud.add_backup(status="error_deleting"),
    "error": lambda cloud: cloud.add_backup(status="error", fail_reason="node-1"),
    "complete once": lambda cloud: cloud.add_backup(status="error", **COMPLETE),
    "restoring": lambda cloud: being_restored(cloud, **COMPLETE),
    "restoring without data": being_restored,
    "incremental": lambda cloud: incremental(cloud, **COMPLETE),
    "incremental without data": incremental,
    "of a snapshot": lambda cloud: cloud.add_backup(snapshot_id=cloud.add_snapshot()["id"]),
    "with a left-over": with_left_over,
    "import": lambda cloud: cloud.add_backup(volume_id="00000000-0000-0000-0000-000000000000"),
    "available": lambda cloud: cloud.add_backup(status="available", **COMPLETE),
    "unknown status": lambda cloud: cloud.add_backup(status="nova"),
}


#: Those of which a host that is up has something else to say.
ALIVE = ("complete", "never started", "deleting", "restoring")


@pytest.mark.parametrize(
    ("situation", "is_up"), [*((each, False) for each in SITUATIONS), *((each, True) for each in ALIVE)]
)
def test_dialog_and_its_result(open_dialog, cloud, situation, is_up):
    if is_up:
        cloud.services[0] |= {"state": "up", "updated_at": stamp(3)}
    dialog = open_dialog(SITUATIONS[situation](cloud))
    ticks, repairs = list(dialog.boxes("ticks")), list(dialog.boxes("repairs"))
    choices = list(dialog.choices)
    assert_translated(dialog.tree, least=5)
    for choice in choices:
        assert_translated(dialog.submit(choice=choice, ticks=[], repairs=[]).tree)
    if choices:
        assert_translated(dialog.submit(choice=choices[0], ticks=ticks, repairs=repairs).tree)


@pytest.mark.parametrize("what", [400, 401, 403, 404, 409, 413, 500, fake_cinder.TIME_OUT, fake_cinder.REFUSED, "{"])
def test_dialog_when_cinder_refuses_or_is_gone(open_dialog, cloud, what):
    made = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(made)
    cloud.trouble = {("POST", "/action"): what}
    assert_translated(without_cinders_words(dialog.submit().tree))
    cloud.trouble = {("GET", "/backups/"): what}
    assert_translated(without_cinders_words(open_dialog(made).tree))


def without_cinders_words(tree):
    for element in tree.cssselect("#backup-reset-detail"):
        element.clear(keep_tail=True)
    return tree


def test_dialog_with_its_store(stored, store, admin, backup):  # noqa: F811
    dialog = stored()
    assert_translated(dialog.tree)
    url = reverse("horizon:admin:backup_reset:read", args=(backup["id"],))
    answer = admin.post(url, {"depth": "all"}, headers=AJAX).json()
    while answer["place"]:
        assert pseudo.raw_of_answer(answer) == []
        answer = admin.post(url, {"place": answer["place"]}, headers=AJAX).json()
    assert pseudo.raw_of_answer(answer) == []
    lose_a_part(store)
    assert_translated(stored().tree)


def test_stuck_backups_with_everything_on_it(admin, cloud):
    for make in SITUATIONS.values():
        make(cloud)
    cloud.services += [cloud.service(host=f"node-{number}", **DOWN) for number in range(3, 12)]
    tree = shown(admin, "index")
    assert len(tree.cssselect("tr[data-object-id]")) >= 8
    assert_translated(tree, least=60)


@pytest.mark.parametrize("tile", ["volume_locked", "was_complete", "error", "deleting", "long_running"])
def test_each_tile(admin, cloud, tile):
    assert_translated(shown(admin, "index", tile=tile))
    for make in SITUATIONS.values():
        make(cloud)
    assert_translated(shown(admin, "index", tile=tile))


@pytest.mark.parametrize(
    "query",
    [{"q": str(uuid.UUID(int=1))}, {"status": "error"}, {"tile": "volume_locked", "host": "node-1"}, {"q": "nova"}],
)
def test_stuck_backups_where_nothing_matches(admin, cloud, query):
    cloud.add_backup()
    assert_translated(shown(admin, "index", **query))


@pytest.mark.parametrize("what", ["/os-services", "/backups", "/volumes", "/admin-project/."])
def test_pages_when_a_source_fails(admin, cloud, what):
    cloud.add_backup()
    cloud.trouble = {("GET", what): 500}
    for name in ("index", "hosts", "left_overs"):
        assert_translated(shown(admin, name))


def test_hosts(admin, cloud):
    for make in SITUATIONS.values():
        make(cloud)
    cloud.services[0] |= {"status": "disabled", "disabled_reason": "node-1"}
    assert_translated(shown(admin, "hosts"), least=30)
    assert_translated(shown(admin, "hosts", q="nowhere"))


def test_hosts_in_their_fold(admin, cloud):
    cloud.add_backup()
    answer = admin.get(reverse("horizon:admin:backup_reset:hosts"), headers=AJAX)
    tree = html.fromstring(answer.content.decode())
    assert tree.text_content().count("⟦") > 5
    assert pseudo.raw_of_page(tree, "#hosts-fold") == []


def test_backups_without_a_record(admin, cloud, folder):  # noqa: F811
    assert_translated(shown(admin, "unrecorded"))
    folder.put()
    tree = shown(admin, "unrecorded")
    assert len(tree.cssselect("tr[data-object-id]")) == 1
    assert_translated(tree, least=10)
    cloud.trouble = {("GET", "/backups"): 500}
    assert_translated(shown(admin, "unrecorded"))


def test_left_overs_and_their_dialogs(admin, cloud):
    for make in PLANTED.values():
        make(cloud)
    tree = shown(admin, "left_overs")
    links = [link.get("href") for link in tree.cssselect("tr[data-object-id] a.ajax-modal")]
    assert len(links) == len(PLANTED)
    assert_translated(tree, least=20)
    for link in links:
        dialog = Dialog(admin, admin.get(link, headers=AJAX))
        assert_translated(dialog.submit().tree)
        done = dialog.submit(consent="on")
        assert done.find("#left-over-outcome").get("data-ending") == "done"
        assert_translated(done.tree)
        assert_translated(dialog.tree, least=5)


@pytest.mark.django_db(transaction=True)
def test_history_of_what_was_done(admin, cloud, pseudo_language, open_dialog):
    assert_translated(shown(admin, "history"))
    pseudo_language.BACKUP_RESET_PANEL = {"FOLLOW_SECONDS": 0.06, "HISTORY": {"database": "default", "days": 30}}
    made = [make(cloud) for make in SITUATIONS.values()]
    for each in made:
        dialog = open_dialog(each)
        if dialog.choices:
            dialog.submit(choice=next(iter(dialog.choices)), ticks=list(dialog.boxes("ticks")))
    tree = shown(admin, "history")
    assert len(tree.cssselect("tr[data-object-id]")) > 5
    assert_translated(tree, least=50)
    assert_translated(open_dialog(made[0]).tree)
    assert_translated(shown(admin, "history", backup="nova"))


def call(admin, name, **fields):
    return admin.post(reverse(f"horizon:admin:backup_reset:{name}"), fields, headers=AJAX).json()


def test_bulk_run(admin, cloud):
    made = [make(cloud) for make in SITUATIONS.values()]
    tree = shown(admin, "bulk", tile="needs_attention")
    told = json.loads(tree.cssselect("#bulk")[0].get("data-plurals"))
    assert [form for each in told.values() for form in each["forms"] if pseudo.raw(form)] == []
    assert_translated(tree, least=20)
    assert_translated(shown(admin, "bulk", nonsense="x"))
    plan = call(admin, "bulk_plan", ids=json.dumps([each["id"] for each in made]), dead='["node-1"]')
    assert pseudo.raw_of_answer(plan) == []
    cloud.add_backup()
    rows = [each["token"] for each in plan["rows"] if each["token"]]
    cloud.backups[made[0]["id"]]["status"] = "error"
    done = call(admin, "bulk_apply", tokens=json.dumps(rows))
    assert done["results"]
    assert pseudo.raw_of_answer(done) == []
    cloud.trouble = {(".*", "."): 500, ("GET", "."): fake_cinder.REFUSED}
    assert pseudo.raw_of_answer(call(admin, "bulk_plan", ids=json.dumps([made[0]["id"]]))) == []


@pytest.mark.parametrize(("language", "is_rtl"), [("de", False), ("ar", True)])
def test_pages_and_dialogs_run_the_way_of_the_language(admin, cloud, settings, open_dialog, language, is_rtl):
    settings.LANGUAGES, settings.LANGUAGE_CODE = [(language, language)], language
    names = ("index", "hosts", "left_overs", "unrecorded", "history")
    for tree in [*(shown(admin, name) for name in names), open_dialog(cloud.add_backup()).tree]:
        [root] = tree.cssselect(".backup-reset")
        assert root.get("dir") == ("rtl" if is_rtl else None)
