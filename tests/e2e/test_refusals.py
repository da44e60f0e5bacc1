# SPDX-License-Identifier: Apache-2.0
"""Who gets nothing to see, and what is told when Cinder cannot or does not do what was asked."""

import uuid

import pytest

from tests.e2e.cloud import Statuses
from tests.pages import browser
from tests.pages.dialog import Dialog

#: All that leads to a reset of a backup: the plugin's addresses, and the stock dialog's, which leads to them.
PATHS = (
    "admin/backup_reset/{}/update/",
    "admin/backup_reset/{}/outcome/",
    "admin/backups/{}/update_status",
)
DECISION = {"choice": "available", "ticks": "never_deleted"}
WATCHER = "*/backup_reset_panel/dialog/outcome.js*"


class Outage:
    """The death of every cinder-backup that is up."""

    def __init__(self, lab):
        self.lab = lab
        self.hosts = []

    def begin(self):
        """Kill them; for a while Cinder still believes them up."""
        self.hosts = self.lab.hosts.up()
        self.lab.hosts.deafen(self.hosts)

    def await_seen(self):
        """Wait until Cinder misses them."""
        for host in self.hosts:
            self.lab.hosts.wait_down(host)

    def end(self):
        """Start them again under their own names; once."""
        hosts, self.hosts = self.hosts, []
        self.lab.hosts.restart(hosts)


@pytest.fixture
def error(cloud):
    """A complete backup that a restart of its service set to error."""
    return cloud.take("error-after-restart")


@pytest.fixture(scope="module")
def untouchable(cloud):
    """Such a backup, for those who must not be able to change it."""
    return cloud.take("error-after-restart")


@pytest.fixture
def outage(lab):
    """An Outage that has not begun; the services are up again after the test."""
    happened = Outage(lab)
    yield happened
    happened.end()


def decided(dashboard, record):
    """The dialog of a backup that is available by what it takes: chosen, ticked, not yet submitted."""
    dialog = dashboard.open_dialog(record)
    dialog.choose("available")
    dialog.tick("never_deleted")
    return dialog


@pytest.mark.parametrize("user", ["member", "reader"])
def test_users_who_are_no_administrators_see_nothing_of_it(browsers, untouchable, user):
    dashboard = browsers(user)

    dashboard.open("project/backups/")
    row = dashboard.driver.find_element("css selector", f"tr[data-object-id='{untouchable['backup_id']}']")

    assert "update_status" not in row.get_attribute("innerHTML")
    assert "/backup_reset/" not in dashboard.driver.page_source


@pytest.mark.parametrize("is_modal", [False, True], ids=["page", "modal"])
@pytest.mark.parametrize("user", ["member", "reader"])
def test_users_who_are_no_administrators_are_refused_by_hand(browsers, lab, untouchable, user, is_modal):
    dashboard = browsers(user)
    dashboard.open("project/backups/")
    before = lab.backup_row(untouchable["backup_id"])

    answers = {
        (path, data is DECISION): dashboard.fetch(path.format(untouchable["backup_id"]), data, is_modal=is_modal)
        for path in PATHS
        for data in (None, DECISION)
    }

    assert {asked: status for asked, (status, _) in answers.items()} == dict.fromkeys(answers, 403)
    assert all(untouchable["name"] not in text and untouchable["volume_id"] not in text for _, text in answers.values())
    assert lab.backup_row(untouchable["backup_id"]) == before


def test_no_usable_service_is_told_as_that_and_nothing_is_changed(browsers, lab, cloud, error, outage):
    before = lab.backup_row(error["backup_id"])
    outage.begin()
    outage.await_seen()

    result = decided(browsers(), error).submit()

    assert result.ending == "refused"
    assert "No cinder-backup can take this request. Nothing was changed." in result.told
    assert "The backup is still there." in result.told
    assert result.has("#backup-reset-fault-request-id")
    assert lab.backup_row(error["backup_id"]) == before


def test_deleted_backup_is_told_apart_from_a_missing_service(browsers, cloud, error):
    dialog = decided(browsers(), error)
    cloud.delete(error["backup_id"])

    result = dialog.submit()

    assert result.ending == "no_such_backup"
    assert "Cinder has no such backup." in result.told
    assert "service" not in result.told


