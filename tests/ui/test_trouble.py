# SPDX-License-Identifier: Apache-2.0
"""What a person is told when something goes wrong between the click and the outcome."""

import pytest
from django.http import HttpResponse

from backup_reset_panel.dialog.views import OutcomeView
from backup_reset_panel.resets import tokens
from tests import fake_cinder
from tests.pages.horizon import Horizon
from tests.ui.proxy import ImpatientProxy


def test_backup_deleted_while_the_dialog_is_open(horizon, cloud):
    backup = cloud.add_backup(object_count=128)
    dialog = horizon.open_dialog(backup)
    del cloud.backups[backup["id"]]
    answer = dialog.submit()
    assert answer.ending == "no_such_backup"
    assert answer.name == backup["id"]
    assert cloud.resets == []


def test_backup_changed_while_the_dialog_is_open_shows_the_new_facts_and_sends_nothing(horizon, cloud):
    backup = cloud.add_backup()
    dialog = horizon.open_dialog(backup)
    assert dialog.chosen == "error"
    cloud.backups[backup["id"]]["object_count"] = 128
    answer = dialog.submit()
    assert "Nothing was sent" in answer.text("#backup-reset-notice")
    assert answer.chosen == "available"
    assert cloud.resets == []


def test_changed_backup_can_be_decided_on_anew(horizon, cloud):
    backup = cloud.add_backup()
    dialog = horizon.open_dialog(backup)
    cloud.backups[backup["id"]]["object_count"] = 128
    assert dialog.submit().submit().ending == "applied"


def test_second_window_sends_nothing_while_the_first_ones_reset_is_under_way(horizon, cloud):
    cloud.applies = False
    backup = cloud.add_backup(object_count=128)
    first = horizon.open_dialog(backup)
    with horizon.second_window():
        second = horizon.open_dialog(backup)
        second.choose("error")
        with horizon.other_window():
            assert first.submit().ending == "accepted"
        answer = second.submit()
        assert "Nothing was sent" in answer.text("#backup-reset-notice")
        assert answer.find("[value=earlier_reset]")
        answer.close()
    assert cloud.resets == [(backup["id"], "available")]


@pytest.mark.parametrize(
    ("code", "ending", "words"),
    [
        (401, "refused", "no longer accepts your session"),
        (403, "refused", "does not allow you"),
        (404, "refused", "No cinder-backup can take this request"),
        (503, "unknown", "not known whether"),
    ],
)
def test_cinders_refusal_is_told_with_its_request_id(horizon, cloud, code, ending, words):
    backup = cloud.add_backup(object_count=128)
    dialog = horizon.open_dialog(backup)
    cloud.trouble["POST", "/action"] = code
    result = dialog.submit()
    assert result.name == "nightly-07"
    assert result.ending == ending
    assert words in result.text("#backup-reset-outcome")
    assert result.text("#backup-reset-fault-request-id") == f"req-trouble-{code}"
    assert cloud.backups[backup["id"]]["status"] == "creating"


def test_reset_that_times_out_is_followed_and_not_repeated(horizon, cloud):
    backup = cloud.add_backup(object_count=128)
    dialog = horizon.open_dialog(backup)
    cloud.trouble["POST", "/action"] = fake_cinder.TIME_OUT
    result = dialog.submit()
    assert result.ending == "unknown"
    cloud.backups[backup["id"]]["status"] = "available"
    assert result.submit().ending == "applied"
    assert cloud.asked("POST", f"/backups/{backup['id']}/action") == 1


@pytest.fixture
def answer_looks_with(monkeypatch):
    """Function: from now on a result dialog that looks again gets this answer; with None, its own again."""
    own = OutcomeView.post

    def answered(response):
        monkeypatch.setattr(OutcomeView, "post", own if response is None else lambda *args, **kwargs: response)

    return answered


#: The function of outcome.js that waits for the next look has no name.
WATCH = ""
NO_OUTCOMES = {
    "a page of something else": HttpResponse("<h1>It works</h1>"),
    "nothing": HttpResponse(""),
    "an error page": HttpResponse("<h1>Bad Gateway</h1>", status=502),
}


@pytest.mark.parametrize("response", NO_OUTCOMES.values(), ids=NO_OUTCOMES.keys())
def test_result_dialog_watches_on_when_a_look_gets_no_outcome(horizon, cloud, clock, answer_looks_with, response):
    cloud.applies = False
    backup = cloud.add_backup(object_count=128)
    result = horizon.open_dialog(backup).submit()
    answer_looks_with(response)
    clock.advance(1)
    horizon.wait(lambda: result.text("#backup-reset-unanswered"), "the note that the look has failed")
    assert "null" not in result.element.text
    assert result.ending == "accepted"
    answer_looks_with(None)
    clock.advance(15)
    horizon.wait(lambda: not result.text("#backup-reset-unanswered"), "the note to go")
    cloud.backups[backup["id"]]["status"] = "available"
    clock.advance(15)
    horizon.wait(lambda: horizon.dialog().ending == "applied", "the outcome")


