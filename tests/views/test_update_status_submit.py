# SPDX-License-Identifier: Apache-2.0
"""What becomes of a submitted dialog: sent or not, seen or not, repaired or not, and written down."""

import json
import logging
import types

import pytest
from django.core.cache import cache
from django.utils import timezone

from backup_reset_panel.core import audit as audit_fields
from backup_reset_panel.core.pending import Stage
from backup_reset_panel.resets import pending
from tests import fake_cinder
from tests.fake_cinder import COMPLETE
from tests.fake_cinder import stamp

DEAD = "process_dead"
NOW = stamp()


@pytest.fixture(autouse=True)
def quick(settings):
    """Nothing is gained by watching a fake for longer than one look."""
    settings.BACKUP_RESET_PANEL = {"FOLLOW_SECONDS": 0.06}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def audit_lines(caplog):
    """Function: the audit records that were written, decoded."""
    caplog.set_level(logging.INFO, logger=audit_fields.LOGGER)
    return lambda: [json.loads(record.message) for record in caplog.records if record.name == audit_fields.LOGGER]


def test_a_complete_backup_becomes_available_and_its_volume_is_freed_by_one_word(open_dialog, cloud):
    backup = cloud.add_backup(**COMPLETE)
    result = open_dialog(backup).submit(ticks=DEAD)
    assert result.ending == "applied"
    assert result.text("#backup-reset-change") == "Creating → Available"
    assert "nightly-07" in result.text("#backup-reset-name")
    assert backup["status"] == "available"
    assert cloud.volumes[backup["volume_id"]]["status"] == "available"
    assert "Backing Up → Available. This was read back from Cinder." in result.text(".backup-reset-repair")
    assert result.find("#backup-reset-outcome.alert-success") is not None


def test_the_defaults_free_nothing_and_the_result_says_what_stays_locked(open_dialog, cloud):
    backup = cloud.add_backup(**COMPLETE)
    result = open_dialog(backup).submit()
    assert cloud.resets == [(backup["id"], "available")]
    assert cloud.volumes[backup["volume_id"]]["status"] == "backing-up"
    assert "Volume db-data is still Backing Up" in result.text(".backup-reset-locked")
    assert result.find("#backup-reset-outcome.alert-warning") is not None
    assert result.find("a#backup-reset-free").get("href").endswith(f"{backup['id']}/update/")


def test_a_volume_that_was_freed_meanwhile_is_not_called_locked(open_dialog, cloud):
    backup = cloud.add_backup()
    dialog = open_dialog(backup)

    def freed_by_a_colleague(request):
        if cloud.resets:
            cloud.volumes[backup["volume_id"]]["status"] = "available"

    cloud.before_answer.append(freed_by_a_colleague)
    result = dialog.submit()
    assert result.ending == "applied"
    assert result.find(".backup-reset-locked") is None


def test_a_backup_without_data_becomes_error_without_any_tick(open_dialog, cloud):
    backup = cloud.add_backup()
    result = open_dialog(backup).submit()
    assert result.ending == "applied"
    assert cloud.resets == [(backup["id"], "error")]


def test_nothing_is_sent_under_a_job_that_probably_runs_without_the_word_that_it_is_dead(open_dialog, cloud):
    cloud.services = [cloud.service()]
    backup = cloud.add_backup()
    dialog = open_dialog(backup)
    assert "Choose a new status" in dialog.submit().text(".help-block")
    refused = dialog.submit(choice="error")
    assert "To do this, tick:" in refused.text()
    assert cloud.resets == []
    assert refused.submit(choice="error", ticks=DEAD).ending == "applied"


@pytest.mark.parametrize("choice", ["available", "error"])
def test_no_restore_is_cancelled_without_the_word_that_it_is_dead(open_dialog, cloud, choice):
    target = cloud.add_volume(status="restoring-backup")
    backup = cloud.add_backup(status="restoring", **COMPLETE)
    cloud.hide(backup["id"], restore_volume_id=target["id"])
    refused = open_dialog(backup).submit(choice=choice)
    assert "To do this, tick:" in refused.text()
    assert cloud.resets == []
    assert refused.submit(choice=choice, ticks=DEAD).ending == "applied"
    assert target["status"] == "error_restoring"


def test_no_temporary_volume_is_deleted_without_the_word_that_its_job_is_dead(open_dialog, cloud):
    backup = cloud.add_backup()
    cloud.leave_temporary(backup, temp_volume_id="0-1")
    refused = open_dialog(backup).submit(choice="error")
    assert "To do this, tick:" in refused.text()
    assert cloud.resets == []


def test_the_result_names_cinders_request_id(open_dialog, cloud):
    result = open_dialog(cloud.add_backup(**COMPLETE)).submit()
    assert result.text("#backup-reset-request-id").startswith("req-")


def test_available_without_proof_is_not_sent_without_the_override(open_dialog, cloud):
    backup = cloud.add_backup()
    refused = open_dialog(backup).submit(choice="available")
    assert "Allow Available without proof" in refused.text(".help-block")
    assert cloud.resets == []
    result = refused.submit(choice="available", ticks="override")
    assert result.ending == "applied"
    assert cloud.resets == [(backup["id"], "available")]


