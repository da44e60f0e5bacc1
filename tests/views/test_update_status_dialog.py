# SPDX-License-Identifier: Apache-2.0
"""The dialog of the row action as it opens: what it shows, recommends and offers."""

import pytest

from tests import fake_cinder
from tests.fake_cinder import DOWN
from tests.fake_cinder import stamp

DEAD = "process_dead"


def test_dialog_names_backup_volume_and_project(open_dialog, cloud):
    dialog = open_dialog(cloud.add_backup())
    assert dialog.text(".backup-reset-who") == "nightly-07 · volume db-data · project shop"


def test_dialog_says_for_how_long_nothing_has_changed(open_dialog, cloud):
    dialog = open_dialog(cloud.add_backup(updated_at=stamp(3 * 3600 + 12 * 60 + 5)))
    assert dialog.text("#backup-reset-state") == "Creating, no change for 3 h 12 min · full backup"


def test_dialog_recommends_available_when_all_data_was_written(open_dialog, cloud):
    dialog = open_dialog(cloud.add_backup(object_count=128, container="ab/cd/x"))
    assert dialog.verdict == "complete"
    assert dialog.chosen == "available"
    assert dialog.choices == {"available": "Available (recommended)", "error": "Error"}


def test_dialog_recommends_error_when_no_data_was_written(open_dialog, cloud):
    dialog = open_dialog(cloud.add_backup())
    assert dialog.verdict == "no_proof"
    assert dialog.chosen == "error"


def test_dialog_recommends_available_for_a_restoring_backup_whose_record_is_whole(open_dialog, cloud):
    dialog = open_dialog(cloud.add_backup(status="restoring", object_count=128))
    assert dialog.verdict == "was_available"
    assert dialog.chosen == "available"


def test_dialog_of_an_available_backup_offers_only_error(open_dialog, cloud):
    backup = cloud.add_backup(status="available", volume_id=cloud.add_volume(status="available")["id"])
    assert list(open_dialog(backup).choices) == ["error"]


def test_dialog_of_a_failed_backup_does_not_offer_error_again(open_dialog, cloud):
    backup = cloud.add_backup(status="error", volume_id=cloud.add_volume(status="available")["id"])
    assert list(open_dialog(backup).choices) == ["available"]


@pytest.mark.parametrize("ajax", [True, False], ids=["modal", "page"])
def test_check_again_shows_the_dialog_as_it_opens_and_sends_nothing(open_dialog, cloud, ajax):
    alive, cloud.services = cloud.services, [cloud.service(**DOWN)]
    blocked = open_dialog(cloud.add_backup(object_count=128), ajax=ajax)
    assert blocked.choices == {}
    cloud.services = alive
    again = blocked.submit(ajax=ajax)
    assert again.chosen == "available"
    assert again.find(".has-error") is None
    assert cloud.resets == []


def described(dialog, selector):
    """For each box: whether it is marked as refused, and what it names as the reason."""
    return {
        box.get("value"): (box.get("aria-invalid"), dialog.text(f"#{box.get('aria-describedby')}"))
        for box in dialog.tree.cssselect(selector)
        if box.get("aria-invalid")
    }


def test_tick_that_is_lacking_is_marked_and_names_the_reason(open_dialog, cloud):
    refused = open_dialog(cloud.add_backup()).submit(choice="available", ticks=DEAD)
    assert "To do this, tick: “Allow Available without proof" in described(refused, "input[name=ticks]")["override"][1]
    assert [*described(refused, "input")] == ["override"]
    assert refused.find("#backup-reset-ticks-errors").get("role") == "alert"


def test_choice_that_is_lacking_is_marked_and_names_the_reason(open_dialog, cloud):
    refused = open_dialog(cloud.add_backup()).submit(choice=[])
    assert described(refused, "input[name=choice]") == dict.fromkeys(
        ("available", "error"), ("true", "Choose a new status.")
    )


def test_dialog_that_was_not_refused_marks_nothing(open_dialog, cloud):
    dialog = open_dialog(cloud.add_backup())
    assert dialog.tree.cssselect("[aria-invalid], [role=alert]") == []


