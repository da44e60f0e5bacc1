# SPDX-License-Identifier: Apache-2.0
"""What opening a page, a dialog, and keeping a page current cost."""

import contextlib
from collections.abc import Iterator
from urllib.parse import urlsplit

import pymysql
from lxml import html

from tests.bench.catalogue import BY_KEY
from tests.bench.cloud import Cloud
from tests.bench.measure import by_turns
from tests.bench.measure import timed
from tests.pages.web import BenchError
from tests.pages.web import rows

OUR_PAGE = "admin/backup_reset/"
STOCK_PAGE = "admin/backups/"
#: Rows that stock Horizon's JavaScript asks for again and again.
POLLED = "ajax-update"
LIVE_ROWS = 20


def our_dialog(backup_id: str) -> str:
    """Return where the plugin's dialog on a backup is."""
    return f"{OUR_PAGE}{backup_id}/update/"


def stock_dialog(backup_id: str) -> str:
    """Return where the stock dialog on a backup is."""
    return f"{STOCK_PAGE}{backup_id}/update_status"


def page(cloud: Cloud, rounds: int) -> dict:
    """Compare the Stuck Backups page with the stock one; both full of stuck rows."""
    for dashboard, path in ((cloud.ours, OUR_PAGE), (cloud.stock, STOCK_PAGE)):
        if not rows(dashboard.get(path)):
            raise BenchError(f"{path} shows no row: its time would mean nothing.")
    openings = {"ours": lambda: cloud.ours.get(OUR_PAGE), "peer": lambda: cloud.stock.get(STOCK_PAGE)}
    took = by_turns(openings, rounds)
    calls = {name: len(cloud.calls(opening)[0]) for name, opening in openings.items()}
    return BY_KEY["page"].result(
        took["ours"].median,
        took["peer"].median,
        ours_runs=took["ours"].seconds,
        peer_runs=took["peer"].seconds,
        ours_cinder_calls=calls["ours"],
        peer_cinder_calls=calls["peer"],
        volumes=cloud.volumes,
        backups=cloud.backups,
    )


def dialog(cloud: Cloud, rounds: int) -> dict[str, dict]:
    """Compare the dialogs, each on one stuck backup of every kind in turn."""
    kinds = {}
    for each in cloud.stuck:
        kinds.setdefault((each.backup["status"], each.backup["object_count"]), each.id)
    ids = list(kinds.values())
    took = by_turns(
        {
            "ours": lambda: [cloud.ours.get(our_dialog(one), modal=True) for one in ids],
            "peer": lambda: [cloud.stock.get(stock_dialog(one), modal=True) for one in ids],
        },
        rounds,
    )
    ours, peer = ([seconds / len(ids) for seconds in took[name].seconds] for name in ("ours", "peer"))
    calls = len(cloud.calls(lambda: cloud.ours.get(our_dialog(ids[0]), modal=True))[0])
    median = {name: took[name].median / len(ids) for name in took}
    return {
        "dialog": BY_KEY["dialog"].result(
            median["ours"], median["peer"], ours_runs=ours, peer_runs=peer, ours_cinder_calls=calls
        ),
        "dialog_seconds": BY_KEY["dialog_seconds"].result(median["ours"]),
    }


def dialog_hanging(cloud: Cloud, backup_id: str, rounds: int) -> dict:
    """Tell what it costs our dialog that one look-up hangs: Cinder's table of messages is locked in the database.

    :param backup_id: one in error, for which messages are asked
    """

    def hanging() -> float:
        with locked(cloud.lab.state, "messages"):
            return timed(lambda: cloud.ours.get(our_dialog(backup_id), modal=True))

    took = by_turns({"hanging": hanging, "sound": lambda: cloud.ours.get(our_dialog(backup_id), modal=True)}, rounds)
    added = took["hanging"].median - took["sound"].median
    return BY_KEY["dialog_hanging"].result(
        added, hanging_runs=took["hanging"].seconds, sound_runs=took["sound"].seconds
    )


