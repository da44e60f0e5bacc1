# SPDX-License-Identifier: Apache-2.0
"""Reading contents from the dialog: step by step, for one backup and one person, and what was found is carried on."""

import contextlib
import json
import os
import shutil

import pytest
from django.core import signing
from django.core.cache import cache
from django.urls import reverse

from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import Issue
from backup_reset_panel.resets import contents
from backup_reset_panel.resets import places
from backup_reset_panel.resets import tokens
from backup_reset_panel.storage import entry
from backup_reset_panel.storage import limits
from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Trouble
from tests.fake_cinder import stamp
from tests.unit.storage.conftest import written  # noqa: F401  (fixtures are found by their names here)
from tests.views.conftest import AJAX
from tests.views.conftest import Dialog
from tests.views.test_storage import audit_lines  # noqa: F401
from tests.views.test_storage import backup  # noqa: F401
from tests.views.test_storage import lose_a_part
from tests.views.test_storage import planned
from tests.views.test_storage import row  # noqa: F401
from tests.views.test_storage import store  # noqa: F401
from tests.views.test_storage import stored  # noqa: F401

pytestmark = pytest.mark.usefixtures("store")


class Reader:
    """What the dialog's script does with the URL."""

    def __init__(self, client, backup):  # noqa: F811
        self.client = client
        self.backup = backup
        self.status_code = None

    def ask(self, **fields):
        url = reverse("horizon:admin:backup_reset:read", args=(self.backup["id"],))
        response = self.client.post(url, fields, headers=AJAX)
        self.status_code = response.status_code
        assert response.headers["Cache-Control"] == "no-store"
        return response.json()

    def begin(self, depth="all"):
        return self.ask(depth=depth)

    def to_the_end(self, depth="all"):
        answer = self.begin(depth)
        while answer["place"]:
            answer = self.ask(place=answer["place"])
        return answer

    def dialog(self, result, **fields):
        """The dialog with what was found, as the script asks for it."""
        url = reverse("horizon:admin:backup_reset:update_status", args=(self.backup["id"],))
        data = {"again": "yes", "stored": "yes", "read": result} | fields
        return Dialog(self.client, self.client.post(url, data, headers=AJAX))


@pytest.fixture(autouse=True)
def nothing_pending():
    """Each test resets the same backup: what one left open is none of the next one's."""
    yield
    cache.clear()


@pytest.fixture
def reader(admin, backup):  # noqa: F811
    return Reader(admin, backup)


@pytest.fixture
def one_part_a_step(monkeypatch):
    """Each step reads one part."""
    step = entry.step
    monkeypatch.setattr(entry, "step", lambda access, place: step(access, place, seconds=0))


def parts(folder):
    return [path for path in sorted(folder.iterdir()) if path.name[-5:].isdigit()]


def alter(folder, number=5):
    """One part that has the right size, and other bytes: no list shows it."""
    path = parts(folder)[number]
    path.write_bytes(bytes(byte ^ 1 for byte in path.read_bytes()))


def rot(folder, number=5):
    """As ``alter``, without a new time of writing."""
    times = parts(folder)[number].stat()
    alter(folder, number)
    os.utime(parts(folder)[number], ns=(times.st_atime_ns, times.st_mtime_ns))


# What is offered, and what a reading says


def test_whole_backup_is_offered_to_be_read(stored):  # noqa: F811
    dialog = stored()
    buttons = [button.get("data-read") for button in dialog.tree.cssselect("#backup-reset-read button")]
    assert buttons == ["all", "sample", "again", "stop"]
    assert dialog.find("#backup-reset-read").get("data-url").endswith("/read/")


def test_backup_that_is_not_whole_is_not_offered_to_be_read(stored, store):  # noqa: F811
    lose_a_part(store)
    assert stored().find("#backup-reset-read") is None


def test_before_the_store_has_answered_nothing_is_offered_to_be_read(open_dialog, backup):  # noqa: F811
    assert open_dialog(backup).find("#backup-reset-read") is None


