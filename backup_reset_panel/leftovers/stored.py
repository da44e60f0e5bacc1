# SPDX-License-Identifier: Apache-2.0
"""The page of backups without a record: what lies on the store, and Cinder does not know of. Nothing is changed there.

The store is looked at first, then Cinder's records, then once more the store. A record is made before its objects and
goes after them: so what is without a record between two looks was left behind.
"""

from __future__ import annotations

import dataclasses
import datetime
import time

from django import http
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backup_reset_panel import cinder
from backup_reset_panel.core.durations import span
from backup_reset_panel.core.leftovers import SETTLED
from backup_reset_panel.core.outcome import notices
from backup_reset_panel.core.storage.texts import amount
from backup_reset_panel.core.storage.texts import words
from backup_reset_panel.core.storage.unrecorded import Place
from backup_reset_panel.core.storage.unrecorded import Unrecorded
from backup_reset_panel.core.storage.unrecorded import Walk
from backup_reset_panel.leftovers import tokens
from backup_reset_panel.leftovers.stored_table import UnrecordedTable
from backup_reset_panel.leftovers.stored_table import as_csv
from backup_reset_panel.leftovers.views import file_answer
from backup_reset_panel.storage import entry
from backup_reset_panel.storage import walk as store
from backup_reset_panel.storage.access import Access
from backup_reset_panel.web import policy
from backup_reset_panel.web import responses
from backup_reset_panel.web.timezones import InTheUsersTimeZone

#: So many that may have no record are asked for, and measured; further ones are in the next part.
MOST_ASKED = 200


@dataclasses.dataclass(frozen=True)
class Found:
    """What was found in one go.

    :param rows: without a record, the oldest first
    :param walked: what was seen of the store
    :param unknown: of how many backups it could not be told whether they have a record
    :param places: where records say that backups are
    :param seconds: that it took
    """

    rows: tuple[Unrecorded, ...] = ()
    walked: Walk = dataclasses.field(default_factory=Walk)
    unknown: int = 0
    places: cinder.Places = dataclasses.field(default_factory=cinder.Places)
    seconds: float = 0.0

    @property
    def is_whole(self) -> bool:
        """Whether all of the store was seen, from where it began, and all that was seen was judged."""
        if self.walked.next or self.walked.unlisted or self.unknown:
            return False
        return self.places.is_read


def look(access: Access, cloud: cinder.Cloud, begin: Place) -> Found:
    """Look for backups without a record, from a place on.

    :raises CinderFault: TOKEN_REFUSED
    """
    since = time.monotonic()
    is_per_project = store.is_per_project(cloud.region)
    places = cinder.places(cloud, is_per_project)
    if not places.is_read:
        return Found(places=places)
    recorded = places.containers
    if not is_per_project:
        recorded = {"": set().union(*recorded.values())}
    walked = store.walk(access, cloud.region, recorded, begin)
    unlisted = cinder.not_listed(cloud, {each.backup_id for each in walked.found})
    asked, walked = store.first_of(walked, unlisted, MOST_ASKED)
    known = cinder.unrecorded(cloud, {each.backup_id for each in asked})
    rows = store.measure(access, cloud.region, [each for each in asked if each.backup_id in known.ids])
    return Found(
        rows=tuple(sorted(rows, key=_age)),
        walked=walked,
        unknown=len(known.unknown),
        places=places,
        seconds=time.monotonic() - since,
    )


def _age(row: Unrecorded) -> tuple[bool, datetime.datetime, str]:
    at = row.written or row.prefix.begun
    return at is None, at or datetime.datetime.max.replace(tzinfo=datetime.timezone.utc), row.prefix.prefix


class UnrecordedView(InTheUsersTimeZone):
    """All of them, a part of the store at a time; ``?format=csv`` for a file, ``after`` for the place to go on from."""

    def get(self, request: http.HttpRequest) -> http.HttpResponseBase:
        """Show them."""
        policy.require(request, policy.RESET_BACKUP)
        found, problem, region, begin = Found(), None, "", None
        try:
            cloud = cinder.Cloud.of(request)
            region = cloud.region
            is_set = entry.configured(region)
            begin = tokens.place_of(request.GET.get("after", ""), region)
            if is_set:
                found = look(Access.of(request), cloud, begin or Place())
        except cinder.CinderFault as exc:
            is_set, problem = True, notices.of_fault(exc.fault)
        now = timezone.now()
        is_whole = is_set and not problem and found.is_whole and not begin
        if request.GET.get("format") == "csv" and found.rows:
            name = f"backups-without-a-record-{now:%Y%m%d-%H%M%S}.csv"
            return file_answer(as_csv(found.rows, region, now, is_whole), name)
        context = {
            "page_title": _("Backups without a Record"),
            "found": found,
            "problem": problem,
            "is_set": is_set,
            "is_whole": is_whole,
            "backups": len({each.backup_id for each in found.walked.found}),
            "seconds": f"{found.seconds:.1f}",
            "total": amount(sum(row.size or 0 for row in found.rows)),
            "per_project": store.is_per_project(region),
            "unlisted": [(each.what, words(each.issue), each.issue.example) for each in found.walked.unlisted],
            "settled": span(SETTLED),
            "further": tokens.place(found.walked.next, region) if found.walked.next else "",
            "here": request.GET.get("after", "") if begin else "",
            "is_restarted": bool(request.GET.get("after")) and begin is None,
            "table": UnrecordedTable(request, data=list(found.rows)),
            "left_overs_url": reverse("horizon:admin:backup_reset:left_overs"),
            "read_at": now,
        }
        return responses.whole(request, "backup_reset_panel/left_overs/stored.html", context)
