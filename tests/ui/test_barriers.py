# SPDX-License-Identifier: Apache-2.0
"""No screen or dialog of ours has a barrier that stock Horizon has not, as far as axe-core can tell."""

import pytest
from openstack_dashboard.dashboards.admin.backups import views as stock_views

from backup_reset_panel.history.models import PastReset
from tests.fake_cinder import COMPLETE
from tests.fake_cinder import DOWN
from tests.fake_cinder import stamp
from tests.pages.horizon import OURS
from tests.ui import axe
from tests.ui.test_reading import Gate
from tests.ui.test_reading import backup as stored  # noqa: F401  (fixtures are found by their names here)
from tests.ui.test_reading import button
from tests.ui.test_reading import entry
from tests.ui.test_reading import told
from tests.ui.test_reading import verdict
from tests.unit.storage.conftest import written  # noqa: F401
from tests.views.test_unrecorded import Folder

OPEN_STOCK_DIALOG = """
const link = document.createElement("a");
Object.assign(link, { className: "ajax-modal", href: arguments[0] });
document.querySelector("#content_body").append(link);
link.click();
link.remove();
"""
#: Found once for all tests.
STOCK: set[tuple[str, str]] = set()


def look_at_stock(horizon, cloud, monkeypatch):
    """Find the barriers of Horizon's own Volume Backups page, and of one of its dialogs, without anything of ours."""
    volume = cloud.add_volume(status="available")
    backup = cloud.add_backup(volume_id=volume["id"])
    with monkeypatch.context() as patch:
        extended = stock_views.AdminBackupsView.table_class
        patch.setattr(stock_views.AdminBackupsView, "table_class", extended.__mro__[2])
        horizon.open_backups()
        found = axe.barriers(horizon)
        horizon.driver.execute_script(OPEN_STOCK_DIALOG, f"/admin/volumes/{volume['id']}/update_status")
        horizon.wait(lambda: horizon.visible(".modal.in form"), "the stock dialog")
        found += axe.barriers(horizon)
    # The run does find something: Horizon's pages do not even say in which language they are.
    assert found
    STOCK.update(each.key for each in found)
    # What the test has put in stays: this may come after it, in whichever test of a process is the first.
    del cloud.backups[backup["id"]], cloud.volumes[volume["id"]]


@pytest.fixture
def clear(horizon, cloud, monkeypatch):
    """Function: look at the page that is open; a barrier of ours fails the test."""
    if not STOCK:
        look_at_stock(horizon, cloud, monkeypatch)

    def look():
        assert axe.not_of_stock(axe.barriers(horizon), STOCK) == []

    return look


@pytest.fixture
def opened(horizon, clear):
    """Function: open a page of ours and look at it."""

    def open_it(path):
        horizon.open(OURS + path)
        horizon.wait_until_ready()
        clear()

    return open_it


def unfold(dialog):
    for fold in dialog.all("summary"):
        fold.click()


@pytest.mark.usefixtures("owner_down")
def test_volume_backups_with_our_actions_the_dialog_its_refusal_and_its_result(horizon, cloud, clear):
    backup = cloud.add_backup()
    horizon.open_backups()
    clear()
    horizon.choose_action(backup)
    dialog = horizon.dialog()
    unfold(dialog)
    clear()
    dialog.choose("available")
    refused = dialog.submit()
    clear()
    refused.tick("override")
    result = refused.submit()
    assert result.locked_told
    clear()


def test_dialogs_of_a_never_started_a_live_and_a_blocked_backup(horizon, cloud, clear):
    never = cloud.add_backup(name="never-started")
    cloud.hide(never["id"], service=None, host=None)
    live = cloud.add_backup(name="live")
    cloud.hide(live["id"], host="node-2")
    horizon.open_dialog(never)
    clear()
    horizon.dialog().close()
    horizon.choose_action(live)
    horizon.dialog()
    clear()
    horizon.dialog().close()
    cloud.services = [cloud.service(**DOWN)]
    blocked = horizon.open_dialog(live)
    assert blocked.has("#backup-reset-nothing")
    clear()


@pytest.mark.usefixtures("owner_down")
def test_results_that_are_open_have_failed_or_could_not_be_had(horizon, cloud, clear):
    cloud.applies = False
    horizon.open_dialog(cloud.add_backup(**COMPLETE)).submit()
    clear()
    refused = cloud.add_backup(**COMPLETE)
    dialog = horizon.open_dialog(refused)
    cloud.trouble["POST", "/action"] = 403
    dialog.submit()
    clear()
    gone = cloud.add_backup(**COMPLETE)
    dialog = horizon.open_dialog(gone)
    del cloud.backups[gone["id"]]
    assert dialog.submit().ending == "no_such_backup"
    clear()