@pytest.mark.usefixtures("one_part_a_step")
def test_reading_tells_how_far_it_is_and_what_it_found(reader):
    answer = reader.begin()
    assert (answer["percent"], answer["result"]) == (0, "")
    assert answer["told"].startswith("0 of 32 parts, 0 B of ")
    steps = 0
    while answer["place"]:
        last, answer = answer, reader.ask(place=answer["place"])
        steps += 1
    assert steps == 32
    assert last["told"].startswith("31 of 32 parts")
    assert answer["percent"] == 100
    assert answer["told"].startswith("Checked on storage: all 32 parts were read and match (")
    assert "Read: 32 parts, " in answer["told"]


def test_sample_reads_twenty_parts_and_leaves_the_rest_to_be_read(reader):
    answer = reader.to_the_end("sample")
    assert "20 parts were read and match." in answer["told"]
    dialog = reader.dialog(answer["result"])
    assert "20 parts were read and match." in dialog.text("#backup-reset-verdict")
    assert dialog.find("#backup-reset-read") is not None


def test_what_was_read_whole_is_told_in_the_dialog_and_not_offered_again(reader):
    dialog = reader.dialog(reader.to_the_end()["result"])
    assert (dialog.verdict, dialog.chosen) == ("whole", "available")
    assert "all 32 parts were read and match" in dialog.text("#backup-reset-verdict")
    assert dialog.text("#backup-reset-contents").startswith("Read: 32 parts, ")
    assert dialog.find("#backup-reset-read") is None


def test_what_was_read_goes_into_the_result_and_the_audit_log(reader, cloud, backup, audit_lines):  # noqa: F811
    cloud.applies = False
    result = reader.dialog(reader.to_the_end()["result"]).submit()
    assert "all 32 parts were read and match" in result.text("#backup-reset-stored")
    assert " ago." in result.text("#backup-reset-stored")
    [line] = audit_lines()
    told = line["storage"]
    assert (told["state"], told["depth"], told["parts_read"]) == ("whole", "read", 32)
    assert told["read_at"]
    assert told["bytes_read"] > 0
    again = result.submit()
    assert "all 32 parts were read and match" in again.text("#backup-reset-stored")


def test_damage_that_only_reading_shows_makes_error_the_choice(reader, store, stored):  # noqa: F811
    rot(store)
    assert stored().verdict == "whole"
    answer = reader.to_the_end()
    assert "contents of parts are not those that were written" in answer["told"]
    dialog = reader.dialog(answer["result"])
    assert (dialog.verdict, dialog.chosen) == ("damaged", "error")
    assert dialog.find("#backup-reset-read") is None
    assert "override" in dialog.boxes("ticks")


def test_damage_that_was_read_is_told_to_whoever_comes_next(reader, store, stored, admin, backup):  # noqa: F811
    rot(store)
    reader.to_the_end()
    dialog = stored()
    assert (dialog.verdict, dialog.chosen) == ("damaged", "error")
    assert planned(admin, backup)["to"] == "Error"


def test_what_was_read_before_something_was_written_is_not_told_to_whoever_comes_next(
    reader,
    store,  # noqa: F811
    stored,  # noqa: F811
):
    rot(store)
    reader.to_the_end()
    alter(store)
    dialog = stored()
    assert dialog.verdict == "whole"
    assert dialog.submit().ending == "applied"


def test_what_another_release_remembered_is_left_alone(reader, stored, monkeypatch):  # noqa: F811
    monkeypatch.setattr("backup_reset_panel.web.cache.get", lambda key: {"other": 1} if ".read." in key else None)
    assert stored().verdict == "whole"


@pytest.mark.usefixtures("one_part_a_step")
def test_damage_counts_from_the_step_that_found_it(reader, store):  # noqa: F811
    rot(store, 0)
    answer = reader.ask(place=reader.begin()["place"])
    assert answer["place"]
    assert "damage was found already" in answer["told"]
    assert reader.dialog(answer["result"]).verdict == "damaged"


# On submit


def test_damage_that_was_read_blocks_available_without_the_override(reader, store, cloud):  # noqa: F811
    rot(store)
    dialog = reader.dialog(reader.to_the_end()["result"])
    answer = dialog.submit(choice="available")
    assert cloud.resets == []
    assert "To do this, tick" in answer.text()
    assert answer.find("input[name=read]") is not None
    assert answer.submit(ticks=["override"]).ending == "applied"


def test_damage_that_was_read_under_a_choice_that_was_made_stops_it(reader, store, stored, cloud):  # noqa: F811
    rot(store)
    dialog = stored()
    answer = dialog.submit(read=reader.to_the_end()["result"])
    assert cloud.resets == []
    assert "does not bear out Available" in answer.text("#backup-reset-notice")
    assert answer.chosen == "error"