def test_boxes_of_a_refused_form_keep_what_was_ticked(open_dialog, cloud):
    backup = cloud.add_backup()
    cloud.hide(backup["volume_id"], previous_status="in-use")
    key = f"volume:{backup['volume_id']}"
    refused = open_dialog(backup).submit(choice="available", ticks=DEAD, repairs=key)
    assert refused.chosen == "available"
    assert refused.boxes("ticks") == {"override": False, DEAD: True}
    assert refused.boxes("repairs") == {f"volume:{backup['volume_id']}": True}


def test_commands_can_be_scrolled_by_keyboard_and_have_a_name(open_dialog, cloud):
    blocks = open_dialog(cloud.add_backup()).tree.cssselect("#backup-reset-commands pre")
    assert {block.get("tabindex") for block in blocks} == {"0"}
    assert [block.get("aria-label") for block in blocks] == [
        f"Commands: {label} ({tool})" for label in ("Available", "Error") for tool in ("openstack", "cinder")
    ]


def test_dialog_names_where_to_look_the_host_last_asked_first(open_dialog, cloud):
    assert "I looked on node-1, node-2." in open_dialog(cloud.add_backup()).tick(DEAD)


def test_dialog_frees_an_attached_volume_to_in_use(open_dialog, cloud):
    volume = cloud.add_volume(attachments=[{"id": "one"}])
    cloud.hide(volume["id"], previous_status="in-use")
    dialog = open_dialog(cloud.add_backup(object_count=128, volume_id=volume["id"]))
    assert "volume db-data is freed: Backing Up → In-use." in dialog.tick(DEAD)


def test_volume_whose_attachments_and_history_differ_takes_a_tick_of_its_own(open_dialog, cloud):
    backup = cloud.add_backup(object_count=128)
    cloud.hide(backup["volume_id"], previous_status="in-use")
    dialog = open_dialog(backup)
    assert dialog.boxes("repairs") == {f"volume:{backup['volume_id']}": False}
    assert "Cinder noted In-use as its status before the backup" in dialog.text()
    assert "freed" not in dialog.tick(DEAD)


def test_dialog_removes_a_backup_that_was_never_started(open_dialog, cloud):
    backup = cloud.add_backup()
    cloud.hide(backup["id"], service=None, host=None)
    dialog = open_dialog(backup)
    assert dialog.verdict == "not_taken_up"
    assert dialog.choices == {
        "repair": "Only free the volume, without a reset",
        "remove": "Free the volume and remove this backup (recommended)",
    }
    assert "Nothing will take this request up any more" in dialog.tick(DEAD)


def test_dialog_only_frees_the_volume_where_nobody_could_remove_the_backup(open_dialog, cloud):
    cloud.services = [cloud.service(**DOWN)]
    backup = cloud.add_backup()
    cloud.hide(backup["id"], service=None, host=None)
    assert open_dialog(backup).choices == {"repair": "Only free the volume, without a reset (recommended)"}


def test_dialog_of_a_snapshot_based_backup_frees_the_snapshot_only(open_dialog, cloud):
    snapshot = cloud.add_snapshot()
    dialog = open_dialog(cloud.add_backup(object_count=128, snapshot_id=snapshot["id"]))
    assert "Then snapshot before-upgrade is freed: Backing Up → Available." in dialog.tick(DEAD)
    assert "volume db-data is freed" not in dialog.tick(DEAD)


def test_dialog_names_the_volume_that_a_backup_is_restored_into(open_dialog, cloud):
    target = cloud.add_volume(name="mail-restored", status="restoring-backup")
    backup = cloud.add_backup(status="restoring", object_count=128)
    cloud.hide(backup["id"], restore_volume_id=target["id"])
    dialog = open_dialog(backup)
    assert "into volume mail-restored" in dialog.text("#backup-reset-state")
    assert "volume mail-restored is freed: Restoring Backup → Error Restoring" in dialog.tick(DEAD)


def test_dialog_says_that_a_target_is_not_known_where_the_list_of_volumes_comes_back_short(
    open_dialog, cloud, monkeypatch
):
    target = cloud.add_volume(name="mail-restored", status="restoring-backup")
    for _number in range(3):
        cloud.add_volume(status="restoring-backup", updated_at=stamp(60))
    backup = cloud.add_backup(status="restoring", object_count=128)
    cloud.hide(backup["id"], restore_volume_id=target["id"])
    listed = cloud._listed

    def short(context, kind, found, query, counted):
        return listed(context, kind, found, query | {"limit": [min(2, int(query.get("limit", [2])[0]))]}, counted)

    monkeypatch.setattr(cloud, "_listed", short)
    dialog = open_dialog(backup)
    assert "Could not determine: the volume that it is restored into." in dialog.text()
    assert "nothing to free" not in dialog.text()


