# SPDX-License-Identifier: Apache-2.0
"""The cells of the Stuck Backups page's rows.

Put together here and not by templates: a hundred small ones a page took longer than Cinder's answers.
"""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch
from django.urls import reverse
from django.utils import formats
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.liveness import last_change
from backup_reset_panel.core.liveness_texts import host_name
from backup_reset_panel.core.liveness_texts import seen
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.triage import Tile
from backup_reset_panel.core.verdict.types import Level
from backup_reset_panel.listing.filters import STATUSES
from backup_reset_panel.listing.filters import Query
from backup_reset_panel.listing.lookup import Elsewhere
from backup_reset_panel.listing.page import Row
from backup_reset_panel.web.alerts import ALERTS

VOLUME = "horizon:admin:volumes:detail"
PROJECT = "horizon:identity:projects:detail"
_NOTHING = "–"


def name(row: Row) -> str:
    """The backup's name, or its id where it has none, as the link to its page; below it its id."""
    url = reverse("horizon:admin:backups:detail", args=(row.id,))
    # A space between the two, since the browser sorts the table by this text; spelled so that Horizon leaves it there.
    return format_html('<a href="{}"><bdi>{}</bdi></a><br>&#32;{}', url, row.name, short_id(row.id))


def short_id(whole: str) -> str:
    """The first part of an id, with all of it on hover and for those who do not see; scripts let it be copied."""
    if not whole[8:]:
        return format_html("{}", whole)
    return format_html(
        '<code class="backup-reset-id" title="{}" data-id="{}"><span aria-hidden="true">{}</span>'
        '<span class="sr-only">{}</span></code>',
        whole,
        whole,
        whole[:8],
        whole,
    )


def elsewhere(found: Elsewhere | None, query: Query) -> list[dict[str, Any]]:
    """What has the wanted id and is not among the rows: its name, status and id, and where to go for it."""
    return [
        {
            "name": row.name or row.id,
            "url": reverse("horizon:admin:backups:detail", args=(row.id,)),
            "status": statuses.label(row.status),
            "id": short_id(row.id),
            "tile_url": _tile_url(row, query),
        }
        for row in (found.backups if found else ())
    ]


def _tile_url(row: Backup, query: Query) -> str:
    """Where the page lists a backup by its status, empty where it lists none of that, or was asked for just this."""
    tiles = (Tile.NEEDS_ATTENTION, Tile.ERROR, Tile.DELETING)
    tile = next((each for each in tiles if any(row.status in group for group in STATUSES[each])), None)
    asked = tile is query.tile and row.id == query.wanted_id and not (query.filters or query.status)
    return "" if tile is None or asked else "?" + urlencode({"tile": tile.value, "q": row.id})


def _linked(view: str, whole: str | None, content: str) -> str:
    """A cell's content as a link to a page of Horizon, or as it is on a site that has no such page."""
    try:
        url = reverse(view, args=(whole,)) if whole else ""
    except NoReverseMatch:
        url = ""
    return format_html('<a href="{}">{}</a>', url, content) if url else content


def age(row: Row) -> str:
    """How long nothing has changed; the moment itself in the user's zone and in UTC on hover.

    Horizon's script sorts by ``data-seconds``.
    """
    changed = last_change(row.evidence)
    if changed is None:
        return _NOTHING
    here, utc = timezone.localtime(changed), changed.astimezone(datetime.timezone.utc)
    return format_html(
        '<span data-seconds="-{}"><time datetime="{}" title="{}, {} UTC">{}</time></span>',
        int(changed.timestamp()),
        utc.isoformat(),
        formats.date_format(here, "Y-m-d H:i:s e"),
        formats.date_format(utc, "Y-m-d H:i:s"),
        row.age,
    )


def project(row: Row) -> str:
    """The project's name, or its id in small where the name is not known, as the link to its page."""
    shown = format_html("<bdi>{}</bdi>", row.project_name) if row.project_name else None
    return _linked(PROJECT, row.project_id, shown or format_html("<small>{}</small>", row.project_id or _NOTHING))


def verdict(row: Row) -> str:
    """What the record proves, and why it needs attention; of one that is over, why it is here."""
    if row.is_locked and row.need:
        return format_html('<span class="text-{}">{}</span>', ALERTS[Level.WARN], row.need.text)
    told = format_html('<span class="text-{}">{}</span>', ALERTS[row.verdict.level], row.verdict.headline)
    if not row.need:
        return told
    # Where there is a column more, two lines of it are shown.
    return format_html('{}<br><small title="{}">{}</small>', told, row.need.text, row.need.text)


def on_store(row: Row) -> str:
    """The place of what its store shows, which the page's script fills: anew after each change of the record."""
    changed = last_change(row.evidence)
    version = f"{row.status} {row.backup.object_count} {changed.isoformat() if changed else ''}"
    return format_html('<span data-on-store="{}" data-version="{}">…</span>', row.id, version)


def service(row: Row) -> str:
    """The host that was asked last, and whether its cinder-backup is up."""
    found = row.service
    if found is None:
        is_told = isinstance(row.evidence.last_host, Unknown) and not row.is_locked
        return format_html("<small>{}</small>", host_name(row.evidence)) if is_told else _NOTHING
    colour, state = (
        ("success", pgettext("State of a service", "up"))
        if found.up
        else ("danger", pgettext("State of a service", "down"))
    )
    last_seen = seen(found, row.evidence.read_at)
    return format_html(
        '<a href="?{}" title="{}"><bdi>{}</bdi></a><br><small class="text-{}">{}, {}</small>',
        urlencode({"host": found.host}),
        _("What needs attention on this host"),
        found.host,
        colour,
        state,
        last_seen,
    )


def volume(row: Row) -> str:
    """The volume's name, as the link to its page, and its status; its id where that is all that is known."""
    found = row.volume
    if found is None:
        volume_id = row.backup.volume_id
        if not volume_id or volume_id == statuses.NO_VOLUME:
            return _NOTHING
        return _linked(VOLUME, volume_id, format_html("<small>{}</small>", volume_id))
    link = _linked(VOLUME, found.id, format_html("<bdi>{}</bdi>", found.name or found.id))
    return format_html("{}<br><small>{}</small>", link, statuses.volume_label(found.status))
