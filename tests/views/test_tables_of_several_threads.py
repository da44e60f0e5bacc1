# SPDX-License-Identifier: Apache-2.0
"""Tables that are being made and shown by several threads of one Horizon at once."""

import threading

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html
from openstack_dashboard.dashboards.admin.backups import tables as stock_tables
from openstack_dashboard.dashboards.admin.backups import views as stock_views

from backup_reset_panel.stuck import views as stuck_views
from backup_reset_panel.stuck.tables import LongRunningTable
from backup_reset_panel.stuck.tables import StuckBackupsTable
from backup_reset_panel.stuck.tables import StuckRow
from tests.fake_cinder import stamp
from tests.views.conftest import AJAX

STUCK = "horizon:admin:backup_reset:index"
STOCK = "horizon:admin:backups:index"


def meanwhile(work):
    """Let another thread do something from beginning to end; what it raises is raised here."""
    raised = []

    def run():
        try:
            work()
        except BaseException as exc:  # noqa: BLE001
            raised.append(exc)

    other = threading.Thread(target=run)
    other.start()
    other.join(30)
    assert not other.is_alive()
    if raised:
        raise raised[0]


@pytest.fixture
def before(monkeypatch):
    """Function: each time before ``owner.name`` is called by this thread, let another thread do something."""
    here = threading.current_thread()

    def arranged(owner, name, work):
        call = getattr(owner, name)

        def interrupted(*args, **kwargs):
            if threading.current_thread() is here:
                meanwhile(work)
            return call(*args, **kwargs)

        monkeypatch.setattr(owner, name, interrupted)

    return arranged


@pytest.fixture
def backup(cloud):
    """A stuck backup: node-1, which was last asked about it, is down."""
    cloud.services = [cloud.service(state="down", updated_at=stamp(4000)), cloud.service(host="node-2")]
    return cloud.add_backup(status="error")


def page(client, name, **query):
    answer = client.get(reverse(name), query)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def actions(tree):
    return [button.get("id").rsplit("action_", 1)[1] for button in tree.cssselect("[data-batch-action]")]


def boxes(tree):
    """The tick boxes of rows that can be seen."""
    return tree.cssselect("td.multi_select_column:not(.hidden) input[type=checkbox]")


def test_stuck_backups_keep_button_and_tick_boxes_while_another_thread_answers_a_button(admin, before, backup):
    press = {"action": "stuck_backups__update_statuses", "object_ids": [backup["id"]]}
    before(stuck_views.responses, "whole", lambda: Client().post(reverse(STUCK), press))
    tree = page(admin, STUCK, tile="error")
    assert actions(tree) == ["update_statuses"]
    assert len(boxes(tree)) == 1


def test_stock_table_keeps_buttons_and_tick_boxes_while_another_thread_updates_a_row(admin, before, backup):
    update = {"action": "row_update", "table": "volume_backups", "obj_id": backup["id"]}
    before(
        stock_views.AdminBackupsView,
        "get_context_data",
        lambda: Client().get(reverse(STOCK), update, headers=AJAX),
    )
    tree = page(admin, STOCK)
    assert sorted(set(actions(tree))) == ["delete", "update_statuses"]
    assert len(boxes(tree)) == 1


def test_tick_boxes_stay_while_another_thread_shows_a_table_without_rows(admin, before, backup):
    request = admin.get(reverse(STUCK)).wsgi_request
    before(StuckRow, "render", lambda: StuckBackupsTable(request, data=[]).render())
    assert len(boxes(page(admin, STUCK, tile="error"))) == 1


def test_stock_filter_stays_one_field_with_one_button(admin, backup):
    tree = page(admin, STOCK)
    assert len(tree.cssselect("[name='volume_backups__filter__q']")) == 1
    assert len(tree.cssselect("[id$=action_filter]")) == 1


TABLES = {
    "stuck": lambda: StuckBackupsTable,
    "long-running": lambda: LongRunningTable,
    "stock": lambda: stock_tables.AdminBackupsTable,
}


@pytest.mark.parametrize("table_class", TABLES.values(), ids=TABLES.keys())
def test_two_tables_share_no_action_column_or_option(admin, cloud, table_class):
    request = admin.get(reverse(STUCK)).wsgi_request
    first, second = (table_class()(request, data=[]) for _number in range(2))
    for parts in ("base_actions", "columns"):
        ours, theirs = getattr(first, parts), getattr(second, parts)
        assert [*ours] == [*theirs] != []
        for name, each in ours.items():
            assert each is not theirs[name]
            assert each.table is first
            assert each.attrs is not theirs[name].attrs
            assert isinstance(each.classes, tuple) or each.classes is not theirs[name].classes
    first._meta.has_more_data = True
    assert not second._meta.has_more_data
    filter_action = first._meta._filter_action
    assert filter_action is None or filter_action is first.base_actions[filter_action.name]


def test_button_of_the_stock_table_is_answered_by_the_table_that_it_was_pressed_on(admin, backup, cloud):
    answer = admin.post(reverse(STOCK), {"action": f"volume_backups__delete__{backup['id']}"})
    assert answer.status_code == 302
    assert ("DELETE", f"/v3/admin-project/backups/{backup['id']}") in cloud.calls