@pytest.fixture(params=["its source", "a new one"])
def restored_in_a_crowd(cloud, monkeypatch, request):
    """A backup that is being restored into its source or into a new volume, and that volume: one of more than a list
    shows.
    """
    target = cloud.add_volume(status="restoring-backup")
    source = target if request.param == "its source" else cloud.add_volume(status="in-use")
    backup = cloud.add_backup(status="restoring", object_count=128, volume_id=source["id"])
    if source is not target:
        cloud.volumes[target["id"]]["name"] = f"restore_backup_{backup['id']}"
    cloud.hide(backup["id"], restore_volume_id=target["id"])
    monkeypatch.setattr("backup_reset_panel.cinder.evidence.targets.MOST_TARGETS", 3)
    for _number in range(4):
        other = cloud.add_volume(status="restoring-backup", updated_at=stamp(60))
        cloud.hide(cloud.add_backup(status="restoring")["id"], restore_volume_id=other["id"])
    return backup, target


def test_dialog_finds_a_target_where_most_restores_go_also_among_more_volumes_than_a_list_shows(
    open_dialog, cloud, restored_in_a_crowd
):
    backup, target = restored_in_a_crowd
    dialog = open_dialog(backup)
    assert f"volume {cloud.volumes[target['id']]['name']} is freed: Restoring Backup → Error" in dialog.tick(DEAD)
    # Not the two lists of all that are restored into: that of one id, and that of one name.
    assert cloud.asked("GET", "/volumes/detail$") == 2


def test_dialog_frees_no_volume_that_a_restore_wrote_into_and_let_go(open_dialog, cloud, restored_in_a_crowd):
    backup, target = restored_in_a_crowd
    cloud.volumes[target["id"]]["status"] = "available"
    assert "is freed" not in open_dialog(backup).tick(DEAD)


def test_dialog_is_not_misled_by_a_volume_that_has_the_name_of_a_restored_one(open_dialog, cloud):
    backup = cloud.add_backup(status="restoring", object_count=128)
    cloud.add_volume(name=f"restore_backup_{backup['id']}", status="restoring-backup")
    target = cloud.add_volume(name="mail-restored", status="restoring-backup")
    cloud.hide(backup["id"], restore_volume_id=target["id"])
    assert "volume mail-restored is freed" in open_dialog(backup).tick(DEAD)


def test_dialog_does_not_free_a_volume_that_another_restore_writes_into(open_dialog, cloud):
    target = cloud.add_volume(status="restoring-backup")
    backup = cloud.add_backup(status="restoring", object_count=128)
    other = cloud.add_backup(status="restoring", name="other", object_count=128)
    for restoring in (backup, other):
        cloud.hide(restoring["id"], restore_volume_id=target["id"])
    assert "is freed" not in open_dialog(backup).tick(DEAD)


def test_dialog_frees_a_volume_though_another_backup_of_the_same_source_is_restored_elsewhere(open_dialog, cloud):
    target = cloud.add_volume(status="restoring-backup")
    backup = cloud.add_backup(status="restoring", object_count=128)
    other = cloud.add_backup(status="restoring", object_count=128, volume_id=backup["volume_id"])
    cloud.hide(backup["id"], restore_volume_id=target["id"])
    cloud.hide(other["id"], restore_volume_id=cloud.add_volume(status="restoring-backup")["id"])
    assert "is freed" in open_dialog(backup).tick(DEAD)


def test_dialog_believes_no_restore_target_of_a_cloud_that_ignores_such_filters(open_dialog, cloud):
    cloud.ignores_hidden_filters = True
    volume = cloud.add_volume(status="restoring-backup")
    backup = cloud.add_backup(status="restoring", object_count=128, volume_id=volume["id"])
    assert "is freed" not in open_dialog(backup).tick(DEAD)