@pytest.mark.parametrize("backup_id", [str(uuid.uuid4()), "no-such-backup", "%3Cb%3Ename"])
def test_unknown_id_is_told_on_a_page_with_a_way_back(browsers, backup_id):
    dashboard = browsers()

    dashboard.open(f"admin/backup_reset/{backup_id}/update/")

    told = browser.until(lambda: dashboard.driver.find_element("id", "backup-reset-outcome"), "the page to tell it")
    assert told.get_attribute("data-ending") == "no_such_backup"
    assert "Cinder has no such backup." in told.text
    dashboard.driver.find_element("link text", "Close").click()
    browser.until(lambda: dashboard.driver.current_url == f"{dashboard.url}admin/backups/", "the list of backups")


def test_reset_that_a_dead_service_was_given_is_called_done_only_when_it_is(browsers, cloud, lab, outage):
    watching, asking = browsers(), browsers(name="another administrator")
    records = cloud.take("error-after-restart"), cloud.take("error-after-restart")
    asking.driver.execute_cdp_cmd("Network.enable", {})
    asking.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": [WATCHER]})
    dialogs = [decided(who, record) for who, record in zip((watching, asking), records, strict=True)]

    outage.begin()
    watched, asked = [dialog.submit() for dialog in dialogs]

    for result, record in zip((watched, asked), records, strict=True):
        assert_is_open(result)
        assert cloud.in_database(record).backup == "error"
    asked = asked.submit()
    assert_is_open(asked)
    assert_same_can_be_sent_again(watching, records[1])

    outage.end()
    for record in records:
        assert cloud.settled(record, "available").backup == "available"
    assert asked.submit().ending == "applied"
    browser.until(lambda: watched.ending == "applied", "the open dialog to show by itself what came of it")
    asking.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})


def test_reset_that_cinder_backup_throws_away_is_told_as_waiting_with_what_may_keep_it(browsers, cloud):
    record = cloud.take("other-driver")
    dialog = browsers().open_dialog(record)
    dialog.choose("error")

    result = dialog.submit()

    assert result.ending == "accepted"
    browser.until(lambda: "another driver than the one that wrote" in result.told, "the dialog to tell what may be")
    assert result.ending == "accepted"
    assert "not applied yet: the backup is still Creating" in result.told
    assert "The same reset can be sent again" in result.told
    assert cloud.in_database(record) == Statuses("creating", "backing-up")
    assert cloud.resets(record["backup_id"]) == ["error"]


def test_opposite_of_a_reset_that_waits_takes_a_word_of_its_own_and_the_same_does_not(browsers, cloud):
    record = cloud.take("other-driver")
    first = browsers().open_dialog(record)
    assert "earlier_reset" not in first.boxes("ticks")
    first.choose("error")
    assert first.submit().ending == "accepted"

    opposite = browsers(name="another administrator").open_dialog(record)
    assert not opposite.boxes("ticks")["earlier_reset"]
    opposite.choose("available")
    # Cinder gave the first one to a host that is up, which might be at work on it by all that the record tells.
    opposite.tick("process_dead")
    opposite.tick("override")
    refused = opposite.submit()
    assert "although an earlier reset to Error" in refused.text(".has-error .help-block")
    assert cloud.resets(record["backup_id"]) == ["error"]

    refused.choose("error")
    assert refused.submit().ending == "accepted"
    assert cloud.resets(record["backup_id"]) == ["error", "error"]


def assert_same_can_be_sent_again(dashboard, record):
    """Make sure that an administrator who did not send a reset that waits can send the same, and is asked nothing."""
    _, text = dashboard.fetch(PATHS[0].format(record["backup_id"]), None, is_modal=True)
    assert 'name="choice" value="available"' in text
    assert "earlier_reset" not in text


def assert_is_open(result: Dialog) -> None:
    """Make sure that a result dialog claims no success."""
    assert result.ending == "accepted"
    assert "not applied yet: the backup is still Error" in result.told
    assert not result.has(".alert-success")