def test_result_dialog_whose_token_is_too_old_says_so_and_asks_no_more(horizon, cloud, clock, monkeypatch):
    cloud.applies = False
    result = horizon.open_dialog(cloud.add_backup(object_count=128)).submit()
    monkeypatch.setattr(tokens, "MAX_AGE_SECONDS", -1)
    assert len(clock.pauses(WATCH)) == 1
    clock.advance(1)
    horizon.wait(lambda: result.text("#backup-reset-unanswered"), "the note that the look has failed")
    assert clock.pauses(WATCH) == []


def test_look_that_brings_nothing_new_takes_the_focus_from_nobody(horizon, cloud, clock):
    cloud.applies = False
    backup = cloud.add_backup(object_count=128)
    result = horizon.open_dialog(backup).submit()
    cancel = result.find(".cancel")
    horizon.driver.execute_script("arguments[0].focus()", cancel)
    clock.advance(1)
    horizon.wait(lambda: clock.pauses(WATCH), "the answer to a look")
    assert horizon.driver.switch_to.active_element == cancel
    cloud.backups[backup["id"]]["status"] = "available"
    clock.advance(15)
    horizon.wait(lambda: horizon.dialog().ending == "applied", "the outcome")
    assert horizon.dialog().news().get_attribute("id") == "backup-reset-outcome"


def test_dialog_that_cannot_read_the_backup_says_so_and_closes(horizon, cloud):
    backup = cloud.add_backup()
    horizon.open_backups()
    cloud.trouble["GET", f"/backups/{backup['id']}$"] = fake_cinder.REFUSED
    horizon.choose_action(backup)
    dialog = horizon.dialog()
    assert dialog.ending == "no_connection"
    dialog.close()


def test_check_again_replaces_the_dialog_that_could_not_send(horizon, cloud):
    backup = cloud.add_backup(object_count=128)
    alive = cloud.services
    cloud.services = [row | {"state": "down", "updated_at": fake_cinder.stamp(4000)} for row in alive]
    blocked = horizon.open_dialog(backup)
    again = blocked.submit()
    assert again.text("#backup-reset-nothing")
    assert len(horizon.find_all("[id=backup_reset_dialog]")) == 1
    cloud.services = alive
    answer = again.submit()
    assert answer.chosen == "available"
    assert len(horizon.find_all("[id=backup_reset_dialog]")) == 1
    answer.close()
    assert horizon.find_all("#modal_wrapper .modal") == []
    assert cloud.resets == []


def test_after_a_proxy_that_timed_out_the_second_try_shows_the_new_facts(horizon, cloud, live_server, traffic):
    backup = cloud.add_backup(object_count=128)
    with ImpatientProxy(live_server.thread.host, live_server.thread.port) as proxy:
        behind = Horizon(horizon.driver, proxy.url)
        dialog = behind.open_dialog(backup)
        dialog.button.click()
        behind.wait_for_words("There was an error submitting the form")
        behind.wait_until_closed()
        traffic.settle()
        assert cloud.asked("POST", f"/backups/{backup['id']}/action") == 1
        behind.choose_action(backup)
        second = behind.dialog()
        assert "Available" in second.text("#backup-reset-state")
        assert second.chosen == "repair"
        behind.driver.get("about:blank")
    assert cloud.backups[backup["id"]]["status"] == "available"


def test_action_after_the_session_expired_leads_to_the_log_in(horizon, cloud, session_ends):
    backup = cloud.add_backup()
    horizon.open_backups()
    session_ends()
    horizon.choose_action(backup)
    horizon.wait(lambda: "/auth/login/" in horizon.driver.current_url, "the log-in page")


def test_submit_after_the_session_expired_sends_nothing(horizon, cloud, session_ends):
    backup = cloud.add_backup(object_count=128)
    dialog = horizon.open_dialog(backup)
    session_ends()
    dialog.button.click()
    horizon.wait(lambda: "/auth/login/" in horizon.driver.current_url, "the log-in page")
    assert cloud.resets == []


def test_check_again_after_the_session_expired_leads_to_the_log_in(horizon, cloud, session_ends):
    cloud.applies = False
    result = horizon.open_dialog(cloud.add_backup(object_count=128)).submit()
    session_ends()
    result.button.click()
    horizon.wait(lambda: "/auth/login/" in horizon.driver.current_url, "the log-in page")