def test_dialog_asks_for_an_override_before_available_without_proof(open_dialog, cloud):
    assert "override" in open_dialog(cloud.add_backup()).boxes("ticks")


def test_dialog_asks_for_no_override_when_the_site_does_not_allow_it(open_dialog, cloud, settings):
    settings.BACKUP_RESET_PANEL = {"OVERRIDE_ALLOWED": False}
    dialog = open_dialog(cloud.add_backup())
    assert list(dialog.choices) == ["error"]
    assert "override" not in dialog.boxes("ticks")


def test_dialog_names_the_host_to_start_and_offers_nothing_when_no_service_is_up(open_dialog, cloud):
    cloud.services = [cloud.service(**DOWN)]
    dialog = open_dialog(cloud.add_backup())
    assert dialog.choices == {}
    assert [button.get("value") for button in dialog.tree.cssselect("input[type=submit]")] == ["Check again"]
    assert "Start it on node-1" in dialog.text("#backup-reset-nothing")


def test_no_warning_is_lost_where_that_of_the_services_stands_in_the_open(open_dialog, cloud):
    cloud.services = [cloud.service(**(DOWN | {"updated_at": stamp(60)}))]
    dialog = open_dialog(cloud.add_backup(object_count=128, container="ab/cd/x"))
    assert "has not been heard of for a moment" in dialog.text("#backup-reset-warning")
    assert "Do this before you start it" in dialog.text("#backup-reset-facts")


def test_volume_that_may_not_be_shown_is_not_called_gone(open_dialog, cloud):
    backup = cloud.add_backup()
    cloud.trouble["GET", "/volumes/detail"] = 403
    cloud.trouble["GET", f"/volumes/{backup['volume_id']}"] = 404
    dialog = open_dialog(backup)
    assert "could not be read, so it is not freed" in dialog.tree.text_content()


def test_dialog_warns_but_lets_send_when_the_services_cannot_be_read(open_dialog, cloud):
    cloud.trouble["GET", "/os-services"] = 403
    dialog = open_dialog(cloud.add_backup())
    assert "error" in dialog.choices
    assert "could not be read" in dialog.text("#backup-reset-warning")


def test_dialog_tells_to_rescue_a_complete_backup_before_its_service_is_started(open_dialog, cloud):
    dialog = open_dialog(cloud.add_backup(object_count=128))
    assert dialog.chosen == "available"
    assert "Do this before you start it" in dialog.text("#backup-reset-warning")


def test_job_whose_host_is_up_is_called_probably_running_and_nothing_is_recommended(open_dialog, cloud):
    cloud.services = [cloud.service()]
    dialog = open_dialog(cloud.add_backup(updated_at=stamp(8)))
    assert dialog.text("#backup-reset-verdict") == "Probably still running: cinder-backup on node-1 is up. Wait."
    assert dialog.find("#backup-reset-verdict.alert-info") is not None
    assert dialog.chosen is None
    assert DEAD in dialog.boxes("ticks")


@pytest.mark.parametrize(
    ("values", "chosen"),
    [
        ({"object_count": 128, "updated_at": stamp(700)}, "available"),
        ({"object_count": 128, "updated_at": stamp(60)}, None),
        ({"updated_at": stamp(3600)}, None),
        ({"updated_at": stamp(25 * 3600)}, "error"),
        ({"status": "restoring", "object_count": 9, "updated_at": stamp(3600)}, None),
    ],
    ids=["complete for long", "complete just now", "copying", "copying for a day", "restoring"],
)
def test_job_whose_host_is_up_is_called_stuck_when_it_takes_too_long(open_dialog, cloud, values, chosen):
    cloud.services = [cloud.service()]
    assert open_dialog(cloud.add_backup(**values)).chosen == chosen


def test_young_backup_that_nobody_took_up_yet_waits_for_its_turn(open_dialog, cloud):
    backup = cloud.add_backup(updated_at=stamp(60), created_at=stamp(60))
    cloud.hide(backup["id"], service=None, host=None)
    dialog = open_dialog(backup)
    assert "Probably waiting for its turn" in dialog.text("#backup-reset-verdict")
    assert dialog.chosen is None


