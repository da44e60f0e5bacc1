# SPDX-License-Identifier: Apache-2.0
"""The dialog of one left-over: consent, the guard right before, and what was seen after."""

import json
import logging
import uuid

import pytest
from django.urls import reverse

from tests import fake_cinder
from tests.fake_cinder import stamp
from tests.views.conftest import AJAX
from tests.views.conftest import Dialog
from tests.views.test_left_overs import temp_snapshot
from tests.views.test_left_overs import temp_volume


@pytest.fixture
def open_left_over(admin):
    """Function: open the dialog of a volume's or snapshot's document."""

    def open_it(made, table="volumes", ajax=True, client=admin):
        url = reverse("horizon:admin:backup_reset:left_over", args=(table, made["id"]))
        return Dialog(client, client.get(url, headers=AJAX if ajax else {}))

    return open_it


def outcome(dialog):
    return dialog.find("#left-over-outcome").get("data-ending")


REPAIRED = [
    ("volumes", lambda cloud: cloud.add_volume(), "available"),
    ("volumes", lambda cloud: cloud.add_volume(attachments=[{}]), "in-use"),
    ("volumes", lambda cloud: cloud.add_volume(status="restoring-backup"), "error_restoring"),
    ("volumes", lambda cloud: cloud.add_volume(status="error_restoring"), "available"),
    ("snapshots", lambda cloud: cloud.add_snapshot(), "available"),
    ("volumes", lambda cloud: temp_volume(cloud, uuid.uuid4()), "removed"),
    ("snapshots", lambda cloud: temp_snapshot(cloud, str(uuid.uuid4())), "removed"),
]


@pytest.mark.parametrize("ajax", [True, False], ids=["modal", "page"])
@pytest.mark.parametrize(("table", "make", "after"), REPAIRED)
def test_left_over_is_freed_or_deleted_and_that_is_read_back(open_left_over, cloud, table, make, after, ajax):
    made = make(cloud)
    dialog = open_left_over(made, table, ajax=ajax)
    assert cloud.resets == []
    done = dialog.submit(ajax=ajax, consent="on")
    assert cloud.resets == [(made["id"], after)]
    assert outcome(done) == "done"
    assert "This was read back from Cinder." in done.text("#left-over-outcome")
    assert "alert-success" in done.find("#left-over-outcome").get("class")


def test_nothing_is_sent_without_the_consent(open_left_over, cloud):
    dialog = open_left_over(cloud.add_volume()).submit()
    assert cloud.resets == []
    assert "Nothing is done without it." in dialog.text("#left-over-errors")
    assert dialog.find("#id_consent").get("aria-invalid") == "true"
    assert outcome(dialog.submit(consent="on")) == "done"


def begin_backup(cloud, made):
    cloud.add_backup(volume_id=made["id"])


def free_it(cloud, made):
    made.update(status="available", updated_at=stamp())


def free_and_lock_it(cloud, made):
    made.update(updated_at=stamp(600))
    cloud.add_backup(volume_id=made["id"])


def attach_it(cloud, made):
    made["attachments"] = [{}]


def lock_it_anew(cloud, made):
    made.update(updated_at=stamp(400))


def delete_it(cloud, made):
    del cloud.volumes[made["id"]]


@pytest.mark.parametrize(
    "meanwhile", [begin_backup, free_it, free_and_lock_it, attach_it, lock_it_anew, delete_it], ids=lambda f: f.__name__
)
def test_second_writer_between_dialog_and_submit_is_noticed_and_nothing_is_sent(open_left_over, cloud, meanwhile):
    made = cloud.add_volume()
    dialog = open_left_over(made)
    meanwhile(cloud, made)
    done = dialog.submit(consent="on")
    assert cloud.resets == []
    assert outcome(done) == "changed"


def test_job_that_ends_while_the_submit_looks_is_noticed_and_nothing_is_sent(open_left_over, cloud):
    made = cloud.add_volume()
    dialog = open_left_over(made)
    cloud.before_answer.append(lambda request: "/backups" in request.url and free_it(cloud, made))
    assert outcome(dialog.submit(consent="on")) == "changed"
    assert cloud.resets == []


def test_restore_that_began_into_it_meanwhile_is_noticed(open_left_over, cloud):
    made = cloud.add_volume(status="restoring-backup")
    dialog = open_left_over(made)
    cloud.hide(cloud.add_backup(status="restoring")["id"], restore_volume_id=made["id"])
    assert outcome(dialog.submit(consent="on")) == "changed"
    assert cloud.resets == []


