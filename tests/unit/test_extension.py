# SPDX-License-Identifier: Apache-2.0
"""install() and put() on the Horizon of this process."""

import logging
import sys

import pytest
from horizon import tables as horizon_tables
from openstack_dashboard.dashboards.admin.backups import tables
from openstack_dashboard.dashboards.admin.backups import views

from backup_reset_panel import actions
from backup_reset_panel import checks
from backup_reset_panel import extension
from backup_reset_panel.dialog.views import UpdateStatusView


@pytest.fixture
def stock_table(monkeypatch):
    """The table class as Horizon wrote it, in its place for one test; the extension's own state is put back too."""
    stock = next(base for base in tables.AdminBackupsTable.__mro__ if base.__module__ == tables.__name__)
    monkeypatch.setattr(views.AdminBackupsView, "table_class", stock)
    monkeypatch.setattr(tables, "AdminBackupsTable", stock)
    monkeypatch.setattr(views, "UpdateStatusView", views.UpdateStatusView)
    monkeypatch.setattr(extension, "problem", extension.problem)
    return stock


def test_start_up_has_extended_the_table():
    assert extension.problem is None
    assert views.AdminBackupsView.table_class is tables.AdminBackupsTable
    assert views.UpdateStatusView is UpdateStatusView


def test_second_install_changes_nothing(stock_table):
    extension.install()
    extended = tables.AdminBackupsTable
    extension.install()
    assert extended is not stock_table
    assert tables.AdminBackupsTable is views.AdminBackupsView.table_class is extended


def test_exactly_one_action_is_named_update_status_and_it_is_ours(stock_table):
    extension.install()
    extended = tables.AdminBackupsTable
    names = [action.name for action in extended._meta.row_actions]
    assert sorted(names) == sorted(action.name for action in stock_table._meta.row_actions)
    assert names.count("update_status") == 1
    assert type(extended.base_actions["update_status"]) is actions.UpdateBackupStatus


def test_our_row_action_stands_before_those_that_delete(stock_table):
    extension.install()
    names = [action.name for action in tables.AdminBackupsTable._meta.row_actions]
    assert names == ["restore", "update_status", "delete_force", "delete"]


def test_stock_class_itself_is_not_touched(stock_table):
    before = stock_table._meta.row_actions, stock_table._meta.table_actions
    extension.install()
    assert (stock_table._meta.row_actions, stock_table._meta.table_actions) == before
    assert type(stock_table.base_actions["update_status"]) is not actions.UpdateBackupStatus


def test_table_keeps_its_name_for_those_who_look_for_it(stock_table):
    extension.install()
    assert tables.AdminBackupsTable.__name__ == stock_table.__name__
    assert tables.AdminBackupsTable._meta.name == stock_table._meta.name
    assert tables.AdminBackupsTable._meta.row_class is stock_table._meta.row_class


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (views, "AdminBackupsView"),
        (views, "UpdateStatusView"),
        (tables, "AdminBackupsTable"),
    ],
)
def test_missing_name_leaves_everything_as_it_is(stock_table, monkeypatch, caplog, owner, name):
    caplog.set_level(logging.ERROR, extension.__name__)
    with monkeypatch.context() as horizon:
        horizon.delattr(owner, name)
        extension.install()
    assert views.AdminBackupsView.table_class is tables.AdminBackupsTable is stock_table
    assert name in str(extension.problem)
    assert name in caplog.text


def test_missing_panel_is_told_by_the_system_check(stock_table, monkeypatch):
    monkeypatch.setitem(sys.modules, "openstack_dashboard.dashboards.admin.backups.views", None)
    monkeypatch.delattr("openstack_dashboard.dashboards.admin.backups.views")
    extension.install()
    (warning,) = checks.check_extension(None)
    assert warning.id == "backup_reset_panel.W001"
    assert tables.AdminBackupsTable is stock_table


def test_install_after_a_failed_one_clears_the_problem(stock_table):
    extension.problem = AttributeError("gone")
    extension.install()
    assert extension.problem is None
    assert checks.check_extension(None) == []


class First:
    name = "first"


class Second:
    name = "second"


class OtherSecond:
    name = "second"


class Delete(horizon_tables.DeleteAction):
    name = "third"


class OtherDelete(horizon_tables.DeleteAction):
    name = "fourth"


def test_put_takes_the_place_of_the_action_of_the_same_name():
    assert extension.put((First, Second, First), OtherSecond) == (First, OtherSecond, First)


def test_put_goes_last_where_no_action_has_the_name():
    assert extension.put([First], OtherSecond) == (First, OtherSecond)


@pytest.mark.parametrize(
    ("present", "result"),
    [
        ((First, Delete, Second), (First, OtherSecond, Delete)),
        ((First, Second, Delete), (First, OtherSecond, Delete)),
        ((Second, First, Delete), (First, OtherSecond, Delete)),
        ((Delete, First, OtherDelete), (OtherSecond, Delete, First, OtherDelete)),
        ((First, Second), (First, OtherSecond)),
        ((First,), (First, OtherSecond)),
        ((), (OtherSecond,)),
    ],
)
def test_put_before_deletes_goes_before_the_first_one_that_deletes(present, result):
    assert extension.put_before_deletes(present, OtherSecond) == result
