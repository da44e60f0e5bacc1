# SPDX-License-Identifier: Apache-2.0
"""A bulk run when something happens half-way: nothing is sent twice, and the page says what is the matter."""

import pytest
from django.http import HttpResponse

from backup_reset_panel.bulk.views import ApplyChunkView
from backup_reset_panel.bulk.views import LookChunkView
from backup_reset_panel.bulk.views import PlanChunkView
from tests.fake_cinder import COMPLETE
from tests.fake_cinder import stamp
from tests.pages.bulk import BulkPage
from tests.ui.gate import CHUNK
from tests.ui.gate import sent

pytestmark = pytest.mark.usefixtures("owner_down", "small_chunks")


def test_second_window_with_the_same_plan_sends_nothing_twice(stuck, cloud, ten, gate):
    first = stuck.open().update_all()
    with stuck.horizon.second_window():
        second = stuck.open().update_all()
        with stuck.horizon.other_window():
            first.start()
        gate.wait()
        second.start()
        stuck.horizon.wait(lambda: len(second.results()) == CHUNK, "the first rows of the second window")
        # Said either when it decides again, or when it claims the backup: by then the other's reset is under way.
        assert set(second.results().values()) <= {"changed", "not_sent"}
        gate.open()
        second.finished()
        with stuck.horizon.other_window():
            first.finished()
            told = first.results()
        assert {*told, *second.results()} == {*ten}
        assert all("applied" in {told[row], second.results()[row]} for row in ten)
    assert sent(cloud) == dict.fromkeys(ten, 1)


def test_plan_that_another_window_carried_out_meanwhile_sends_nothing(stuck, cloud, ten):
    first = stuck.open().update_all()
    with stuck.horizon.second_window():
        stuck.open().update_all().run()
    first.run()
    assert set(first.results().values()) == {"changed"}
    assert sent(cloud) == dict.fromkeys(ten, 1)


def test_after_a_reload_half_way_a_plan_can_be_made_of_what_is_untouched(stuck, cloud, ten, gate):
    plan = stuck.open().update_all().start()
    gate.wait()
    plan.part("stop").click()
    gate.open()
    plan.halted()
    stuck.driver.refresh()
    again = BulkPage(stuck.horizon).planned()
    assert again.results() == dict.fromkeys(ten[:CHUNK], "applied")
    again.part("again").click()
    stuck.horizon.wait(again.button.is_displayed, "the new plan")
    assert [*again.rows()] == ten[CHUNK:]
    again.run()
    assert sent(cloud) == dict.fromkeys(ten, 1)


def test_reload_while_a_chunk_is_under_way_sends_nothing_twice(stuck, cloud, ten, gate):
    plan = stuck.open().update_all().start()
    gate.wait()
    stuck.driver.refresh()
    plan.planned()
    assert [*plan.results().values()] == ["unknown"] * CHUNK
    gate.open()
    plan.part("again").click()
    stuck.horizon.wait(plan.button.is_displayed, "the new plan")
    plan.run()
    assert sent(cloud) == dict.fromkeys(ten, 1)


@pytest.mark.parametrize("told", ["by its silence", "by an answer"])
def test_cinder_backup_that_dies_half_way_pauses_the_run_which_can_go_on(stuck, cloud, ten, before_chunk, told):
    alive = cloud.services

    def die():
        if told == "by an answer":
            cloud.trouble["POST", "/backups/"] = 404
        else:
            cloud.services = [row | {"state": "down", "updated_at": stamp(4000)} for row in alive]

    before_chunk(2, die)
    plan = stuck.open().update_all().start().halted()
    assert "cinder-backup" in plan.text("pause")
    assert sent(cloud) == dict.fromkeys(ten[:CHUNK], 1)
    cloud.trouble.clear()
    cloud.services = alive
    before = plan.results()
    plan.resume()
    assert plan.text("pause") == ""
    assert plan.results().items() >= before.items()
    assert set(sent(cloud).values()) == {1}
    refused = [*plan.results().values()].count("refused")
    assert sent(cloud).total() + refused == 10
    assert refused < CHUNK + 1 if told == "by an answer" else refused == 0


def test_token_that_expires_half_way_stops_the_run_and_leads_to_the_log_in(stuck, cloud, ten, before_chunk):
    before_chunk(2, lambda: cloud.trouble.update({("GET", "/v3/"): 401, ("POST", "/v3/"): 401}))
    plan = stuck.open().update_all().start().finished()
    assert "Log in again" in plan.text("pause")
    assert sent(cloud) == dict.fromkeys(ten[:CHUNK], 1)
    # One chunk found it out, and no other asked again.
    assert cloud.asked("POST", "/backups/.*/action") <= 2 * CHUNK
    assert not plan.part("resume").is_displayed()
    plan.part("log-in").click()
    stuck.horizon.wait(lambda: "/auth/login/" in stuck.driver.current_url, "the log-in page")