@pytest.mark.parametrize("services", ["removed", "late", "refused"])
def test_job_of_a_host_that_is_not_known_to_be_up_takes_the_word_that_it_is_dead(open_dialog, cloud, services):
    if services == "removed":
        cloud.services = [cloud.service(host="node-2")]
    else:
        cloud.trouble["GET", "/os-services"] = fake_cinder.TIME_OUT if services == "late" else 403
    backup = cloud.add_backup(status="restoring", object_count=128)
    dialog = open_dialog(backup)
    assert DEAD in dialog.boxes("ticks")
    refused = dialog.submit(choice="available")
    assert "To do this, tick" in refused.text(".help-block")
    assert cloud.resets == []


def test_nothing_is_recommended_while_the_services_do_not_answer_in_time(open_dialog, cloud):
    cloud.trouble["GET", "/os-services"] = fake_cinder.TIME_OUT
    dialog = open_dialog(cloud.add_backup(object_count=128))
    assert dialog.chosen is None
    assert dialog.find("#backup-reset-verdict.alert-success") is None


def test_host_that_is_no_longer_listed_is_named_so(open_dialog, cloud):
    cloud.services = [cloud.service(host="node-2")]
    dialog = open_dialog(cloud.add_backup())
    assert dialog.chosen == "error"
    assert "a host that Cinder no longer lists" in dialog.text("#backup-reset-facts")
    assert "I looked on every host that it may have run on" in dialog.tick(DEAD)


def test_dead_host_is_found_behind_dozens_of_stale_rows(open_dialog, cloud):
    stale = {"state": "down", "updated_at": stamp(30 * 86400)}
    cloud.services = [cloud.service(host=f"old-{n}", **stale) for n in range(40)]
    cloud.services += [cloud.service(host="node-9", **DOWN), cloud.service(host="node-2")]
    backup = cloud.add_backup(updated_at=stamp(4100))
    cloud.hide(backup["id"], host="node-9")
    dialog = open_dialog(backup)
    assert dialog.chosen == "error"
    assert "I looked on node-9, node-2." in dialog.tick(DEAD)


def test_all_disabled_services_are_named_with_reason_and_the_command_that_enables(open_dialog, cloud):
    cloud.services = [cloud.service(status="disabled", disabled_reason="upgrade")]
    text = open_dialog(cloud.add_backup(updated_at=stamp(25 * 3600))).text("#backup-reset-nothing")
    assert "disabled: node-1 (upgrade)" in text
    assert "openstack volume service set --enable node-1 cinder-backup" in text
    assert "Starting it" not in text


def test_zone_that_no_service_is_in_any_more_is_told_with_those_that_there_are(open_dialog, cloud):
    cloud.services = [cloud.service(zone="new")]
    text = open_dialog(cloud.add_backup(updated_at=stamp(25 * 3600))).text("#backup-reset-nothing")
    assert "No cinder-backup is in zone nova" in text
    assert "belong to: new" in text
    assert "Starting it" not in text


def test_host_to_start_may_also_run_without_reaching_its_store(open_dialog, cloud):
    cloud.services = [cloud.service(**DOWN)]
    assert "it may not reach its backup store" in open_dialog(cloud.add_backup()).text("#backup-reset-nothing")


def test_volume_that_cannot_be_read_is_not_called_free(open_dialog, cloud):
    cloud.trouble["GET", "/volumes"] = 500
    dialog = open_dialog(cloud.add_backup(status="error", fail_reason="boom"))
    assert "holds no volume" not in dialog.text()
    assert "it is not known whether it is locked" in dialog.text("#backup-reset-facts")


def test_error_row_says_that_it_is_best_left_as_it_is(open_dialog, cloud):
    backup = cloud.add_backup(status="error", volume_id=cloud.add_volume(status="available")["id"])
    assert open_dialog(backup).text("#backup-reset-advice") == "Recommended: leave it as it is."


def test_commands_are_one_block_a_client(open_dialog, cloud):
    dialog = open_dialog(cloud.add_backup(object_count=128))
    blocks = [block.text_content() for block in dialog.tree.cssselect("#backup-reset-commands pre")]
    assert all(len({line.split()[0] for line in block.split("\n") if line}) == 1 for block in blocks)
    assert "wait until each has been applied" in dialog.text("#backup-reset-commands")