@contextlib.contextmanager
def locked(state, table: str) -> Iterator[None]:
    """Hold a table of Cinder's database against everybody: a query of it waits until the end of this."""
    connection = pymysql.connect(
        host="127.0.0.1", port=state.ports["mariadb"], user="cinder", password="cinder", database="cinder"
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLES {table} WRITE")
        yield
    finally:
        connection.close()


def live(cloud: Cloud) -> dict[str, dict]:
    """Compare what keeping a page of stuck rows current takes once: requests to Horizon, and its calls to the APIs."""
    polled = rows(cloud.stock.get(STOCK_PAGE), POLLED)[:LIVE_ROWS]
    if len(polled) < LIVE_ROWS:
        raise BenchError(f"Stock's page polls {len(polled)} rows, not {LIVE_ROWS}.")
    urls = [_path(row.get("data-update-url")) for row in polled]
    first = cloud.ours.get(OUR_PAGE, modal=True)
    if len(rows(first)) < LIVE_ROWS:
        raise BenchError(f"Our page shows {len(rows(first))} rows, not {LIVE_ROWS}.")
    ours = _settled(cloud)
    peer = cloud.calls(lambda: [cloud.stock.get(url, modal=True) for url in urls])
    counted = {"ours": sum(map(len, ours)), "peer": sum(map(len, peer))}
    return {
        "live_requests": BY_KEY["live_requests"].result(1, len(urls)),
        "live_calls": BY_KEY["live_calls"].result(
            counted["ours"], counted["peer"], ours_cinder_calls=len(ours[0]), peer_cinder_calls=len(peer[0])
        ),
    }


def _settled(cloud: Cloud) -> tuple[list, list]:
    """The calls of one update of our page, when earlier ones have found out what holds which volume.

    :raises BenchError: they never have
    """
    for _update in range(len(cloud.stuck)):
        calls = cloud.calls(lambda: cloud.ours.get(OUR_PAGE, modal=True))
        if not any("restore_volume_id" in path for _method, path in calls[0]):
            return calls
    raise BenchError("Each update of our page asks what holds volumes.")


def _path(url: str) -> str:
    split = urlsplit(url)
    return f"{split.path}?{split.query}"


def click(cloud: Cloud, rounds: int) -> dict:
    """Compare a click on the dialogs' button: until our result dialog tells an outcome that was seen, and until the
    page tells stock's success. Both over HTTP, without a browser's own time.
    """
    backups = [each.backup for each in cloud.stuck]
    ids = iter([row["id"] for row in backups if row["status"] == "creating" and row["object_count"]])
    took = by_turns(
        {"ours": lambda: _our_click(cloud, next(ids)), "peer": lambda: _stock_click(cloud, next(ids))}, rounds
    )
    return BY_KEY["click"].result(
        took["ours"].median,
        took["peer"].median,
        ours_runs=took["ours"].seconds,
        peer_runs=took["peer"].seconds,
        volumes=cloud.volumes,
    )


def _our_click(cloud: Cloud, backup_id: str) -> float:
    sent = cloud.ours.form(our_dialog(backup_id)) | {"choice": "available"}
    return timed(lambda: _until_seen(cloud, backup_id, cloud.ours.post(our_dialog(backup_id), sent).text))


def _until_seen(cloud: Cloud, backup_id: str, answer: str) -> None:
    """Look again, as the result dialog does, until nothing is open."""
    while True:
        told = html.fromstring(answer).get_element_by_id("backup-reset-outcome")
        token = html.fromstring(answer).xpath("//input[@name='token']/@value")
        if not token:
            break
        answer = cloud.ours.post(f"{OUR_PAGE}{backup_id}/outcome/", {"token": token[0]}).text
    if told.get("data-ending") != "applied":
        raise BenchError(f"The reset of {backup_id} ended as {told.get('data-ending')}.")


def _stock_click(cloud: Cloud, backup_id: str) -> float:
    sent = cloud.stock.form(stock_dialog(backup_id)) | {"status": "available"}

    def clicked() -> None:
        cloud.stock.post(stock_dialog(backup_id), sent)
        if "Successfully updated" not in cloud.stock.get(STOCK_PAGE):
            raise BenchError("Stock Horizon told no success.")

    return timed(clicked)
