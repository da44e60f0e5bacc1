# SPDX-License-Identifier: Apache-2.0
"""What becomes of a submitted dialog: sent or not, seen or not, repaired or not, and written down."""

import datetime
import json
import logging

import pytest
from django.core.cache import cache

from backup_reset_panel.core import audit as audit_fields
from tests import fake_cinder
from tests.fake_cinder import stamp

COMPLETE = {"object_count": 128, "container": "ab/cd/x"}


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


def test_a_complete_backup_becomes_available_and_its_volume_is_freed(open_dialog, cloud):
    backup = cloud.add_backup(**COMPLETE)
    result = open_dialog(backup).submit()
    assert result.ending == "applied"
    assert result.text("#backup-reset-change") == "Creating → Available"
    assert "nightly-07" in result.text("#backup-reset-name")
    assert backup["status"] == "available"
    assert cloud.volumes[backup["volume_id"]]["status"] == "available"
    assert "backing-up → available. This was read back from Cinder." in result.text(".backup-reset-repair")


def test_a_backup_without_data_becomes_error_once_a_live_job_is_ruled_out(open_dialog, cloud):
    backup = cloud.add_backup()
    result = open_dialog(backup).submit(ticks="may_be_live")
    assert result.ending == "applied"
    assert cloud.resets == [(backup["id"], "error")]


def test_the_result_names_cinders_request_id(open_dialog, cloud):
    result = open_dialog(cloud.add_backup(**COMPLETE)).submit()
    assert result.text("#backup-reset-request-id").startswith("req-")


def test_nothing_is_sent_before_the_risk_of_a_live_job_is_taken(open_dialog, cloud):
    dialog = open_dialog(cloud.add_backup()).submit()
    assert "To do this, tick:" in dialog.text()
    assert cloud.resets == []


def test_available_without_proof_is_not_sent_without_the_override(open_dialog, cloud):
    backup = cloud.add_backup()
    refused = open_dialog(backup).submit(choice="available", ticks="may_be_live")
    assert "Allow Available unverified" in refused.text(".help-block")
    assert cloud.resets == []
    result = refused.submit(choice="available", ticks=["override", "may_be_live"])
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
    result = open_dialog(backup).submit()
    assert result.ending == "accepted"
    assert result.find("#backup-reset-outcome.alert-warning") is not None
    assert "not repaired yet" in result.text(".backup-reset-repair")
    assert result.submit().ending == "accepted"
    backup["status"] = "available"
    assert result.submit().ending == "applied"