def test_damage_that_was_read_stops_available_also_where_the_dialog_never_heard_of_the_store(
    reader,
    store,  # noqa: F811
    open_dialog,
    cloud,
    backup,  # noqa: F811
):
    rot(store)
    backup.update(status="error", object_count=32)
    dialog = open_dialog(backup)
    ticks = list(dialog.boxes("ticks"))
    answer = dialog.submit(choice="available", ticks=ticks, read=reader.to_the_end()["result"])
    assert cloud.resets == []
    assert "does not bear out Available" in answer.text("#backup-reset-notice")


def test_what_was_read_under_a_choice_that_was_made_is_in_the_audit_log(
    reader,
    open_dialog,
    backup,  # noqa: F811
    audit_lines,  # noqa: F811
):
    assert open_dialog(backup).submit(choice="error", read=reader.to_the_end()["result"]).ending == "applied"
    assert audit_lines()[0]["storage"]["depth"] == "read"


def test_what_was_read_does_not_count_when_something_was_written_since(reader, store, cloud):  # noqa: F811
    dialog = reader.dialog(reader.to_the_end()["result"])
    alter(store)
    answer = dialog.submit()
    assert cloud.resets == []
    assert "does not count any more" in answer.text("#backup-reset-notice")
    assert "Contents were not read" in answer.text("#backup-reset-verdict")
    assert answer.find("input[name=read]") is None
    assert answer.find("#backup-reset-read") is not None


def test_damage_that_was_read_does_not_count_when_it_was_mended_since(reader, store, cloud):  # noqa: F811
    alter(store)
    result = reader.to_the_end()["result"]
    alter(store)
    assert reader.dialog(result).verdict == "whole"


def test_damage_that_was_read_stands_while_the_store_does_not_tell(reader, store, settings):  # noqa: F811
    rot(store)
    result = reader.to_the_end()["result"]
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"*": {"store": "files", "path": str(store / "gone")}}}
    assert reader.dialog(result).verdict == "damaged"


def test_soundness_that_was_read_does_not_stand_while_the_store_does_not_tell(reader, store, settings):  # noqa: F811
    result = reader.to_the_end()["result"]
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"*": {"store": "files", "path": str(store / "gone")}}}
    dialog = reader.dialog(result)
    assert dialog.verdict == "no_proof"
    assert dialog.find("input[name=read]") is None


def test_list_that_shows_damage_by_now_outweighs_what_was_read(reader, store):  # noqa: F811
    result = reader.to_the_end()["result"]
    lose_a_part(store)
    dialog = reader.dialog(result)
    assert (dialog.verdict, dialog.find("input[name=read]")) == ("damaged", None)


@pytest.mark.parametrize("token", ["nonsense", "\ud800", "x" * (places.MOST_BYTES + 1)])
def test_result_that_is_not_ours_sends_nothing(reader, stored, cloud, token):  # noqa: F811
    answer = stored().submit(read=token.encode("utf-8", "surrogatepass"))
    assert cloud.resets == []
    assert "does not count any more" in answer.text("#backup-reset-notice")


def test_result_of_another_backup_sends_nothing(reader, stored, cloud):  # noqa: F811
    values = signing.loads(reader.to_the_end()["result"], salt="backup_reset_panel")
    other = signing.dumps(values | {"backup_id": "other"}, salt="backup_reset_panel", compress=True)
    assert "does not count any more" in stored().submit(read=other).text("#backup-reset-notice")
    assert cloud.resets == []


def test_result_of_another_release_sends_nothing(reader, stored, cloud):  # noqa: F811
    values = signing.loads(reader.to_the_end()["result"], salt="backup_reset_panel")
    other = signing.dumps(values | {"finding": {}}, salt="backup_reset_panel", compress=True)
    assert "does not count any more" in stored().submit(read=other).text("#backup-reset-notice")
    assert cloud.resets == []


# Who may


def test_someone_who_may_not_reset_may_not_read(log_in, backup):  # noqa: F811
    url = reverse("horizon:admin:backup_reset:read", args=(backup["id"],))
    assert log_in("member").post(url, {"depth": "all"}, headers=AJAX).status_code in (302, 401, 403)