def test_temporary_volume_that_a_backup_names_meanwhile_is_not_deleted(open_left_over, cloud):
    made = temp_volume(cloud, uuid.uuid4())
    dialog = open_left_over(made)
    cloud.hide(cloud.add_backup(status="error")["id"], temp_volume_id=made["id"])
    assert outcome(dialog.submit(consent="on")) == "changed"
    assert cloud.resets == []


@pytest.mark.parametrize("what", [500, 403, fake_cinder.TIME_OUT], ids=str)
def test_nothing_is_sent_where_it_could_not_be_read_who_holds_it(open_left_over, cloud, what):
    dialog = open_left_over(cloud.add_volume())
    cloud.trouble["GET", "/backups"] = what
    assert outcome(dialog.submit(consent="on")) == "unsure"
    assert cloud.resets == []


@pytest.mark.parametrize("what", [500, 403, fake_cinder.TIME_OUT, fake_cinder.REFUSED], ids=str)
def test_nothing_is_sent_where_it_could_not_be_read_itself(open_left_over, cloud, what):
    dialog = open_left_over(cloud.add_volume())
    cloud.trouble["GET", "/volumes"] = what
    assert outcome(dialog.submit(consent="on")) == "refused"
    assert cloud.resets == []


@pytest.mark.parametrize("what", [400, 403, 404, 409, 413, fake_cinder.REFUSED], ids=str)
def test_refusal_of_cinder_is_told_with_its_words(open_left_over, cloud, what):
    dialog = open_left_over(cloud.add_volume())
    cloud.trouble["POST", "/action"] = what
    done = dialog.submit(consent="on")
    assert outcome(done) == "refused"
    assert "nothing was changed" in done.text("#left-over-outcome")
    if isinstance(what, int):
        assert f"req-trouble-{what}" in done.text()


@pytest.mark.parametrize("what", [500, fake_cinder.TIME_OUT, fake_cinder.BROKEN_OFF], ids=str)
def test_answer_that_was_lost_is_no_success_and_no_refusal(open_left_over, cloud, what):
    dialog = open_left_over(cloud.add_volume())
    cloud.trouble["POST", "/action"] = what
    done = dialog.submit(consent="on")
    assert outcome(done) == "unknown"
    assert "alert-warning" in done.find("#left-over-outcome").get("class")
    assert cloud.asked("POST", "/action") == 1


@pytest.mark.parametrize("what", [500, fake_cinder.TIME_OUT], ids=str)
def test_success_that_could_not_be_read_back_is_not_told(open_left_over, cloud, what):
    dialog = open_left_over(cloud.add_volume())

    def fail_afterwards(request):
        if request.method == "POST":
            cloud.trouble["GET", "/volumes"] = what

    cloud.before_answer.append(fail_afterwards)
    assert outcome(dialog.submit(consent="on")) == "unknown"
    assert len(cloud.resets) == 1


def test_deletion_that_was_not_seen_done_is_called_accepted(open_left_over, cloud):
    cloud.applies = False
    done = open_left_over(temp_volume(cloud, uuid.uuid4())).submit(consent="on")
    assert outcome(done) == "accepted"
    assert "still there: it is Deleting" in done.text("#left-over-outcome")


@pytest.mark.parametrize("held", ["by a backup", "for a minute only", "by nobody, and free"])
def test_what_is_no_left_over_has_no_form(open_left_over, cloud, held):
    made = cloud.add_volume()
    if held == "by a backup":
        begin_backup(cloud, made)
    elif held == "for a minute only":
        made["updated_at"] = stamp(60)
    else:
        made["status"] = "available"
    dialog = open_left_over(made)
    assert "It is no left-over" in dialog.text("#left-over-outcome")
    assert dialog.text("#left-over-status") in ("Its status is Backing Up.", "Its status is Available.")
    assert dialog.find("input[type=submit]") is None


@pytest.mark.parametrize("where", ["gone", "no id"])
def test_what_is_not_there_is_told(open_left_over, cloud, where):
    dialog = open_left_over({"id": str(uuid.uuid4()) if where == "gone" else "nonsense"})
    assert "It is gone" in dialog.text("#left-over-outcome")


def test_unknown_holders_are_told_when_it_is_opened(open_left_over, cloud):
    made = cloud.add_volume()
    cloud.trouble["GET", "/backups"] = 500
    assert "could not be read" in open_left_over(made).text("#left-over-outcome")


@pytest.mark.parametrize("token", ["", "nonsense", "\ud800", "of another one"])
def test_form_that_is_not_ours_shows_what_is_known_now(open_left_over, cloud, token):
    made, other = cloud.add_volume(), cloud.add_volume()
    if token == "of another one":
        token = open_left_over(other).find("input[name=shown]").get("value")
    dialog = open_left_over(made).submit(shown=token.encode("utf-8", "replace").decode(), consent="on")
    assert "Nothing was sent" in dialog.text("#left-over-anew")
    assert cloud.resets == []


