# SPDX-License-Identifier: Apache-2.0
"""Left-overs in a whole cloud: of each kind twenty planted are found, and of twenty that are live none is listed."""

import pytest

from tests.lab import Lab
from tests.left_overs import PAGE
from tests.left_overs import STORED
from tests.left_overs import listed
from tests.left_overs import plant
from tests.pages.web import Dashboard

CLOUDS = (("posix", "per_user"), ("swift", "per_user"))


@pytest.fixture(scope="module", params=CLOUDS, ids="-".join)
def cloud(request, few, tmp_path_factory):
    """A cloud with its store, and what was planted in it."""
    store, auth = request.param
    with Lab(tmp_path_factory.mktemp("left") / "lab", store=store, swift_auth=auth, check_storage=True) as lab:
        yield lab, plant(lab, 3 if few else 20)


@pytest.fixture(scope="module")
def dashboard(cloud):
    """The administrator's Horizon."""
    lab, _planted = cloud
    return Dashboard(lab.info["horizon"], lab.info["admin"])


def test_of_each_kind_all_that_are_left_over_are_found_and_none_that_is_live(cloud, dashboard):
    _lab, planted = cloud
    assert listed(dashboard.get(PAGE + "?format=csv")) == planted.all_left


def test_on_the_store_all_without_a_record_are_found_and_none_with_one(cloud, dashboard):
    _lab, planted = cloud
    assert listed(dashboard.get(STORED + "?format=csv"), "backup_id") == sorted(planted.unrecorded)