def test_dialog_walks_up_the_chain_of_an_incremental_backup(open_dialog, cloud):
    volume_id = cloud.add_volume()["id"]
    full = cloud.add_backup(name="full", status="available", object_count=5, volume_id=volume_id, created_at=stamp(9e4))
    child = cloud.add_backup(is_incremental=True, object_count=3, volume_id=volume_id)
    cloud.hide(child["id"], parent_id=full["id"])
    assert open_dialog(child).verdict == "complete"


def test_dialog_says_that_the_chain_is_broken_when_the_parent_is_gone(open_dialog, cloud):
    child = cloud.add_backup(is_incremental=True, object_count=3)
    cloud.hide(child["id"], parent_id="11111111-1111-4111-8111-111111111111")
    dialog = open_dialog(child)
    assert dialog.verdict == "chain_not_proved"
    assert dialog.chosen == "error"


def test_dialog_knows_less_where_hidden_columns_may_not_be_asked(open_dialog, cloud):
    cloud.trouble["GET", r"/backups$"] = 403
    dialog = open_dialog(cloud.add_backup(object_count=128))
    assert dialog.verdict == "driver_unknown"
    assert "Could not determine: which driver wrote it" in dialog.text("#backup-reset-facts")


@pytest.mark.parametrize("what", [500, fake_cinder.TIME_OUT, fake_cinder.GARBAGE], ids=["500", "time-out", "garbage"])
def test_what_was_not_answered_this_time_is_no_verdict_and_nothing_is_recommended(open_dialog, cloud, what):
    cloud.trouble["GET", r"/backups$"] = what
    dialog = open_dialog(cloud.add_backup(object_count=128))
    assert dialog.verdict == "not_answered"
    assert dialog.chosen is None
    assert set(dialog.choices) == {"available", "error"}
    assert "Check again" in dialog.text("#backup-reset-warning")


def test_dialog_believes_no_hidden_column_of_a_cloud_that_ignores_such_filters(open_dialog, cloud):
    cloud.ignores_hidden_filters = True
    assert open_dialog(cloud.add_backup(object_count=128)).verdict == "driver_unknown"


@pytest.mark.parametrize("path", ["/volumes/", "/os-services", "/projects/", "/messages"])
def test_dialog_opens_when_one_source_fails(open_dialog, cloud, path):
    cloud.trouble["GET", path] = 500
    dialog = open_dialog(cloud.add_backup(status="error", object_count=128))
    assert dialog.status_code == 200
    assert dialog.choices


def test_dialog_shows_the_commands_that_do_the_same_with_the_region(open_dialog, cloud):
    backup = cloud.add_backup(object_count=128)
    text = open_dialog(backup).text("#backup-reset-commands")
    assert f"openstack --os-region-name RegionOne volume backup set --state available {backup['id']}" in text
    assert f"cinder --os-region-name RegionOne backup-reset-state --state available {backup['id']}" in text
    assert f"volume set --state available {backup['volume_id']}" in text


def test_dialog_as_a_page_of_its_own_works_too(open_dialog, cloud):
    dialog = open_dialog(cloud.add_backup(object_count=128), ajax=False)
    assert dialog.find("#sidebar, .topbar") is not None
    assert dialog.verdict == "complete"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("\u202eevil", "\u202eevil"),
        ("備" * 255, "備" * 255),
    ],
    ids=["markup", "right-to-left", "wide"],
)
def test_dialog_shows_odd_names_as_they_are(open_dialog, cloud, name, shown):
    dialog = open_dialog(cloud.add_backup(name=name))
    assert dialog.text("#backup-reset-name") == shown
    assert dialog.tree.cssselect(".backup-reset script") == []
    assert dialog.find("#backup-reset-name bdi") is not None


def test_dialog_shows_the_id_of_a_backup_without_a_name(open_dialog, cloud):
    backup = cloud.add_backup(name=None)
    assert open_dialog(backup).text("#backup-reset-name") == backup["id"]


def test_times_are_told_in_the_users_zone_also_where_javascript_asks(open_dialog, cloud, admin):
    admin.cookies["django_timezone"] = "Asia/Tokyo"
    dialog = open_dialog(cloud.add_backup(created_at="2026-03-01T20:30:00.000000"))
    assert "2026-03-02 05:30:00 JST" in dialog.text("#backup-reset-facts")