def test_form_of_another_region_sends_nothing(open_left_over, log_in, cloud):
    dialog = open_left_over(cloud.add_volume())
    dialog.client = log_in("admin", region="RegionTwo")
    assert "Nothing was sent" in dialog.submit(consent="on").text("#left-over-anew")
    assert cloud.resets == []


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ["member", "reader"])
def test_who_may_not_reset_backups_does_not_see_it(log_in, cloud, role, method):
    url = reverse("horizon:admin:backup_reset:left_over", args=("volumes", cloud.add_volume()["id"]))
    client = log_in(role)
    cloud.calls.clear()
    assert getattr(client, method)(url).status_code == 403
    assert cloud.asked("GET", "/volumes") == 0


RULES = {
    "volume_extension:volume_admin_actions:reset_status": (lambda cloud: cloud.add_volume(), "volumes"),
    "volume_extension:snapshot_admin_actions:reset_status": (lambda cloud: cloud.add_snapshot(), "snapshots"),
    "volume_extension:volume_admin_actions:force_delete": (lambda cloud: temp_volume(cloud, uuid.uuid4()), "volumes"),
    "volume_extension:snapshot_admin_actions:force_delete": (
        lambda cloud: temp_snapshot(cloud, str(uuid.uuid4())),
        "snapshots",
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_each_kind_has_its_own_rule_asked_on_both_views_and_for_the_button(
    open_left_over, admin, cloud, settings, rule
):
    make, table = RULES[rule]
    made = make(cloud)
    dialog = open_left_over(made, table)
    listed = reverse("horizon:admin:backup_reset:left_overs")
    assert f"{made['id']}/" in admin.get(listed).content.decode()
    settings.POLICY_CHECK_FUNCTION = lambda rules, request, target=None: rule not in {name for _service, name in rules}
    assert open_left_over(made, table).status_code == 403
    assert dialog.submit(consent="on").status_code == 403
    assert cloud.resets == []
    assert f"/{made['id']}/" not in admin.get(listed).content.decode()


@pytest.fixture
def audited(caplog):
    """Function: the lines of the audit log, decoded."""
    caplog.set_level(logging.INFO, "backup_reset_panel.audit")
    return lambda: [json.loads(each.getMessage()) for each in caplog.records if each.name == "backup_reset_panel.audit"]


def test_audit_line_says_who_did_what_to_which(open_left_over, cloud, audited):
    made = cloud.add_volume()
    open_left_over(made).submit(consent="on")
    [line] = audited()
    assert (line["user_name"], line["mode"], line["choice"], line["backup_id"]) == (
        "someone",
        "left_over",
        "repair",
        None,
    )
    [done] = line["repairs"]
    assert (done["kind"], done["id"], done["from"], done["to"], done["outcome"]) == (
        "volume",
        made["id"],
        "backing-up",
        "available",
        "done",
    )
    assert done["request_id"]
    assert line["request_ids"] == []
    assert (line["volume_id"], line["from_status"]) == (made["id"], "backing-up")
    assert line["refused"] is None


def test_audit_line_says_that_nothing_was_sent(open_left_over, cloud, audited):
    made = cloud.add_volume()
    dialog = open_left_over(made)
    begin_backup(cloud, made)
    dialog.submit(consent="on")
    [line] = audited()
    assert (line["refused"], line["outcome"], line["request_ids"]) == ("changed", None, [])


def test_ten_administrators_at_once_send_one_reset(open_left_over, cloud):
    made = cloud.add_volume()
    dialogs = [open_left_over(made) for _number in range(10)]
    endings = [outcome(dialog.submit(consent="on")) for dialog in dialogs]
    assert endings == ["done", *["changed"] * 9]
    assert len(cloud.resets) == 1


def test_submit_while_somebody_else_is_at_it_sends_nothing(open_left_over, cloud):
    made = cloud.add_volume()
    first, second = open_left_over(made), open_left_over(made)
    endings = []

    def submit_the_second(request):
        if request.method == "GET" and "/backups" in request.url and not endings:
            endings.append("")
            endings[0] = outcome(second.submit(consent="on"))

    cloud.before_answer.append(submit_the_second)
    assert outcome(first.submit(consent="on")) == "done"
    assert endings == ["busy"]
    assert len(cloud.resets) == 1


def test_name_of_any_kind_harms_nothing(open_left_over, cloud):
    made = cloud.add_volume(name="<script>{x}</script>")
    dialog = open_left_over(made)
    assert "<script>{x}</script>" in dialog.text("#left-over-name")
    assert "{x}" in dialog.submit(consent="on").text("#left-over-outcome")
