# SPDX-License-Identifier: Apache-2.0
"""The dialog of a whole cloud, whose Cinder and Horizon know nothing of each other but the store."""

import shutil

import pytest
from lxml import html

from tests.bench.measure import by_turns
from tests.bench.pages import OUR_PAGE
from tests.bench.pages import our_dialog
from tests.lab import Lab
from tests.lab import wait
from tests.pages.web import Dashboard

SEEN_SECONDS = 20
ROUNDS = 15
#: Store, and whose account it is.
CLOUDS = (("swift", "per_user"), ("swift", "single_user"), ("s3", "single_user"))
DAMAGED = ("damaged-part-missing", "damaged-manifest-of-another-backup", "damaged-parents-part-gone")
WHOLE = ("creating-complete", "count-lost", "incremental-unchanged")


@pytest.fixture(scope="module", params=CLOUDS, ids="-".join)
def cloud(request, tmp_path_factory):
    """A cloud with its store, and what was made in it by situation."""
    store, auth = request.param
    folder = tmp_path_factory.mktemp("storage") / "lab"
    with Lab(folder, store=store, swift_auth=auth, check_storage=True, stock=True) as lab:
        yield lab, {record["situation"]: record["backup_id"] for record in lab.make(*WHOLE, *DAMAGED)}


@pytest.fixture(scope="module")
def dashboard(cloud):
    """The administrator's Horizon."""
    lab, _ = cloud
    return Dashboard(lab.info["horizon"], lab.info["admin"])


@pytest.fixture(scope="module")
def storeless(cloud):
    """The administrator in a second Horizon, that is as the first and has no store set."""
    lab, _ = cloud
    first, second = (
        lab.state.path("horizon", name, "overlay", "openstack_dashboard", "local")
        for name in ("horizon", "stock-horizon")
    )
    lab.kill("stock-horizon")
    text = (first / "local_settings.py").read_text()
    kept = [line for line in text.splitlines() if '["STORAGE"]' not in line]
    assert len(kept) == len(text.splitlines()) - 1
    (second / "local_settings.py").write_text("\n".join(kept))
    shutil.copytree(first / "enabled", second / "enabled", dirs_exist_ok=True)
    lab.service("stock-horizon").env["LAB_WITH_PLUGIN"] = "1"
    lab.start("stock-horizon")
    return Dashboard(lab.info["stock_horizon"], lab.info["admin"])


def stored(dashboard, backup_id):
    """The dialog with the store's word: the kind of its verdict, and the fields of its form."""
    page = html.fromstring(dashboard.get(our_dialog(backup_id) + "?stored=yes", modal=True))
    form = {name: value for name, value in page.forms[-1].form_values() if name != "csrfmiddlewaretoken"}
    return page.xpath("//*[@id='backup-reset-verdict']/@data-verdict")[0], form


def test_dialog_and_page_open_as_fast_as_without_a_store(cloud, dashboard, storeless, results):
    """The store is asked after they opened. Told in the table; no test depends on a time."""
    lab, made = cloud
    dialog = our_dialog(made["creating-complete"])
    for what, path, sign in (("dialog", dialog, 'id="backup-reset-store"'), ("page", OUR_PAGE, "data-on-store-url")):
        opened = {
            each: (lambda board=board, path=path, is_modal=what == "dialog": board.get(path, modal=is_modal))
            for each, board in (("with", dashboard), ("without", storeless))
        }
        assert sign in opened["with"]()
        assert sign not in opened["without"]()
        took = by_turns(opened, ROUNDS)
        ratio = took["with"].median / took["without"].median
        text = f"{1000 * took['with'].median:.0f} ms, {ratio:.2f} ×"
        results.row(f"{what} opens, beside one without a store ({lab.state.swift_auth})", lab.state.store, text)


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
