# SPDX-License-Identifier: Apache-2.0
"""A bulk run: what is sent, and what the page says of it."""

import pytest

from tests.fake_cinder import COMPLETE
from tests.fake_cinder import stamp
from tests.ui.gate import CHUNK
from tests.ui.gate import sent

pytestmark = pytest.mark.usefixtures("owner_down", "small_chunks")


@pytest.mark.short
def test_run_tells_the_result_of_each_row_and_sums_them_up(stuck, cloud):
    backups = [cloud.add_backup(**COMPLETE), cloud.add_backup(), cloud.add_backup(**COMPLETE)]
    plan = stuck.open().update_all()
    del cloud.backups[backups[1]["id"]]
    plan.run()
    assert [plan.results()[backup["id"]] for backup in backups] == ["applied", "deleted_meanwhile", "applied"]
    assert "read back from Cinder" in plan.rows()[backups[0]["id"]]["result"]
    assert plan.head == "2 reset, 2 still locked, 1 failed"
    assert "alert-warning" in plan.part("head").get_attribute("class")
    assert cloud.backups[backups[0]["id"]]["status"] == cloud.backups[backups[2]["id"]]["status"] == "available"


def test_volume_that_hung_on_a_backup_is_told_as_freed(stuck, cloud):
    backup = cloud.add_backup(**COMPLETE)
    plan = stuck.open().update_all().say_dead("node-1").run()
    assert plan.head == "1 reset, 1 volume freed"
    assert "db-data" in plan.rows()[backup["id"]]["result"]
    assert cloud.volumes[backup["volume_id"]]["status"] == "available"
    assert "alert-success" in plan.part("head").get_attribute("class")


def test_progress_is_told_to_those_who_do_not_see_the_bar(stuck, cloud, ten, gate):
    plan = stuck.open().update_all().start()
    gate.wait()
    assert plan.bar() == (0, 0, 10)
    assert plan.head == "0 of 10 · 0 reset"
    gate.open()
    plan.finished()
    assert plan.bar() == (0, 10, 10)
    bar, frame = (stuck.horizon.find(f"#bulk-progress{part}") for part in (" > div", ""))
    stuck.horizon.wait(lambda: bar.rect["width"] == frame.rect["width"], "the bar to be full")


def test_stop_waits_for_what_is_under_way_and_go_on_sends_the_rest_once(stuck, cloud, ten, gate):
    plan = stuck.open().update_all().start()
    gate.wait()
    plan.part("stop").click()
    assert plan.head.startswith("Stopping")
    gate.open()
    plan.halted()
    assert [*plan.results()] == ten[:CHUNK]
    assert plan.head == "4 reset, 6 not sent"
    plan.resume()
    assert plan.head == "10 reset"
    assert sent(cloud) == dict.fromkeys(ten, 1)


def test_reset_that_is_applied_late_is_seen_at_another_look(stuck, cloud, clock):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    plan = stuck.open().update_all().start()
    stuck.horizon.wait(lambda: plan.results() == {backup["id"]: "accepted"}, "the first result")
    assert plan.head == "0 reset, 1 accepted and not applied yet"
    cloud.backups[backup["id"]]["status"] = "available"
    clock.advance(2)
    plan.finished()
    assert plan.results() == {backup["id"]: "applied"}
    assert len(cloud.resets) == 1


def test_leaving_a_run_under_way_asks_first(stuck, cloud, ten, gate):
    plan = stuck.open().update_all().start()
    gate.wait()
    leave = "const event = new Event('beforeunload', { cancelable: true }); return !window.dispatchEvent(event)"
    assert stuck.driver.execute_script(leave)
    gate.open()
    plan.finished()
    assert not stuck.driver.execute_script(leave)


def test_csv_holds_plan_and_result_and_no_formula(stuck, cloud, tmp_path):
    bad = cloud.add_backup(name='=HYPERLINK("http://evil","x")', **COMPLETE)
    slow = cloud.add_backup(name='slow, "or so"', updated_at=stamp(99999))
    cloud.hide(slow["id"], host="node-2")
    plan = stuck.open().update_all()
    planned = {line["id"]: line for line in plan.save_csv(tmp_path)}
    assert planned[bad["id"]]["name"] == '\'=HYPERLINK("http://evil","x")'
    assert (planned[bad["id"]]["from"], planned[bad["id"]]["to"], planned[bad["id"]]["result"]) == (
        "Creating",
        "Available",
        "",
    )
    assert planned[slow["id"]]["name"] == 'slow, "or so"'
    assert (
        planned[slow["id"]]["left_out"] == "If its process is alive, a reset would do harm: tick above that it is dead."
    )
    plan.run()
    told = {line["id"]: line for line in plan.save_csv(tmp_path)}
    assert told[bad["id"]]["result"] == "applied"
    assert "db-data" in told[bad["id"]]["repairs"]
    assert told[bad["id"]]["request_id"].startswith("req-")
    assert told[slow["id"]]["result"] == ""


FORMULAS = {
    "at the beginning": ("=1+1", "'=1+1"),
    "behind a space": (" =1+1", " '=1+1"),
    "behind a semicolon": ("a;=1+1", "a;'=1+1"),
    "behind a semicolon and a space": ("a; =1+1", "a; '=1+1"),
    "behind a tab, which is spelled out": ("a\t@SUM(A1)", r"a\t@SUM(A1)"),
    "behind a line break, which is spelled out": ("a\r\n-1", r"a\r\n-1"),
    "more than one": ("+1;+2;+3", "'+1;'+2;'+3"),
    "in wide characters": ("a;＝1", "a;'＝1"),
    "none": ("a-b;c=d", "a-b;c=d"),
}


@pytest.mark.parametrize(("name", "saved"), FORMULAS.values(), ids=FORMULAS.keys())
def test_csv_makes_no_formula_where_a_spreadsheet_begins_a_cell(stuck, cloud, tmp_path, name, saved):
    cloud.add_backup(name=name, **COMPLETE)
    (line,) = stuck.open().update_all().save_csv(tmp_path)
    assert line["name"] == saved


def test_csv_of_a_run_that_was_stopped_says_what_was_not_sent(stuck, cloud, ten, gate, tmp_path):
    plan = stuck.open().update_all().start()
    gate.wait()
    plan.part("stop").click()
    gate.open()
    plan.halted()
    assert [line["result"] for line in plan.save_csv(tmp_path)] == ["applied"] * CHUNK + ["not_sent"] * 6


def test_run_works_where_scripts_may_not_read_the_csrf_cookie(stuck, cloud, settings):
    settings.CSRF_COOKIE_HTTPONLY = True
    cloud.add_backup(**COMPLETE)
    plan = stuck.open().update_all()
    assert stuck.driver.get_cookie("csrftoken")["httpOnly"]
    assert set(plan.run().results().values()) == {"applied"}
