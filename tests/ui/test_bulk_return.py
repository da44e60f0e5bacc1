# SPDX-License-Identifier: Apache-2.0
"""What is left of a bulk run after reload, Back and signing out: it stays in the tab, and in no other hands."""

import json
import re

import pytest

from tests.fake_cinder import COMPLETE
from tests.pages.bulk import BulkPage
from tests.ui.gate import CHUNK
from tests.ui.gate import sent

pytestmark = pytest.mark.usefixtures("owner_down", "small_chunks")


@pytest.fixture(autouse=True)
def empty_tab(horizon):
    """Nothing of another test is kept in the tab."""
    horizon.driver.get(f"{horizon.url}static/backup_reset_panel/panel.css")
    horizon.driver.execute_script("sessionStorage.clear()")


def kept(stuck):
    """All that is kept of runs in the tab."""
    return stuck.driver.execute_script(
        "return Object.entries(sessionStorage).filter(([key]) => key.startsWith('backup-reset-panel')).flat().join()"
    )


def reloaded(stuck):
    stuck.driver.refresh()
    stuck.horizon.wait_until_ready()
    return BulkPage(stuck.horizon)


def test_results_survive_reload_and_back_and_nothing_is_sent_twice(stuck, cloud, ten, tmp_path):
    plan = stuck.open().update_all().run()
    results, head = plan.results(), plan.head
    again = reloaded(stuck)
    assert (again.results(), again.head) == (results, head)
    assert "Results of the run of" in again.text("kept")
    assert not again.button.is_displayed()
    assert not again.part("resume").is_displayed()
    assert {line["result"] for line in again.save_csv(tmp_path)} == {"applied"}
    again.part("back").click()
    stuck.opened()
    stuck.driver.back()
    stuck.horizon.wait_until_ready()
    assert BulkPage(stuck.horizon).results() == results
    assert sent(cloud) == dict.fromkeys(ten, 1)


def test_results_of_ticked_rows_survive_reload_which_asks_for_no_form(stuck, cloud):
    backup = cloud.add_backup(**COMPLETE)
    stuck.open().tick(backup)
    plan = stuck.update_ticked()
    assert re.search(r"/bulk/\?run=[0-9a-f-]{36}$", stuck.driver.current_url)
    assert set(reloaded(stuck).planned().rows()) == {backup["id"]}
    plan.run()
    assert reloaded(stuck).results() == {backup["id"]: "applied"}
    assert sent(cloud) == {backup["id"]: 1}


def test_no_token_is_kept(stuck, cloud, ten):
    plan = stuck.open().update_all().run()
    assert plan.results()
    assert ten[0] in kept(stuck)
    assert '"token"' not in kept(stuck)
    assert "csrf" not in kept(stuck)


def test_page_left_half_way_says_of_each_row_whether_it_was_sent(stuck, cloud, ten, gate):
    stuck.open().update_all().start()
    gate.wait()
    again = reloaded(stuck)
    stuck.horizon.wait(lambda: again.text("kept"), "the kept run")
    assert again.results() == dict.fromkeys(ten[:CHUNK], "unknown")
    assert again.head == "0 reset, 6 not sent, 4 not known"
    assert not again.button.is_displayed()
    gate.open()


def test_same_link_makes_a_new_plan_and_offers_the_earlier_results(stuck, cloud, ten):
    stuck.open().update_all().run()
    late = cloud.add_backup(**COMPLETE)
    plan = stuck.open().update_all()
    assert set(plan.rows()) == {late["id"]}
    plan.part("earlier").click()
    assert set(plan.results()) == set(ten)
    plan.part("again").click()
    stuck.horizon.wait(lambda: set(plan.rows()) == {late["id"]}, "the new plan")
    assert set(plan.run().results().values()) == {"applied"}


def test_nothing_is_left_after_signing_out(stuck, cloud, ten):
    stuck.open().update_all().run()
    stuck.open()
    assert ten[0] in kept(stuck)
    # Where it leads does not matter.
    stuck.driver.execute_script(
        "const link = document.createElement('a');"
        "link.href = document.getElementById('stuck-backups').dataset.signOutUrl;"
        "document.addEventListener('click', event => event.preventDefault());"
        "document.body.append(link); link.click();"
    )
    assert kept(stuck) == ""


def test_somebody_else_in_the_same_tab_sees_nothing_of_it(stuck, cloud, ten):
    stuck.open().update_all().run()
    keys = json.loads(stuck.driver.execute_script("return JSON.stringify(Object.keys(sessionStorage))"))
    user = stuck.horizon.find("#bulk").get_attribute("data-user-id")
    assert all(user in key for key in keys if key.startswith("backup-reset-panel"))
    stuck.driver.execute_script(
        "for (const [key, value] of Object.entries(sessionStorage)) {"
        "  sessionStorage.removeItem(key); sessionStorage.setItem(key.replace(arguments[0], 'somebody'), value);"
        "}",
        user,
    )
    assert reloaded(stuck).planned().results() == {}
    assert kept(stuck) == ""


def test_run_of_another_tab_is_not_made_up(stuck, cloud):
    cloud.add_backup()
    stuck.driver.get(f"{stuck.horizon.url}admin/backup_reset/bulk/?run=7d3f2a90-6c2b-4a49-9f3c-0d6f1f3f7c11")
    stuck.horizon.wait_until_ready()
    assert "not kept here" in BulkPage(stuck.horizon).head
    assert cloud.resets == []


def test_plan_and_results_have_names_that_say_what_they_are(stuck, cloud, tmp_path):
    backup = cloud.add_backup(**COMPLETE)
    plan = stuck.open().update_all()
    (line,) = plan.save_csv(tmp_path)
    assert re.fullmatch(r"backup-plan-RegionOne-\d{8}T\d{6}Z\.csv", plan.saved_as)
    assert (line["volume_id"], line["host"], line["region"]) == (backup["volume_id"], "node-1", "RegionOne")
    plan.run().save_csv(tmp_path)
    assert re.fullmatch(r"backup-results-RegionOne-\d{8}T\d{6}Z\.csv", plan.saved_as)
