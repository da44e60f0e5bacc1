# SPDX-License-Identifier: Apache-2.0
"""Horizon's own tests of its admin Backups panel, with our plugin in it.

They are imported from the installed Horizon, so they are those of the release that the plugin runs with. Not named
test_*, since they need a process of their own (test_stock_panel.py): Horizon's test data changes exception classes of
python-cinderclient for good.
"""

import pytest
from openstack_dashboard.dashboards.admin.backups import tests as stock

# Horizon's test data is made with what its libraries are about to drop.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
]

#: Tests of the one thing that the plugin replaces: the dialog that posts a status without looking at the backup. Ours
#: has the same URL, but takes no POST that does not say which facts it was decided on.
OF_THE_REPLACED_DIALOG = {"test_update_volume_backup_status"}


class TestStockPanel(stock.AdminVolumeBackupsViewTests):
    test_update_volume_backup_status = None


def test_only_tests_of_the_replaced_dialog_are_left_out():
    names = {name for name in dir(stock.AdminVolumeBackupsViewTests) if name.startswith("test_")}
    left_out = {name for name in names if getattr(TestStockPanel, name) is None}
    assert left_out == OF_THE_REPLACED_DIALOG
    assert len(names - left_out) >= 9


def test_no_other_test_class_of_that_module_is_forgotten():
    classes = [
        thing for thing in vars(stock).values() if isinstance(thing, type) and thing.__module__ == stock.__name__
    ]
    assert classes == [stock.AdminVolumeBackupsViewTests]