def test_token_that_expires_between_the_guard_and_the_reset_is_tried_by_no_other_row(stuck, cloud, ten, settings):
    settings.BACKUP_RESET_PANEL = settings.BACKUP_RESET_PANEL | {"BULK_THREADS": 1}

    def expire(request):
        if sent(cloud).total() == CHUNK + 1:
            cloud.trouble = {("POST", "/v3/"): 401}

    cloud.before_answer.append(expire)
    plan = stuck.open().update_all().start().finished()
    assert "Log in again" in plan.text("pause")
    # The answers to the last two chunks' rows: one more was under way when the token expired, the next was refused.
    assert cloud.asked("POST", "/backups/.*/action") == CHUNK + 3
    assert [*plan.results().values()] == ["applied"] * (CHUNK + 2) + ["refused"]


def test_session_that_expires_half_way_keeps_the_results_and_leads_to_the_log_in(
    stuck, cloud, ten, before_chunk, session_ends
):
    before_chunk(2, session_ends)
    plan = stuck.open().update_all().run()
    assert "Your session has expired" in plan.text("pause")
    assert [*plan.results()] == ten[:CHUNK]
    assert not plan.part("resume").is_displayed()
    plan.part("log-in").click()
    stuck.horizon.wait(lambda: "/auth/login/" in stuck.driver.current_url, "the log-in page")


LOST = {
    "a proxy's page": HttpResponse("<h1>Bad Gateway</h1>", status=502),
    "nothing": HttpResponse("null", content_type="application/json"),
    "no results": HttpResponse("{}", content_type="application/json"),
}


@pytest.fixture(params=LOST.values(), ids=LOST.keys())
def lose(request):
    """Function: a view goes on doing what it does, but its answers are lost; gives back what ends that."""

    def lost(view):
        answer = view.post
        patch = pytest.MonkeyPatch()
        patch.setattr(view, "post", lambda *args: answer(*args) and request.param)
        request.addfinalizer(patch.undo)
        return patch.undo

    return lost


def test_what_was_sent_but_not_answered_is_told_as_not_known_and_not_sent_again(stuck, cloud, ten, lose, before_chunk):
    found_again = []
    before_chunk(2, lambda: found_again.append(lose(ApplyChunkView)))
    plan = stuck.open().update_all().start()
    stuck.horizon.wait(lambda: "unknown" in plan.results().values(), "what is not known")
    found_again[0]()
    plan.finished()
    assert [*plan.results().values()][: 2 * CHUNK] == ["applied"] * CHUNK + ["unknown"] * CHUNK
    assert "may have been reset or not" in plan.rows()[ten[CHUNK]]["result"]
    if plan.part("resume").is_displayed():
        assert "not known whether the 4 backups that were under way have been reset" in plan.text("pause")
        assert plan.head == "4 reset, 2 not sent, 4 not known"
        plan.resume()
    assert plan.head == "6 reset, 4 not known"
    assert sent(cloud) == dict.fromkeys(ten, 1)


def test_one_backup_whose_answer_is_lost_is_spoken_of_as_one(stuck, cloud, monkeypatch):
    cloud.add_backup(**COMPLETE)
    monkeypatch.setattr(ApplyChunkView, "post", lambda *args: HttpResponse(status=502))
    plan = stuck.open().update_all().run()
    assert "not known whether the backup that was under way has been reset" in plan.text("pause")
    assert plan.head == "0 reset, 1 not known"


def test_plan_whose_answer_is_lost_says_that_nothing_was_sent(stuck, cloud, monkeypatch):
    cloud.add_backup()
    stuck.open()
    monkeypatch.setattr(PlanChunkView, "post", lambda *args: HttpResponse(status=502))
    stuck.horizon.find("#stuck-all button").click()
    plan = BulkPage(stuck.horizon)
    stuck.horizon.wait(lambda: plan.text("pause"), "the reason")
    assert plan.text("pause") == "Horizon did not answer. There is no plan, and nothing was sent."


def test_look_whose_answer_is_lost_does_not_speak_of_sending(stuck, cloud, monkeypatch):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    monkeypatch.setattr(LookChunkView, "post", lambda *args: HttpResponse(status=502))
    plan = stuck.open().update_all().run()
    assert "asked what has become of the accepted resets" in plan.text("pause")
    assert plan.results() == {backup["id"]: "accepted"}
    assert plan.head == "0 reset, 1 accepted and not applied yet"
