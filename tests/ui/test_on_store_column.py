# SPDX-License-Identifier: Apache-2.0
"""The column "On storage" is filled after the page, and stays while the page brings itself up to date."""

import pytest

from tests.ui.test_storage import backup  # noqa: F401  (fixtures are found by their names here)
from tests.unit.storage.conftest import written  # noqa: F401

pytestmark = pytest.mark.usefixtures("owner_down")

CELL = "#stuck_backups [data-on-store]"


def test_column_is_filled_after_the_page_and_stays_until_its_row_changes(stuck, backup, cloud):  # noqa: F811
    stuck.open()
    stuck.horizon.wait(lambda: stuck.text(CELL).startswith("Whole ("), "the store's word")
    assert len([path for path in stuck.requests() if path.endswith("/stored/")]) <= 1
    first = stuck.horizon.wait(lambda: stuck.pause, "the page to plan its next request")
    stuck.let_it_ask()
    assert stuck.text(CELL).startswith("Whole (")
    assert stuck.pause > first
    assert not [path for path in stuck.requests()[2:] if path.endswith("/stored/")]
    backup["object_count"] = 5
    stuck.let_it_ask()
    stuck.horizon.wait(lambda: stuck.text(CELL).startswith("Whole ("), "the store's word once more")
    assert stuck.requests()[-1].endswith("/stored/")