def test_reading_is_not_a_get(admin, backup):  # noqa: F811
    assert admin.get(reverse("horizon:admin:backup_reset:read", args=(backup["id"],)), headers=AJAX).status_code == 405


@pytest.mark.parametrize("who", [{"region": "RegionTwo"}, {"project": "other-project"}])
def test_place_is_of_no_use_in_another_region_or_project(reader, log_in, who):
    place = reader.begin()["place"]
    log_in("admin", "member", "reader", **who)
    assert "too old, or not of this dialog" in reader.ask(place=place)["told"]
    assert reader.status_code == 400


def test_place_is_of_no_use_to_another_person(reader, monkeypatch):
    place = reader.begin()["place"]
    monkeypatch.setattr(contents, "where", lambda cloud: (cloud.region, cloud.project_id, "another"))
    reader.ask(place=place)
    assert reader.status_code == 400


def test_place_is_of_no_use_for_another_backup(reader, cloud, admin):
    place = reader.begin()["place"]
    other = Reader(admin, cloud.add_backup())
    other.ask(place=place)
    assert other.status_code == 400


def test_place_that_is_an_hour_old_is_of_no_use(reader, monkeypatch):
    place = reader.begin()["place"]
    monkeypatch.setattr(places, "MAX_AGE_SECONDS", -1)
    assert "too old" in reader.ask(place=place)["told"]


@pytest.mark.parametrize("kind", ["shown", "contents"])
def test_token_of_another_kind_is_no_place(reader, stored, kind):  # noqa: F811
    token = stored().find("input[name=shown]").get("value") if kind == "shown" else reader.to_the_end()["result"]
    reader.ask(place=token)
    assert reader.status_code == 400


def test_place_that_was_altered_or_is_too_large_is_refused(reader):
    place = reader.begin()["place"]
    for token in (place[:-3], "x" * (places.MOST_BYTES + 1)):
        reader.ask(place=token)
        assert reader.status_code == 400


def test_place_of_another_release_is_refused(reader, backup):  # noqa: F811
    values = signing.loads(reader.begin()["place"], salt="backup_reset_panel")
    values["place"]["more"] = 1
    reader.ask(place=signing.dumps(values, salt="backup_reset_panel", compress=True))
    assert reader.status_code == 400


def test_chain_that_is_too_long_for_a_place_says_so(reader, monkeypatch):
    monkeypatch.setattr(places, "MOST_BYTES", 10)
    answer = reader.begin()
    assert (answer["place"], answer["told"]) == ("", "It builds on too many backups to be read from here.")


def test_id_that_is_none_is_refused(admin):
    assert "place" not in Reader(admin, {"id": "none"}).begin()


def test_backup_without_a_store_has_nothing_to_read(reader, settings):
    settings.BACKUP_RESET_PANEL = {}
    assert reader.begin()["told"] == "There is nothing on a store to read of this backup."


# What fails on the way


def test_damage_that_the_list_shows_ends_a_reading_before_it_begins(reader, store):  # noqa: F811
    lose_a_part(store)
    answer = reader.begin()
    assert (answer["place"], answer["percent"]) == ("", None)
    assert "parts of it are missing" in answer["told"]
    assert reader.dialog(answer["result"]).verdict == "damaged"


@pytest.mark.usefixtures("one_part_a_step")
@pytest.mark.parametrize("status", ["available", "deleting"])
def test_backup_that_somebody_else_reset_or_deletes_ends_the_reading(reader, cloud, backup, status):  # noqa: F811
    place = reader.begin()["place"]
    cloud.backups[backup["id"]]["status"] = status
    answer = reader.ask(place=place)
    assert (answer["place"], answer["result"], answer["again"]) == ("", "", False)
    assert "the backup changed meanwhile" in answer["told"]


def test_backup_that_was_deleted_ends_the_reading(reader, cloud, backup):  # noqa: F811
    place = reader.begin()["place"]
    del cloud.backups[backup["id"]]
    assert reader.ask(place=place)["told"] == "Reading ended: the backup was deleted meanwhile."


