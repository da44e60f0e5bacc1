# SPDX-License-Identifier: Apache-2.0
"""The dialog of a whole cloud, whose Cinder and Horizon know nothing of each other but the store."""

import pytest
from lxml import html

from tests.bench.pages import our_dialog
from tests.lab import Lab
from tests.lab import wait
from tests.pages.web import Dashboard

SEEN_SECONDS = 20
#: Store, and whose account it is.
CLOUDS = (("swift", "per_user"), ("swift", "single_user"), ("s3", "single_user"))
DAMAGED = ("damaged-part-missing", "damaged-manifest-of-another-backup", "damaged-parents-part-gone")
WHOLE = ("creating-complete", "count-lost", "incremental-unchanged")


@pytest.fixture(scope="module", params=CLOUDS, ids="-".join)
def cloud(request, tmp_path_factory):
    """A cloud with its store, and what was made in it by situation."""
    store, auth = request.param
    with Lab(tmp_path_factory.mktemp("storage") / "lab", store=store, swift_auth=auth, check_storage=True) as lab:
        yield lab, {record["situation"]: record["backup_id"] for record in lab.make(*WHOLE, *DAMAGED)}


@pytest.fixture(scope="module")
def dashboard(cloud):
    """The administrator's Horizon."""
    lab, _ = cloud
    return Dashboard(lab.info["horizon"], lab.info["admin"])


def stored(dashboard, backup_id):
    """The dialog with the store's word: the kind of its verdict, and the fields of its form."""
    page = html.fromstring(dashboard.get(our_dialog(backup_id) + "?stored=yes", modal=True))
    form = {name: value for name, value in page.forms[-1].form_values() if name != "csrfmiddlewaretoken"}
    return page.xpath("//*[@id='backup-reset-verdict']/@data-verdict")[0], form


def test_damaged_ones_are_shown_as_such_and_error_is_chosen(cloud, dashboard):
    _, made = cloud
    shown = {name: stored(dashboard, made[name]) for name in DAMAGED}
    assert {verdict for verdict, _ in shown.values()} == {"damaged"}
    assert {form.get("choice") for _, form in shown.values()} == {"error"}


def test_whole_ones_become_available_by_what_is_on_their_store(cloud, dashboard):
    lab, made = cloud
    for name in WHOLE:
        verdict, form = stored(dashboard, made[name])
        assert (verdict, form["choice"]) == ("whole", "available")
        dashboard.post(our_dialog(made[name]), form)
    for name in WHOLE:
        wait.until(lambda name=name: lab.backup_row(made[name])["status"] == "available", name, SEEN_SECONDS)