def test_a_repair_that_had_to_wait_is_not_forgotten_when_the_reset_is_seen_applied(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    result = open_dialog(backup).submit()
    assert "not repaired yet" in result.submit().text(".backup-reset-repair")
    backup["status"] = "available"
    result = result.submit()
    assert result.ending == "applied"
    assert "Volume db-data: was not repaired." in result.text(".backup-reset-repair")
    assert result.find(".backup-reset-repair.alert-warning") is not None


def test_a_second_reset_is_refused_while_the_first_is_on_its_way(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    open_dialog(backup).submit()
    dialog = open_dialog(backup)
    assert dialog.choices == {}
    assert "An earlier reset to Available was accepted and not yet applied" in dialog.text("#backup-reset-nothing")


def test_a_dialog_that_was_open_already_cannot_send_a_second_reset_either(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    second = open_dialog(backup)
    open_dialog(backup).submit()
    answer = second.submit(choice="error")
    assert answer.choices == {}
    assert cloud.resets == [(backup["id"], "available")]


def test_two_administrators_at_once_send_one_reset(open_dialog, cloud, monkeypatch):
    """The other's claim lands between our look and our sending: only Horizon's cache can tell."""
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    monkeypatch.setattr(cache, "get", lambda key: None)
    cache.add(f"backup_reset_panel.armed.{backup['id']}", ("error", "2026-11-23T00:00:00+00:00"), 60)
    assert dialog.submit().ending == "not_sent"
    assert cloud.resets == []


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


def test_a_reset_seen_applied_later_makes_room_for_the_next(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    open_dialog(backup).submit()
    backup["status"] = "available"
    cloud.applies = True
    assert open_dialog(backup).submit(choice="error").ending == "applied"


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
def test_a_ticket_that_is_not_ours_sends_nothing(open_dialog, cloud, shown):
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
    assert "No cinder-backup service can take this request" in result.text("#backup-reset-outcome")


def test_a_404_for_a_backup_that_is_gone_is_told_as_deleted(open_dialog, cloud):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    cloud.before_answer.append(
        lambda request: cloud.backups.pop(backup["id"], None) if request.method == "POST" else None
    )
    assert dialog.submit().ending == "deleted_meanwhile"


@pytest.mark.parametrize("what", [500, 503, fake_cinder.TIME_OUT, fake_cinder.BROKEN_OFF], ids=str)
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


def test_a_reset_that_an_idle_service_does_not_apply_is_called_ignored_with_the_cause(open_dialog, cloud, monkeypatch):
    cloud.applies = False
    result = open_dialog(cloud.add_backup(**COMPLETE)).submit()
    assert result.submit().ending == "accepted"
    monkeypatch.setattr("backup_reset_panel.core.ignored.PATIENCE", datetime.timedelta())
    ignored = result.submit()
    assert ignored.ending == "ignored"
    assert "runs another driver" in ignored.text("#backup-reset-outcome")


def test_a_reset_that_a_busy_service_does_not_apply_yet_is_not_called_ignored(open_dialog, cloud, monkeypatch):
    cloud.applies = False
    monkeypatch.setattr("backup_reset_panel.core.ignored.PATIENCE", datetime.timedelta())
    cloud.add_backup(name="at-work")
    result = open_dialog(cloud.add_backup(**COMPLETE)).submit()
    assert result.submit().ending == "accepted"


def test_a_reset_is_not_called_ignored_when_the_services_work_cannot_be_counted(open_dialog, cloud, monkeypatch):
    cloud.applies = False
    monkeypatch.setattr("backup_reset_panel.core.ignored.PATIENCE", datetime.timedelta())
    result = open_dialog(cloud.add_backup(**COMPLETE)).submit()
    cloud.trouble["GET", r"/backups$"] = 500
    assert result.submit().ending == "accepted"


def test_a_watch_with_a_forged_ticket_leads_back_to_the_dialog(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    answer = open_dialog(backup).submit().submit(ticket="forged", ajax=False)
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
    result = open_dialog(backup).submit()
    assert cloud.resets[:2] == [(backup["id"], "error"), (backup["id"], "available")]
    assert result.ending == "applied"
    assert backup["status"] == "available"


def test_left_over_temporary_resources_that_do_not_go_leave_the_backup_half_way(open_dialog, cloud):
    cloud.cleans_up = False
    backup = cloud.add_backup(**COMPLETE)
    cloud.leave_temporary(backup, temp_volume_id="0-1")
    result = open_dialog(backup).submit()
    assert result.ending == "half_way"
    assert backup["status"] == "error"
    assert "not repaired yet" in result.text(".backup-reset-repair")
    assert open_dialog(backup).choices


def test_the_first_of_two_resets_is_what_a_second_administrator_is_told_of(open_dialog, cloud):
    cloud.applies = False
    backup = cloud.add_backup(**COMPLETE)
    cloud.leave_temporary(backup, temp_volume_id="0-1")
    assert open_dialog(backup).submit().ending == "accepted"
    assert "An earlier reset to Error" in open_dialog(backup).text("#backup-reset-nothing")
    backup["status"] = "error"
    cloud.applies = True
    assert open_dialog(backup).submit(choice="available", ticks="never_deleted").ending == "applied"


def test_repair_alone_frees_the_volume_of_a_backup_that_was_never_taken_up(open_dialog, cloud, audit_lines):
    backup = cloud.add_backup()
    cloud.hide(backup["id"], service=None, host=None)
    result = open_dialog(backup).submit()
    assert result.ending == "repaired"
    assert cloud.resets == [(backup["volume_id"], "available")]
    assert audit_lines()[0]["mode"] == "repair"


def test_repair_alone_needs_something_to_repair(open_dialog, cloud):
    backup = cloud.add_backup()
    cloud.hide(backup["id"], service=None, host=None)
    answer = open_dialog(backup).submit(repairs=[])
    assert "Tick what is to be repaired" in answer.text()
    assert cloud.resets == []


def test_a_volume_that_changed_meanwhile_is_left_alone(open_dialog, cloud):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    volume = cloud.volumes[backup["volume_id"]]

    def attach_after_the_reset(request):
        if cloud.resets:
            volume["status"] = "in-use"

    cloud.before_answer.append(attach_after_the_reset)
    result = dialog.submit()
    assert "left alone, it is in-use now" in result.text(".backup-reset-repair")
    assert volume["status"] == "in-use"


@pytest.mark.parametrize(
    ("what", "words"),
    [(403, "could not be set to available"), (fake_cinder.TIME_OUT, "not known whether it was set to available")],
    ids=str,
)
def test_a_repair_that_fails_is_told_beside_a_reset_that_worked(open_dialog, cloud, what, words):
    backup = cloud.add_backup(**COMPLETE)
    dialog = open_dialog(backup)
    cloud.trouble["POST", "/volumes/"] = what
    result = dialog.submit()
    assert result.ending == "applied"
    assert words in result.text(".backup-reset-repair")


def test_a_repair_that_the_policy_does_not_allow_is_not_offered(open_dialog, cloud, monkeypatch):
    monkeypatch.setattr(
        "backup_reset_panel.policies.may", lambda request, rules, project=None: "volume_admin" not in str(rules)
    )
    assert open_dialog(cloud.add_backup(**COMPLETE)).boxes("repairs") == {}


def test_snapshot_and_restore_target_are_repaired(open_dialog, cloud):
    snapshot = cloud.add_snapshot()
    open_dialog(cloud.add_backup(snapshot_id=snapshot["id"], **COMPLETE)).submit()
    assert snapshot["status"] == "available"
    target = cloud.add_volume(status="restoring-backup")
    backup = cloud.add_backup(status="restoring", **COMPLETE)
    cloud.hide(backup["id"], restore_volume_id=target["id"])
    open_dialog(backup).submit(ticks="may_be_live", repairs=f"restore_target:{target['id']}")
    assert target["status"] == "error_restoring"


def test_a_reset_from_deleting_leaves_a_mark_that_the_next_verdict_reads(open_dialog, cloud):
    backup = cloud.add_backup(status="deleting", metadata={"kept": "yes"}, **COMPLETE)
    assert open_dialog(backup).submit(ticks="may_be_live").ending == "applied"
    assert backup["metadata"] == {"kept": "yes", "backup_reset_panel.reset_from": "deleting"}
    assert open_dialog(backup).verdict == "delete_tried"


def test_a_mark_that_the_cloud_does_not_allow_stops_nothing(open_dialog, cloud):
    backup = cloud.add_backup(status="deleting", **COMPLETE)
    cloud.trouble["PUT", "/backups/"] = 403
    assert open_dialog(backup).submit(ticks="may_be_live").ending == "applied"


def test_one_audit_line_tells_who_did_what_on_which_evidence_and_what_came_of_it(open_dialog, cloud, audit_lines):
    backup = cloud.add_backup(**COMPLETE)
    open_dialog(backup).submit()
    (record,) = audit_lines()
    assert list(record) == [name for name, _meaning in audit_fields.FIELDS]
    assert record["user_id"] == "someone"
    assert (record["from_status"], record["to_status"], record["outcome"]) == ("creating", "available", "applied")
    assert record["verdict"] == "complete"
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
    result = open_dialog(cloud.add_backup(volume_id=volume["id"], **COMPLETE)).submit()
    assert result.text(".backup-reset-repair").startswith("Volume \u2068evil\u2069: backing-up → available.")


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