def test_parts_that_go_with_their_backup_are_no_damage(reader, store, cloud, backup, monkeypatch):  # noqa: F811
    place, step = reader.begin()["place"], entry.step

    def deleted_meanwhile(access, at):
        lose_a_part(store)
        found = step(access, at)
        cloud.backups[backup["id"]].update(status="deleting", updated_at=stamp())
        return found

    monkeypatch.setattr(entry, "step", deleted_meanwhile)
    answer = reader.ask(place=place)
    assert (answer["place"], answer["result"]) == ("", "")
    assert "It is Deleting now; what was read does not count" in answer["told"]


def test_share_that_is_unmounted_on_the_way_is_no_damage(reader, store):  # noqa: F811
    place = reader.begin()["place"]
    shutil.rmtree(store)
    answer = reader.ask(place=place)
    assert (answer["place"], answer["result"], answer["again"]) == ("", "", True)
    assert answer["told"].startswith("Reading ended early: the container or folder of this backup was not found.")


def test_backup_that_is_written_anew_on_the_way_is_no_damage(reader, store, row):  # noqa: F811
    place = reader.begin()["place"]
    alter(store)
    manifest = store / (row["prefix"] + "_metadata")
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"more": 1}))
    answer = reader.ask(place=place)
    assert (answer["place"], answer["result"]) == ("", "")
    assert "it was changed while it was read" in answer["told"]


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (Trouble.DENIED, "the store refused to show it."),
        (Trouble.UNREACHABLE, "the store could not be reached."),
        (Trouble.TOO_SLOW, "the store did not answer in time."),
        (Trouble.BROKEN, "the store gave an answer that makes no sense."),
    ],
)
@pytest.mark.usefixtures("one_part_a_step")
def test_store_that_fails_on_the_way_is_told_and_the_place_is_still_good(reader, monkeypatch, trouble, told):
    place = reader.ask(place=reader.begin()["place"])["place"]

    def fails(*args, **kwargs):
        raise StorageError(trouble)

    with monkeypatch.context() as failing:
        failing.setattr("backup_reset_panel.storage.files.FilesStore.get", fails)
        answer = reader.ask(place=place)
    assert (answer["place"], answer["result"], answer["again"]) == ("", "", True)
    assert answer["told"] == f"Reading ended early: {told} What was read so far was in order."
    assert reader.ask(place=place)["told"].startswith("2 of 32 parts")


def test_part_that_cannot_be_decompressed_here_is_told_and_not_tried_again(reader, monkeypatch):
    place = reader.begin()["place"]

    def cannot(*args):
        raise reading_contents.CannotTell("zstandard is not installed")

    from backup_reset_panel.storage import contents as reading_contents

    monkeypatch.setattr(reading_contents.Comparison, "go_on", cannot)
    answer = reader.ask(place=place)
    assert (answer["result"], answer["again"]) == ("", False)
    assert "a part could not be compared here." in answer["told"]


@pytest.mark.parametrize(("code", "is_again"), [(503, True), (401, False), (403, False)])
def test_cinder_that_fails_on_the_way_is_told_and_the_place_is_still_good(reader, cloud, code, is_again):
    place = reader.begin()["place"]
    cloud.trouble = {("GET", "/backups/"): code}
    answer = reader.ask(place=place)
    assert answer["again"] is is_again
    assert answer["told"]
    cloud.trouble = {}
    assert reader.ask(place=place)["percent"] == 100


def test_eleventh_reader_waits_for_a_turn_and_keeps_the_place(reader):
    place = reader.begin()["place"]
    with contextlib.ExitStack() as others:
        for _number in range(limits.MOST_READINGS):
            assert others.enter_context(limits.turn_to_read())
        answer = reader.ask(place=place)
        assert (answer["busy"], answer["place"]) == (True, place)
    assert reader.ask(place=place)["percent"] == 100


def test_store_that_is_gone_when_reading_begins_is_told(reader, monkeypatch):
    from django.utils import timezone

    def gone(*args, **kwargs):
        from backup_reset_panel.storage.reading import Progress

        return Progress(None, Finding(reader.backup["id"], (Issue(Code.UNREACHABLE),), timezone.now()))

    monkeypatch.setattr(entry, "begin", gone)
    answer = reader.begin()
    assert (answer["place"], answer["result"]) == ("", "")
    assert answer["told"] == "Not verified on storage: the store could not be reached."


def test_bad_token_is_what_places_raise(backup):  # noqa: F811
    with pytest.raises(tokens.BadToken):
        places.reading("", backup["id"], ())
