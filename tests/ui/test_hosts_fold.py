# SPDX-License-Identifier: Apache-2.0
"""The fold "Hosts" of the Stuck Backups page: asked for when opened, left alone while the page follows."""

import pytest

from tests.pages.bulk import BulkPage

FOLD = "#stuck-hosts"
HOSTS = "/admin/backup_reset/hosts/"

pytestmark = pytest.mark.usefixtures("owner_down")


def unfold(stuck):
    stuck.driver.find_element("css selector", f"{FOLD} > summary").click()


def asked(stuck):
    return stuck.requests().count(HOSTS)


def test_fold_is_asked_for_when_it_is_opened_and_anew_each_time(stuck, cloud):
    cloud.add_backup()
    stuck.open()
    assert asked(stuck) == 0
    unfold(stuck)
    stuck.horizon.wait(lambda: "node-1" in stuck.text("#hosts-causes"), "what waits for whom")
    assert asked(stuck) == 1
    unfold(stuck)
    cloud.add_backup()
    unfold(stuck)
    stuck.horizon.wait(lambda: stuck.text("#hosts-causes").endswith("2"), "the new number")


def test_fold_stays_open_and_the_page_slows_down_while_nothing_changes(stuck, cloud):
    cloud.add_backup()
    stuck.open()
    unfold(stuck)
    stuck.horizon.wait(lambda: stuck.text("#hosts-causes"), "what waits for whom")
    first = stuck.horizon.wait(lambda: stuck.pause, "the page to plan its next request")
    stuck.let_it_ask()
    stuck.let_it_ask()
    assert stuck.pause > first
    assert stuck.text("#hosts-causes")
    assert asked(stuck) == 1


def test_button_of_a_host_in_the_fold_leads_to_its_plan(stuck, cloud):
    backup = cloud.add_backup()
    stuck.open()
    unfold(stuck)
    button = stuck.horizon.wait(lambda: stuck.horizon.visible("#stuck-hosts [id$=action_plan_of_host]"), "the button")
    button[0].click()
    plan = BulkPage(stuck.horizon)
    stuck.horizon.wait(lambda: [*plan.rows()] == [backup["id"]], "the plan of just those")