def test_a_failed_backup_that_was_complete_needs_the_word_that_it_was_never_deleted(open_dialog, cloud):
    volume_id = cloud.add_volume(status="available")["id"]
    backup = cloud.add_backup(status="error", volume_id=volume_id, **COMPLETE)
    refused = open_dialog(backup).submit(choice="available")
    assert cloud.resets == []
    assert refused.submit(choice="available", ticks="never_deleted").ending == "applied"


@pytest.mark.parametrize("choice", ["", "creating", "deleting", "available; drop", "repair"])
def test_a_status_that_is_not_offered_is_not_sent(open_dialog, cloud, choice):
    dialog = open_dialog(cloud.add_backup(**COMPLETE)).submit(choice=choice)
    assert dialog.find("#backup-reset-choice .help-block") is not None
    assert cloud.resets == []


def test_accepted_and_not_applied_is_never_called_a_success_and_can_be_looked_at_again(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    result = open_dialog(backup).submit(ticks=DEAD)
    assert result.ending == "accepted"
    assert result.find("#backup-reset-outcome.alert-warning") is not None
    assert "It is waiting at node-1" in result.text("#backup-reset-outcome")
    assert "not freed yet" in result.text(".backup-reset-repair")
    assert result.submit().ending == "accepted"
    backup["status"] = "available"
    assert result.submit().ending == "applied"


def test_a_repair_that_had_to_wait_is_not_forgotten_when_the_reset_is_seen_applied(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    result = open_dialog(backup).submit(ticks=DEAD)
    assert "not freed yet" in result.submit().text(".backup-reset-repair")
    backup["status"] = "available"
    result = result.submit()
    assert result.ending == "applied"
    assert "Volume db-data: was not freed." in result.text(".backup-reset-repair")
    assert result.find(".backup-reset-repair.alert-warning") is not None


def test_the_same_reset_can_be_sent_again_at_any_time(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    open_dialog(backup).submit()
    assert open_dialog(backup).submit(choice="available").ending == "accepted"
    assert cloud.resets == [(backup["id"], "available")] * 2


def test_the_opposite_reset_needs_the_consent_that_the_earlier_may_still_come(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    open_dialog(backup).submit()
    dialog = open_dialog(backup)
    assert "an earlier reset to Available" in dialog.tick("earlier_reset")
    assert "someone" in dialog.tick("earlier_reset")
    assert "node-1" in dialog.tick("earlier_reset")
    refused = dialog.submit(choice="error")
    assert "To do this, tick:" in refused.text()
    assert cloud.resets == [(backup["id"], "available")]
    assert refused.submit(choice="error", ticks="earlier_reset").ending == "accepted"


def test_a_dialog_that_was_open_already_cannot_send_the_opposite_reset_unseen(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    second = open_dialog(backup)
    open_dialog(backup).submit()
    answer = second.submit(choice="error")
    assert "the facts behind this decision have changed" in answer.text("#backup-reset-notice")
    assert cloud.resets == [(backup["id"], "available")]


def test_two_administrators_at_once_send_one_reset(open_dialog, cloud):
    """The other's claim lands between our look and our sending: only Horizon's cache can tell."""
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    looks = cloud.asked("GET", f"/backups/{backup['id']}$")

    def claim(request):
        if cloud.asked("GET", f"/backups/{backup['id']}$") == looks + 1:
            cache.add(f"backup_reset_panel.claim.{backup['id']}", "a-colleague", 30)

    cloud.before_answer.append(claim)
    answer = dialog.submit()
    assert cloud.resets == []
    assert answer.find("#backup-reset-notice, #backup-reset-outcome") is not None
    cache.delete(f"backup_reset_panel.claim.{backup['id']}")
    cloud.before_answer.clear()
    assert open_dialog(backup).submit().ending == "applied"


def test_a_reset_that_a_colleague_sent_while_ours_was_decided_is_not_run_over(open_dialog, cloud, monkeypatch):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    find = pending.find_many

    def found(request, own):
        # The second look is the one after our claim.
        sent = pending.Pending("error", pending.Stage.ACCEPTED, timezone.now(), "a-colleague")
        return {each: (*told, *([sent] if own[each] else [])) for each, told in find(request, own).items()}

    monkeypatch.setattr(pending, "find_many", found)
    assert dialog.submit().ending == "not_sent"
    assert cloud.resets == []


def test_a_claim_that_a_dead_worker_left_is_no_lock(open_dialog, cloud):
    backup = cloud.add_backup(**COMPLETE)
    sent = {"target": "available", "stage": "perhaps_sent", "since": timezone.now().isoformat(), "owner": "gone"}
    cache.set(f"backup_reset_panel.armed.{backup['id']}", [sent], 60)
    dialog = open_dialog(backup)
    assert "earlier_reset" in dialog.boxes("ticks")
    assert dialog.submit(choice="available").ending == "applied"


def test_an_exception_of_ours_leaves_what_is_known_and_no_claim(open_dialog, cloud, monkeypatch, audit_lines):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    monkeypatch.setattr("backup_reset_panel.cinder.resets.look", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        dialog.submit()
    monkeypatch.undo()
    assert cloud.resets == [(backup["id"], "available")]
    assert cache.get(f"backup_reset_panel.claim.{backup['id']}") is None
    assert cache.get(f"backup_reset_panel.armed.{backup['id']}")[0]["stage"] == "perhaps_sent"
    assert audit_lines()[0]["refused"] == "interrupted"


@pytest.mark.parametrize(
    ("becomes", "ending"), [("available", "not_sent"), (None, "deleted_meanwhile")], ids=["reset", "deleted"]
)
def test_a_backup_that_another_reset_reached_while_it_was_examined_is_left_alone(open_dialog, cloud, becomes, ending):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    read_to_examine = cloud.asked("GET", f"/backups/{backup['id']}$") + 1

    def overtake(request):
        if cloud.asked("GET", f"/backups/{backup['id']}$") > read_to_examine:
            backup["status"] = becomes
            if becomes is None:
                cloud.backups.pop(backup["id"], None)

    cloud.before_answer.append(overtake)
    assert dialog.submit(choice="error").ending == ending
    assert cloud.resets == []


def test_what_stays_locked_is_told_when_the_reset_is_seen_applied_later(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    result = open_dialog(backup).submit()
    assert result.find(".backup-reset-locked") is None
    backup["status"] = "available"
    result = result.submit()
    assert result.ending == "applied"
    assert "is still Backing Up" in result.text(".backup-reset-locked")


def test_what_a_restore_that_lived_on_has_set_is_not_called_done_by_a_reset(open_dialog, cloud):
    target = cloud.add_volume(status="restoring-backup")
    backup = cloud.add_backup(status="restoring", **COMPLETE)
    cloud.hide(backup["id"], restore_volume_id=target["id"])
    assert (
        open_dialog(backup).submit(choice="error", ticks=sorted(open_dialog(backup).boxes("ticks"))).ending == "applied"
    )
    assert target["status"] == "error_restoring"
    cloud.applies = False
    dialog = open_dialog(backup)
    result = dialog.submit(choice="available", ticks=sorted(dialog.boxes("ticks")))
    assert result.ending == "accepted"
    # The process was not dead after all: it ends, and sets its target and its backup.
    target["status"] = backup["status"] = "available"
    assert result.submit().ending == "reached"


def test_what_was_never_restored_is_told_as_done_by_its_volume(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(status="error", **COMPLETE)
    dialog = open_dialog(backup)
    result = dialog.submit(choice="available", ticks=sorted(set(dialog.boxes("ticks")) - {"process_dead"}))
    assert result.ending == "accepted"
    backup["status"] = "available"
    assert result.submit().ending == "applied"


def test_somebody_who_only_looks_at_a_reset_is_not_taken_for_one_who_sends(open_dialog, cloud, monkeypatch):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    result = open_dialog(backup).submit()
    seen = []

    def put(*args, **values):
        seen.append(open_dialog(backup).text("#backup-reset-nothing, .backup-reset"))
        return write(*args, **values)

    write = pending._write
    monkeypatch.setattr(pending, "_write", put)
    assert result.submit().ending == "accepted"
    assert len(seen) == 1
    assert "is being sent at this moment" not in seen[0]


def test_submit_waits_for_somebody_who_writes_down_what_they_saw(open_dialog, cloud):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    cache.add(f"backup_reset_panel.claim.{backup['id']}", "noting:by-another-worker", 1)
    assert dialog.submit().ending == "applied"


def test_look_that_ends_between_two_questions_of_a_submit_is_not_taken_for_a_reset(open_dialog, cloud, monkeypatch):
    dialog = open_dialog(cloud.add_backup(**COMPLETE))
    add, refused = pending.cache.add, []

    def ended_just_now(*args):
        return add(*args) if refused else refused.append(args)

    monkeypatch.setattr(pending.cache, "add", ended_just_now)
    assert dialog.submit().ending == "applied"


def test_a_reset_seen_applied_later_makes_room_for_the_next(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    open_dialog(backup).submit()
    backup["status"] = "available"
    cloud.applies = True
    assert open_dialog(backup).submit(choice="error", ticks="earlier_reset").ending == "applied"


@pytest.mark.parametrize(
    "change", [{"status": "available"}, {"object_count": 200}, {"fail_reason": "boom"}, {"container": "else"}], ids=str
)
def test_nothing_is_sent_when_the_backup_changed_while_the_dialog_was_open(open_dialog, cloud, change):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    backup.update(change)
    answer = dialog.submit()
    assert "the backup changed while the dialog was open" in answer.text("#backup-reset-notice")
    assert cloud.resets == []


def test_nothing_is_sent_when_someone_touched_the_backup_but_the_second_try_is(open_dialog, cloud):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    backup["updated_at"] = stamp(1)
    answer = dialog.submit()
    assert "someone touched this backup" in answer.text("#backup-reset-notice")
    assert cloud.resets == []
    assert answer.submit().ending == "applied"


@pytest.mark.parametrize("shown", ["", "nonsense", "of-another"])
def test_a_token_that_is_not_ours_sends_nothing(open_dialog, cloud, shown):
    if shown == "of-another":
        shown = open_dialog(cloud.add_backup(**COMPLETE)).find("input[name=shown]").get("value")
    answer = open_dialog(cloud.add_backup(**COMPLETE)).submit(shown=shown)
    assert answer.find("#backup-reset-notice") is not None
    assert cloud.resets == []


def test_a_backup_deleted_while_the_dialog_was_open_is_told(open_dialog, cloud):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    del cloud.backups[backup["id"]]
    assert dialog.submit().ending == "no_such_backup"


REFUSALS = [
    (400, "bad_request"),
    (401, "token_refused"),
    (403, "forbidden"),
    (409, "conflict"),
    (413, "over_limit"),
    (429, "over_limit"),
    (fake_cinder.REFUSED, "no_connection"),
]


@pytest.mark.parametrize(("what", "kind"), REFUSALS, ids=str)
def test_a_refused_reset_is_told_with_nothing_changed(open_dialog, cloud, what, kind):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    cloud.trouble["POST", "/backups/"] = what
    result = dialog.submit()
    assert result.ending == "refused"
    assert "Nothing was changed" in result.text("#backup-reset-outcome")
    assert backup["status"] == "creating"
    assert cloud.volumes[backup["volume_id"]]["status"] == "backing-up"
    if isinstance(what, int):
        assert result.text("#backup-reset-fault-request-id") == f"req-trouble-{what}"


def test_a_404_for_a_backup_that_is_there_is_told_as_no_service(open_dialog, cloud):
    dialog = open_dialog(cloud.add_backup(**COMPLETE))
    cloud.trouble["POST", "/backups/"] = 404
    result = dialog.submit()
    assert "No cinder-backup can take this request" in result.text("#backup-reset-outcome")
    assert "backup_use_same_host" in result.text("#backup-reset-outcome")
    assert "update_backup_host" in result.text("#backup-reset-outcome")


def test_a_404_names_the_host_that_alone_could_take_it_with_backup_use_same_host(open_dialog, cloud):
    dialog = open_dialog(cloud.add_backup(**COMPLETE))
    cloud.trouble["POST", "/backups/"] = 404
    result = dialog.submit()
    assert "it has to be node-1" in result.text("#backup-reset-outcome")
    assert "--currenthost node-1" in result.text("#backup-reset-outcome")


def test_a_404_for_a_backup_that_is_gone_is_told_as_deleted(open_dialog, cloud):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    cloud.before_answer.append(
        lambda request: cloud.backups.pop(backup["id"], None) if request.method == "POST" else None
    )
    assert dialog.submit().ending == "deleted_meanwhile"


@pytest.mark.parametrize("what", [500, 503, fake_cinder.TIME_OUT, fake_cinder.BROKEN_OFF], ids=["500", "503", "t", "b"])
def test_a_reset_without_an_answer_is_not_repeated_and_not_called_a_success(open_dialog, cloud, what):
    dialog = open_dialog(cloud.add_backup(**COMPLETE))
    cloud.trouble["POST", "/backups/"] = what
    cloud.calls.clear()
    result = dialog.submit()
    assert result.ending == "unknown"
    assert "not known whether Cinder took the request" in result.text("#backup-reset-outcome")
    assert result.text("#backup-reset-fault")
    assert cloud.asked("POST", "/backups/") == 1


def test_a_reset_without_an_answer_that_was_applied_all_the_same_is_seen(open_dialog, cloud):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    cloud.trouble["POST", "/backups/"] = fake_cinder.TIME_OUT
    result = dialog.submit()
    backup["status"] = "available"
    assert result.submit().ending == "applied"


def test_a_job_that_finishes_meanwhile_is_not_our_success(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    result = open_dialog(backup).submit(choice="error")
    backup.update(status="error", fail_reason="incomplete backup reset on manager restart")
    assert result.submit().ending == "settled_otherwise"


def test_a_backup_that_is_deleted_while_watched_is_told(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    result = open_dialog(backup).submit()
    del cloud.backups[backup["id"]]
    assert result.submit().ending == "deleted_meanwhile"


def later(monkeypatch, seconds=12):
    """Let the time since a reset was sent be longer."""
    monkeypatch.setattr("backup_reset_panel.core.outcome.texts.PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr("backup_reset_panel.resets.execute.PATIENCE_SECONDS", 0.0)


def test_a_reset_that_is_not_applied_for_long_is_not_called_ignored_without_proof(open_dialog, cloud, monkeypatch):
    cloud.applies = False
    result = open_dialog(cloud.add_backup(**COMPLETE)).submit()
    later(monkeypatch)
    again = result.submit()
    assert again.ending == "accepted"
    assert "its queue, a worker that hangs, or another driver" in again.text("#backup-reset-outcome")
    assert again.find("a#backup-reset-again") is not None


def test_a_reset_of_what_was_never_taken_up_is_called_ignored(open_dialog, cloud, monkeypatch):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    result = open_dialog(backup).submit()
    cloud.hide(backup["id"], service=None)
    later(monkeypatch)
    ignored = result.submit()
    assert ignored.ending == "ignored"
    assert "ever took this backup up" in ignored.text("#backup-reset-outcome")


SIGNS = {
    "its volume is still held": ({}, "applied"),
    "its volume was set free": ({"status": "available", "updated_at": NOW}, "reached"),
    "its volume was set free, it was attached": ({"status": "in-use", "updated_at": NOW}, "reached"),
    "its volume was set free and is held by the next backup": ({"updated_at": NOW}, "reached"),
}


@pytest.mark.parametrize("sign", SIGNS)
def test_done_is_said_only_where_the_job_could_not_have_left_the_same(open_dialog, cloud, sign):
    cloud.applies = False
    changes, ending = SIGNS[sign]
    backup = cloud.add_backup(**COMPLETE)
    result = open_dialog(backup).submit()
    backup["status"] = "available"
    cloud.volumes[backup["volume_id"]].update(changes)
    again = result.submit()
    assert again.ending == ending
    if ending == "reached":
        assert "whether by this reset or by its own job cannot be told" in again.text("#backup-reset-outcome")
        assert "may still be waiting at node-1" in again.text("#backup-reset-outcome")
        assert "earlier_reset" in open_dialog(backup).boxes("ticks")


@pytest.mark.parametrize(("is_touched", "ending"), [(False, "applied"), (True, "reached")])
def test_a_volume_that_was_free_before_tells_whether_the_job_ended(open_dialog, cloud, is_touched, ending):
    cloud.applies = False
    backup = cloud.add_backup(volume_id=cloud.add_volume(status="available")["id"], **COMPLETE)
    result = open_dialog(backup).submit()
    backup["status"] = "available"
    if is_touched:
        cloud.volumes[backup["volume_id"]]["updated_at"] = NOW
    assert result.submit().ending == ending


@pytest.mark.parametrize(
    ("becomes", "ending"),
    [("restoring-backup", "applied"), ("error", "reached"), ("available", "reached"), ("error_restoring", "reached")],
)
def test_a_restore_that_ended_by_itself_is_not_our_success(open_dialog, cloud, becomes, ending):
    cloud.applies = False
    target = cloud.add_volume(status="restoring-backup")
    backup = cloud.add_backup(status="restoring", **COMPLETE)
    cloud.hide(backup["id"], restore_volume_id=target["id"])
    result = open_dialog(backup).submit(ticks=DEAD)
    backup["status"], target["status"] = "available", becomes
    assert result.submit().ending == ending


def test_a_sign_that_cannot_be_read_leaves_the_outcome_open(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    result = open_dialog(backup).submit()
    backup["status"] = "available"
    cloud.trouble["GET", "/volumes/"] = 500
    assert result.submit().ending == "accepted"
    cloud.trouble.clear()
    assert result.submit().ending == "applied"


def test_a_watch_with_a_forged_token_leads_back_to_the_dialog(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    answer = open_dialog(backup).submit().submit(token="forged", ajax=False)
    assert answer.status_code == 302


def test_a_look_that_fails_leaves_the_outcome_open(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    result = open_dialog(backup).submit()
    cloud.trouble["GET", "/backups/"] = 500
    again = result.submit()
    assert again.ending == "accepted"
    assert "Cinder failed to answer" in again.text("#backup-reset-fault")


def test_left_over_temporary_resources_are_cleaned_by_error_before_available(open_dialog, cloud, settings):
    settings.BACKUP_RESET_PANEL = {"FOLLOW_SECONDS": 8}
    backup = cloud.add_backup(**COMPLETE)
    cloud.leave_temporary(backup, temp_volume_id="0-1")
    result = open_dialog(backup).submit(ticks=DEAD)
    assert cloud.resets[:2] == [(backup["id"], "error"), (backup["id"], "available")]
    assert result.ending == "applied"
    assert backup["status"] == "available"


def test_left_over_temporary_resources_that_do_not_go_leave_the_backup_half_way(open_dialog, cloud):
    cloud.cleans_up = False
    backup = cloud.add_backup(**COMPLETE)
    cloud.leave_temporary(backup, temp_volume_id="0-1")
    result = open_dialog(backup).submit(ticks=DEAD)
    assert result.ending == "half_way"
    assert backup["status"] == "error"
    assert "not freed yet" in result.text(".backup-reset-repair")
    assert open_dialog(backup).choices


def test_the_first_of_two_resets_is_what_a_second_administrator_is_told_of(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    cloud.leave_temporary(backup, temp_volume_id="0-1")
    assert open_dialog(backup).submit(ticks=DEAD).ending == "accepted"
    assert "an earlier reset to Error" in open_dialog(backup).tick("earlier_reset")
    backup["status"] = "error"
    cloud.applies = True
    ticks = ["never_deleted", "earlier_reset"]
    assert open_dialog(backup).submit(choice="available", ticks=ticks).ending == "applied"


def test_a_complete_backup_keeps_its_temporary_volume_where_nobody_says_that_its_job_is_dead(open_dialog, cloud):
    backup = cloud.add_backup(**COMPLETE)
    cloud.leave_temporary(backup, temp_volume_id="0-1")
    assert open_dialog(backup).submit().ending == "applied"
    assert cloud.resets == [(backup["id"], "available")]


@pytest.fixture
def never_started(cloud):
    """A backup that no cinder-backup took up; its host is down."""
    backup = cloud.add_backup()
    cloud.hide(backup["id"], service=None, host="node-1")
    return backup


def test_freeing_alone_frees_the_volume_of_a_backup_that_was_never_started(
    open_dialog, cloud, never_started, audit_lines
):
    result = open_dialog(never_started).submit(choice="repair", ticks=DEAD)
    assert result.ending == "repaired"
    assert cloud.resets == [(never_started["volume_id"], "available")]
    assert audit_lines()[0]["choice"] == "repair"


@pytest.mark.parametrize("choice", ["repair", "remove"])
def test_nothing_is_freed_or_removed_without_the_word_that_nothing_will_take_it_up(
    open_dialog, cloud, never_started, choice
):
    assert "To do this, tick" in open_dialog(never_started).submit(choice=choice).text()
    assert cloud.resets == []


def test_a_backup_that_was_never_started_is_freed_moved_and_removed_step_by_step(
    open_dialog, cloud, never_started, audit_lines
):
    backup_id, volume_id = never_started["id"], never_started["volume_id"]
    cloud.moves_to = "node-2"
    result = open_dialog(never_started).submit(ticks=DEAD)
    assert result.ending == "removed"
    assert backup_id not in cloud.backups
    assert cloud.resets == [(volume_id, "available"), (backup_id, "error"), (backup_id, "removed")]
    assert "db-data: Backing Up → Available" in result.text(".backup-reset-repair")
    assert audit_lines()[0]["outcome"] == "removed"


def test_a_backup_whose_host_is_up_is_removed_without_moving_it(open_dialog, cloud, never_started):
    cloud.hide(never_started["id"], host="node-2")
    assert open_dialog(never_started).submit(ticks=DEAD).ending == "removed"
    assert (never_started["id"], "error") not in cloud.resets


def test_a_backup_that_cinder_does_not_move_is_not_removed_where_that_would_hang(open_dialog, cloud, never_started):
    result = open_dialog(never_started).submit(ticks=DEAD)
    assert result.ending == "stopped"
    assert "a removal would hang there" in result.text("#backup-reset-outcome")
    assert never_started["id"] in cloud.backups


@pytest.mark.parametrize("is_back_later", [False, True])
def test_a_backup_is_not_removed_where_it_was_not_known_which_hosts_are_up(
    open_dialog, cloud, never_started, is_back_later
):
    cloud.trouble["GET", "/os-services"] = 403
    cloud.moves_to = "node-2"

    def answer_again(request):
        if is_back_later and request.url.endswith(f"/backups/{never_started['id']}/action"):
            cloud.trouble.clear()

    cloud.before_answer.append(answer_again)
    result = open_dialog(never_started).submit(choice="remove", ticks=DEAD)
    assert result.ending == "stopped"
    assert never_started["id"] in cloud.backups


def test_a_backup_that_is_taken_up_while_it_is_removed_is_left_alone(open_dialog, cloud, never_started):
    cloud.moves_to = "node-2"
    dialog = open_dialog(never_started)

    def take_up(request):
        if (never_started["id"], "error") in cloud.resets:
            cloud.hide(never_started["id"], service=fake_cinder.POSIX)

    cloud.before_answer.append(take_up)
    result = dialog.submit(ticks=DEAD)
    assert result.ending == "stopped"
    assert "took it up after all" in result.text("#backup-reset-outcome")
    assert never_started["id"] in cloud.backups
    # The reset that moved it may still be applied, now that there is a driver.
    [kept] = pending.find(types.SimpleNamespace(session={}), never_started["id"])
    assert (kept.target, kept.stage) == ("error", Stage.ACCEPTED)


def test_a_volume_that_cannot_be_freed_stops_the_removal(open_dialog, cloud, never_started):
    dialog = open_dialog(never_started)
    cloud.trouble["POST", "/volumes/"] = 403
    result = dialog.submit(ticks=DEAD)
    assert result.ending == "stopped"
    assert cloud.resets == []


@pytest.mark.parametrize(
    ("what", "ending"),
    [(405, "refused"), (403, "refused"), (fake_cinder.TIME_OUT, "unknown"), (500, "unknown")],
    ids=["405", "403", "time-out", "500"],
)
def test_a_removal_that_fails_is_told_and_not_repeated(open_dialog, cloud, never_started, what, ending):
    cloud.hide(never_started["id"], host="node-2")
    dialog = open_dialog(never_started)
    cloud.trouble["POST", "/backups/"] = what
    cloud.calls.clear()
    result = dialog.submit(ticks=DEAD)
    assert result.ending == ending
    assert cloud.asked("POST", "/backups/") == 1
    if what == 405:
        assert "does not support this" in result.text("#backup-reset-outcome")


def test_a_removal_that_takes_longer_is_watched_until_the_backup_is_gone(open_dialog, cloud, never_started):
    cloud.hide(never_started["id"], host="node-2")
    cloud.applies = False
    result = open_dialog(never_started).submit(ticks=DEAD)
    assert result.ending == "removing"
    del cloud.backups[never_started["id"]]
    assert result.submit().ending == "removed"


def test_a_removal_that_the_policy_does_not_allow_is_not_offered(open_dialog, cloud, never_started, monkeypatch):
    monkeypatch.setattr(
        "backup_reset_panel.web.policy.may", lambda request, rules, project=None: "force_delete" not in str(rules)
    )
    assert list(open_dialog(never_started).choices) == ["repair"]


def test_a_volume_that_changed_meanwhile_is_left_alone(open_dialog, cloud):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    volume = cloud.volumes[backup["volume_id"]]

    def attach_after_the_reset(request):
        if cloud.resets:
            volume["status"] = "in-use"

    cloud.before_answer.append(attach_after_the_reset)
    result = dialog.submit(ticks=DEAD)
    assert result.ending == "reached"
    assert "left alone, it is In-use now" in result.text(".backup-reset-repair")
    assert volume["status"] == "in-use"


@pytest.mark.parametrize(
    ("what", "words"),
    [(403, "could not be set to Available"), (fake_cinder.TIME_OUT, "not known whether it was set to Available")],
    ids=["403", "time-out"],
)
def test_a_repair_that_fails_is_told_beside_a_reset_that_worked(open_dialog, cloud, what, words):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    cloud.trouble["POST", "/volumes/"] = what
    result = dialog.submit(ticks=DEAD)
    assert result.ending == "applied"
    assert words in result.text(".backup-reset-repair")


def test_a_repair_that_the_policy_does_not_allow_is_not_offered_but_told(open_dialog, cloud, monkeypatch):
    monkeypatch.setattr(
        "backup_reset_panel.web.policy.may", lambda request, rules, project=None: "volume_admin" not in str(rules)
    )
    dialog = open_dialog(cloud.add_backup(**COMPLETE))
    assert "does not allow you to free db-data" in dialog.text()
    result = dialog.submit()
    assert "db-data is still Backing Up" in result.text(".backup-reset-locked")


def test_a_volume_that_another_backup_came_to_hold_meanwhile_is_left_alone(open_dialog, cloud):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)

    def begin_another(request):
        if cloud.resets and len(cloud.backups) == 1:
            cloud.add_backup(name="second", volume_id=backup["volume_id"])

    cloud.before_answer.append(begin_another)
    result = dialog.submit(ticks=DEAD)
    assert "left alone" in result.text(".backup-reset-repair")
    assert cloud.volumes[backup["volume_id"]]["status"] == "backing-up"


def test_a_volume_with_a_note_of_its_own_takes_both_ticks(open_dialog, cloud):
    backup = cloud.add_backup(**COMPLETE)
    cloud.hide(backup["volume_id"], previous_status="in-use")
    key = f"volume:{backup['volume_id']}"
    refused = open_dialog(backup).submit(repairs=key)
    assert "also tick that its process is dead" in refused.text()
    assert cloud.resets == []
    refused.submit(repairs=key, ticks=DEAD)
    assert cloud.volumes[backup["volume_id"]]["status"] == "available"


def test_a_snapshot_is_freed(open_dialog, cloud):
    snapshot = cloud.add_snapshot()
    open_dialog(cloud.add_backup(snapshot_id=snapshot["id"], **COMPLETE)).submit(ticks=DEAD)
    assert snapshot["status"] == "available"


def test_a_reset_from_deleting_leaves_a_mark_first_that_the_next_verdict_reads(open_dialog, cloud):
    backup = cloud.add_backup(status="deleting", metadata={"kept": "yes"}, **COMPLETE)
    assert open_dialog(backup).submit().ending == "applied"
    assert backup["metadata"] == {"kept": "yes", "backup_reset_panel.reset_from": "deleting"}
    changes = [method for method, path in cloud.calls if method in ("PUT", "POST")]
    assert changes == ["PUT", "POST"]
    assert open_dialog(backup).verdict == "delete_tried"


def test_a_mark_is_left_also_where_the_reset_is_not_answered(open_dialog, cloud):
    backup = cloud.add_backup(status="deleting", **COMPLETE)
    dialog = open_dialog(backup)
    cloud.trouble["POST", "/backups/"] = fake_cinder.TIME_OUT
    assert dialog.submit().ending == "unknown"
    assert backup["metadata"] == {"backup_reset_panel.reset_from": "deleting"}


def test_a_mark_that_the_cloud_does_not_take_is_told_before_anything_is_sent(open_dialog, cloud, audit_lines):
    backup = cloud.add_backup(status="deleting", **COMPLETE)
    cloud.trouble["PUT", "/backups/"] = 403
    told = open_dialog(backup).submit()
    assert "did not accept the note" in told.text("#backup-reset-notice")
    assert cloud.resets == []
    assert audit_lines()[0]["refused"] == "not_marked"
    assert "later nothing will show" in told.tick("no_mark")
    assert told.submit(ticks="no_mark").ending == "applied"


def test_a_failed_detach_after_all_data_was_written_is_no_sign_of_a_delete(open_dialog, cloud):
    reason = "Timed out waiting for a reply to message ID 0f3c"
    volume_id = cloud.add_volume(status="available")["id"]
    cloud.hide(volume_id, previous_status="error_backing-up")
    backup = cloud.add_backup(status="error", fail_reason=reason, volume_id=volume_id, **COMPLETE)
    assert open_dialog(backup).verdict == "was_complete"


def test_a_text_that_a_driver_gives_is_a_sign_of_a_delete_unless_the_volume_speaks_for_a_create(open_dialog, cloud):
    volume_id = cloud.add_volume(status="available")["id"]
    values = {"status": "error", "fail_reason": "[Errno 21] Is a directory", "volume_id": volume_id, **COMPLETE}
    backup = cloud.add_backup(**values)
    assert open_dialog(backup).verdict == "delete_tried"
    cloud.hide(volume_id, previous_status="error_backing-up")
    assert open_dialog(backup).verdict == "was_complete"


def test_nothing_is_sent_to_another_region_than_that_of_the_dialog(open_dialog, cloud, log_in):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    dialog.client = log_in("admin", region="RegionTwo")
    answer = dialog.submit()
    assert "you have changed to another region" in answer.text("#backup-reset-notice")
    assert cloud.resets == []


def test_a_result_that_is_looked_at_in_another_region_is_no_deletion(open_dialog, cloud, log_in):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    result = open_dialog(backup).submit()
    result.client = log_in("admin", region="RegionTwo")
    del cloud.backups[backup["id"]]
    assert result.submit().ending == "other_region"


def test_a_backup_that_somebody_else_may_not_see_is_not_called_deleted(open_dialog, cloud, log_in):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    result = open_dialog(backup).submit()
    del cloud.backups[backup["id"]]
    result.client = log_in("admin", project="another-project")
    again = result.submit()
    assert again.ending == "accepted"
    assert "may not see it" in again.text()


def test_one_audit_line_tells_who_did_what_on_which_evidence_and_what_came_of_it(open_dialog, cloud, audit_lines):
    backup = cloud.add_backup(**COMPLETE)
    open_dialog(backup).submit(ticks=DEAD)
    (record,) = audit_lines()
    assert list(record) == [name for name, _meaning in audit_fields.FIELDS]
    assert record["user_id"] == "someone"
    assert (record["from_status"], record["to_status"], record["outcome"]) == ("creating", "available", "applied")
    assert (record["verdict"], record["life"], record["choice"]) == ("complete", "out_of_sight", "available")
    assert record["confirmed"] == [DEAD]
    assert record["repairs"][0]["outcome"] == "done"
    assert record["request_ids"][0].startswith("req-")
    assert "a-secret-token" not in json.dumps(record)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("req-1234", "req-1234"), ("x" * 3000, "x" * 256), ("a\r\nb\x00\u202ec\x7f", "abc"), ("", "")],
    ids=["usual", "3 kB", "control characters", "empty"],
)
def test_request_id_that_a_client_makes_up_is_cut_short_in_the_audit_log(
    admin, open_dialog, cloud, audit_lines, sent, kept
):
    admin.defaults["HTTP_X_REQUEST_ID"] = sent
    open_dialog(cloud.add_backup(**COMPLETE)).submit()
    assert audit_lines()[0]["horizon_request_id"] == kept


@pytest.mark.parametrize(
    ("setting", "sent", "kept"),
    [
        (False, "192.0.2.7", "127.0.0.1"),
        ("HTTP_X_FORWARDED_FOR", "192.0.2.7", "192.0.2.7"),
        ("HTTP_X_REAL_IP", "192.0.2.7", "127.0.0.1"),
        ("HTTP_X_FORWARDED_FOR", "192.0.2.7, " * 300, ("192.0.2.7, " * 300)[:256]),
    ],
)
def test_audited_address_is_that_which_horizon_takes_for_the_clients(
    admin, open_dialog, cloud, audit_lines, settings, setting, sent, kept
):
    settings.SECURE_PROXY_ADDR_HEADER = setting
    admin.defaults["HTTP_X_FORWARDED_FOR"] = sent
    open_dialog(cloud.add_backup(**COMPLETE)).submit()
    assert audit_lines()[0]["from_address"] == kept


def test_right_to_left_name_of_a_repaired_volume_is_isolated_in_what_is_told(open_dialog, cloud):
    volume = cloud.add_volume(name="\u202eevil")
    result = open_dialog(cloud.add_backup(volume_id=volume["id"], **COMPLETE)).submit(ticks=DEAD)
    assert result.text(".backup-reset-repair").startswith("Volume \u2068evil\u2069: Backing Up → Available.")


def test_the_whole_way_works_without_javascript(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    result = open_dialog(backup, ajax=False).submit(ajax=False)
    assert result.ending == "accepted"
    backup["status"] = "available"
    assert result.submit(ajax=False).ending == "applied"


def test_no_name_however_long_goes_into_a_message_or_the_session(open_dialog, cloud, admin):
    backup = cloud.add_backup(name="備" * 255, **COMPLETE)
    result = open_dialog(backup).submit()
    assert result.ending == "applied"
    assert "X-Horizon-Messages" not in result.response.headers
    assert sum(len(cookie.value) for cookie in admin.cookies.values()) < 3000


@pytest.mark.parametrize("out_of_order", ["add", "get", "delete"])
def test_a_cache_that_is_out_of_order_stops_no_reset(open_dialog, cloud, monkeypatch, out_of_order):
    def broken(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(cache, out_of_order, broken)
    assert open_dialog(cloud.add_backup(**COMPLETE)).submit().ending == "applied"