@pytest.mark.usefixtures("owner_down")
def test_dialog_as_a_page_of_its_own(horizon, cloud, clear):
    dialog = horizon.open_dialog_page(cloud.add_backup())
    unfold(dialog)
    clear()
    dialog.submit()
    clear()


@pytest.mark.usefixtures("owner_down")
def test_dialog_that_was_checked_on_storage_and_reads_everything(horizon, stored, clear, monkeypatch):  # noqa: F811
    gate = Gate(entry.step, 8)
    monkeypatch.setattr(entry, "step", gate.step)
    horizon.open_dialog(stored)
    horizon.wait(lambda: verdict(horizon) == "whole", "the store's word")
    clear()
    button(horizon, "all").click()
    horizon.wait(lambda: told(horizon).startswith("8 of 32 parts"), "the eighth part")
    try:
        clear()
    finally:
        gate.open()
    horizon.wait(lambda: "all 32 parts" in horizon.find("#backup-reset-verdict").text, "the verdict")
    clear()


@pytest.mark.usefixtures("owner_down")
def test_stuck_backups_empty_with_rows_and_with_what_may_be_live(stuck, cloud, clear):
    stuck.open()
    clear()
    cloud.add_backup(name="nightly-07")
    cloud.add_backup(name="weekly-01", status="restoring")
    cloud.add_backup(name="failed", status="error")
    slow = cloud.add_backup(name="slow", updated_at=stamp(999999))
    cloud.hide(slow["id"], host="node-2")
    # Rows that came while the page was open are of the page's own making.
    stuck.let_it_ask()
    stuck.tick_all()
    clear()
    stuck.open_tile("error")
    clear()
    stuck.open("?status=nonsense")
    clear()


@pytest.mark.usefixtures("owner_down")
def test_stuck_backups_and_hosts_when_sources_fail(stuck, cloud, clear, opened):
    cloud.add_backup()
    cloud.trouble["GET", "/os-services"] = 503
    stuck.open()
    assert stuck.text("#stuck-services")
    clear()
    opened("hosts/")
    cloud.trouble["GET", "/backups"] = 503
    stuck.horizon.open(OURS)
    stuck.horizon.wait_until_ready()
    assert stuck.text("#stuck-problem, #stuck-missing")
    clear()


def test_hosts_and_services_that_are_folded_out(stuck, cloud, clear, opened):
    cloud.services = [cloud.service(host=f"node-{n}", **DOWN) for n in range(1, 35)]
    cloud.add_backup()
    stuck.open()
    stuck.horizon.find("#stuck-services-summary").click()
    clear()
    opened("hosts/")
    opened("hosts/?q=nothing")


def test_left_overs_and_their_dialogs(horizon, cloud, clear, opened):
    opened("left_overs/")
    cloud.add_volume()
    opened("left_overs/")
    horizon.find("[id$=action_release]").click()
    dialog = horizon.dialog()
    clear()
    refused = dialog.submit()
    clear()
    refused.find("label").click()
    refused.submit()
    clear()


def test_backups_without_a_record_on_no_store_an_empty_one_one_with_some_and_one_that_is_gone(
    horizon, cloud, opened, settings, tmp_path
):
    path = "left_overs/stored/"
    opened(path)
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"*": {"store": "files", "path": str(tmp_path)}}}
    opened(path)
    Folder(tmp_path).put()
    opened(path)
    assert horizon.find_all("#unrecorded tr[data-object-id]")
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"*": {"store": "files", "path": str(tmp_path / "gone")}}}
    opened(path)


@pytest.fixture
def history(settings, django_db_setup, django_db_blocker):
    """A history is kept, in a database that is there."""
    settings.BACKUP_RESET_PANEL = {"FOLLOW_SECONDS": 0.3, "HISTORY": {"database": "default", "days": 30}}
    with django_db_blocker.unblock():
        yield
        PastReset.objects.all().delete()


@pytest.mark.usefixtures("owner_down")
def test_history_off_empty_and_with_resets_and_its_fold_in_the_dialog(horizon, cloud, clear, opened, request):
    opened("history/")
    request.getfixturevalue("history")
    opened("history/")
    backup = cloud.add_backup(**COMPLETE)
    horizon.open_dialog(backup).submit().close()
    opened("history/")
    assert horizon.find_all("#history tr[data-object-id]")
    opened("history/?since=nonsense")
    unfold(horizon.open_dialog(backup))
    assert horizon.visible("#backup-reset-history li")
    clear()


@pytest.mark.usefixtures("owner_down")
def test_bulk_plan_run_and_results(stuck, ten, small_chunks, gate, clear):
    plan = stuck.open().update_all()
    clear()
    plan.start()
    gate.wait()
    clear()
    gate.open()
    plan.finished()
    clear()
