# SPDX-License-Identifier: Apache-2.0
"""Something is struck right at the submit: what was sent is followed, never repeated, and its end told truthfully."""

import pytest

from tests.faults import outages
from tests.faults.evidence import Tail
from tests.faults.evidence import resets_sent
from tests.faults.outages import Outage
from tests.faults.outages import backup_services
from tests.pages.browser import until

UNKNOWN = "It is not known whether Cinder took the request to set Available."


@pytest.fixture
def dialog(page, backup_id):
    """Its dialog, with what is recommended chosen."""
    dialog = page.open_informed(backup_id)
    assert dialog.recommended == "available"
    return dialog


def assert_becomes_applied(result, one, backup_id, lab):
    """Make sure that a result dialog tells success by itself, and not before it is true."""
    until(lambda: result.ending == "applied", "the open dialog to tell by itself what came of the reset")
    assert one.again(lab).status(backup_id) == "available"


def test_reset_that_the_api_froze_on_is_told_as_unknown_followed_and_not_repeated(
    lab, page, one, backup_id, dialog, cinder_log
):
    frozen = Outage(lab, "freeze", "cinder-api")

    def submit() -> None:
        # The request has come in when it hangs in the write to the backup's row: that is when the API freezes.
        with outages.held_row(lab, "backups", backup_id):
            dialog.button.click()
            outages.await_writer(lab)
            frozen.begin()
        result = dialog.replaced()
        assert result.ending == "unknown"
        assert UNKNOWN in result.told
        assert one.again(lab).status(backup_id) == "creating"
        frozen.end()
        assert_becomes_applied(result, one, backup_id, lab)

    try:
        requests = cinder_log.during(submit)
    finally:
        frozen.end()
    assert resets_sent(requests) == {backup_id: 1}


def test_reset_that_a_frozen_cinder_backup_was_given_is_called_done_only_when_it_is(
    lab, page, one, backup_id, dialog, cinder_log
):
    services = backup_services(lab)
    lab.hosts.await_fresh(lab.hosts.running())

    def submit() -> None:
        with Outage(lab, "freeze", *services):
            result = dialog.submit()
            assert result.ending == "accepted"
            assert "not applied yet: the backup is still Creating" in result.told
            assert one.again(lab).status(backup_id) == "creating"
        assert_becomes_applied(result, one, backup_id, lab)

    assert resets_sent(cinder_log.during(submit)) == {backup_id: 1}


def test_reset_that_waits_for_a_frozen_broker_is_told_as_unknown_and_followed(
    lab, page, one, backup_id, dialog, cinder_log
):
    def submit() -> None:
        with Outage(lab, "freeze", "rabbitmq"):
            result = dialog.submit()
            assert result.ending == "unknown"
            assert UNKNOWN in result.told
            assert one.again(lab).status(backup_id) == "creating"
        assert_becomes_applied(result, one, backup_id, lab)

    assert resets_sent(cinder_log.during(submit)) == {backup_id: 1}


def test_page_and_dialog_do_without_a_broker_and_a_reset_works_again_when_it_is_back(lab, page, one, backup_id):
    with Outage(lab, "kill", "rabbitmq"):
        page.open_whole(backup_id)
        dialog = page.open_informed(backup_id)
        assert dialog.recommended == "available"
        dialog.close()
    for name in backup_services(lab):
        outages.await_consumer(lab, name)

    result = page.open_informed(backup_id).submit()

    assert_becomes_applied(result, one, backup_id, lab)


def test_reset_that_was_sent_without_a_broker_is_told_as_what_the_database_holds(
    lab, page, one, backup_id, dialog, cinder_log
):
    sent = Tail(cinder_log.path)
    with Outage(lab, "kill", "rabbitmq"):
        result = dialog.submit()
        assert result.ending == "unknown"
        assert UNKNOWN in result.told
    # The API sends it as soon as there is a broker again; whether somebody listens by then is a matter of luck.
    until(lambda: f"/backups/{backup_id}/action" in sent.text(), "the API to be done with the reset")
    for name in backup_services(lab):
        outages.await_consumer(lab, name)

    until(
        lambda: (result.ending == "applied") == (one.again(lab).status(backup_id) == "available"),
        "the open dialog to tell what the database holds",
    )
