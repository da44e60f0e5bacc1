# SPDX-License-Identifier: Apache-2.0
"""The check on storage where all is real: Cinder's posix driver wrote the backups, its own failures left them."""

import pathlib

import pytest
from lxml import html

from tests.bench.pages import our_dialog
from tests.lab import Lab
from tests.lab import database
from tests.lab import wait
from tests.left_overs import PAGE as LEFT_OVERS
from tests.left_overs import STORED
from tests.left_overs import listed
from tests.left_overs import plant
from tests.pages.web import Dashboard

SITUATIONS = ("creating-complete", "creating-partial", "creating-no-data")
SEEN_SECONDS = 20


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    """A cloud whose Horizon may look at the backups' files, and its stuck backups by situation."""
    with Lab(tmp_path_factory.mktemp("storage") / "lab", check_storage=True) as lab:
        made = lab.make(*SITUATIONS, "creating-complete")
        yield lab, {name: [each for each in made if each["situation"] == name] for name in SITUATIONS}


@pytest.fixture(scope="module")
def dashboard(cloud):
    """The administrator's Horizon."""
    lab, _made = cloud
    return Dashboard(lab.info["horizon"], lab.info["admin"])


def stored(dashboard, backup_id):
    """The dialog with the store's word: the kind of its verdict, and the fields of its form."""
    page = html.fromstring(dashboard.get(our_dialog(backup_id) + "?stored=yes", modal=True))
    form = {name: value for name, value in page.forms[-1].form_values() if name != "csrfmiddlewaretoken"}
    return page.xpath("//*[@id='backup-reset-verdict']/@data-verdict")[0], form


def submit(dashboard, backup_id, form):
    """What the dialog's form brings: the result's ending, and the verdict of a dialog that is shown instead."""
    page = html.fromstring(dashboard.post(our_dialog(backup_id), form).text)
    endings = page.xpath("//*[@id='backup-reset-outcome']/@data-ending")
    verdicts = page.xpath("//*[@id='backup-reset-verdict']/@data-verdict")
    return (endings or [None])[0], (verdicts or [None])[0]


def lose_count(lab, backup_id):
    """As a database outage in its very last write would."""
    database.put_back(lab.state, "backups", [{"id": backup_id, "object_count": 0}])


def test_whole_backup_whose_count_was_lost_becomes_available_by_what_is_on_its_store(cloud, dashboard):
    lab, made = cloud
    backup_id = made["creating-complete"][0]["backup_id"]
    lose_count(lab, backup_id)
    verdict, form = stored(dashboard, backup_id)
    assert (verdict, form["choice"]) == ("whole", "available")
    submit(dashboard, backup_id, form)
    wait.until(lambda: lab.backup_row(backup_id)["status"] == "available", "the reset", SEEN_SECONDS)


@pytest.mark.parametrize("situation", ["creating-partial", "creating-no-data"])
def test_half_a_backup_is_never_called_whole(cloud, dashboard, situation):
    verdict, form = stored(dashboard, cloud[1][situation][0]["backup_id"])
    # A part that was written just now may be a live job's: Cinder's own host was killed a moment ago.
    assert verdict in ("damaged", "being_written", "no_proof")
    assert form.get("choice") in (None, "error")


def test_complete_record_without_its_data_is_not_made_available(cloud, dashboard):
    lab, made = cloud
    backup_id = made["creating-complete"][1]["backup_id"]
    form = dashboard.form(our_dialog(backup_id))
    assert form["choice"] == "available"
    folder = pathlib.Path(lab.info["paths"]["backups"]) / lab.backup_row(backup_id)["container"]
    parts = sorted(path for path in folder.iterdir() if path.name.rpartition("-")[2].isdigit())
    parts[3].unlink()
    ending, verdict = submit(dashboard, backup_id, form)
    assert (ending, verdict) == (None, "damaged")
    assert lab.backup_row(backup_id)["status"] == "creating"


def test_left_overs_are_found_and_live_ones_are_not_three_of_each_kind(cloud, dashboard):
    """The short form; twenty of each, and on Swift: ``tox -e storage``."""
    lab, _made = cloud
    planted = plant(lab, 3)
    live = {each for ids in planted.live.values() for each in ids}
    found = listed(dashboard.get(LEFT_OVERS + "?format=csv"))
    assert set(planted.all_left) <= set(found)
    assert live.isdisjoint(found)
    assert listed(dashboard.get(STORED + "?format=csv"), "backup_id") == sorted(planted.unrecorded)
