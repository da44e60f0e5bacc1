# SPDX-License-Identifier: Apache-2.0
"""What the Stuck Backups page lists: its rows, and where the next page begins."""

import dataclasses
import functools
import time

from backup_reset_panel import cinder
from backup_reset_panel import conf
from backup_reset_panel import naming
from backup_reset_panel.core import spans
from backup_reset_panel.core import statuses
from backup_reset_panel.core import triage
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.triage import Tile
from backup_reset_panel.core.verdict import judge
from backup_reset_panel.query import STATUSES

#: How many backups of each list are looked at for each row that a page has room for: some do not need a hand.
LOOKED_AT_A_ROW = 1.2
#: Where that does not fill the page: so many at a time, in so many more parts, unless the first ones took too long.
MOST_LOOKED_AT = 150
MORE_PARTS = 3
MORE_SECONDS = 1.0


@dataclasses.dataclass
class Row:
    """One row of the table; what Horizon's tables read by attribute."""

    evidence: Evidence
    tiles: frozenset[Tile]
    project_name: str | None = None

    @functools.cached_property
    def verdict(self):
        """The Verdict, worked out for those rows that are shown."""
        return judge(self.evidence)

    @functools.cached_property
    def need(self):
        """Why it needs a hand, or None."""
        return triage.need(self.evidence, conf.ages())

    @property
    def backup(self):
        """The Backup."""
        return self.evidence.backup

    @property
    def id(self):
        """The backup's id, by which Horizon knows the row."""
        return self.backup.id

    @property
    def name(self):
        """The backup's name, or its id where it has none."""
        return self.backup.name or self.backup.id

    @property
    def project_id(self):
        """The backup's project, the target of the policy rule."""
        return self.backup.project_id

    @property
    def status(self):
        """The backup's status as Cinder has it."""
        return self.backup.status

    @property
    def age(self):
        """How long nothing has changed, in words."""
        unchanged = triage.age(self.backup, self.evidence.read_at)
        return spans.span(unchanged) if unchanged is not None else "–"

    @property
    def volume(self):
        """The source Volume, None where it was in none of the lists of volumes that are held."""
        return self.evidence.volume if known(self.evidence.volume) else None

    @property
    def service(self):
        """The Service that was asked last, None where it is not known."""
        if not known(self.evidence.last_host) or not known(self.evidence.services):
            return None
        return next((found for found in self.evidence.services if found.host == self.evidence.last_host), None)


@dataclasses.dataclass
class Page:
    """What one page shows.

    :param rows: Rows of the tile
    :param long_running: Rows below the line
    :param next_after: the ``after`` of the next page, empty if this is the last
    :param counts: Tile to text
    :param services: tuple of Service or Unknown
    :param missing: names of the sources that failed
    :param is_restarted: whether the place in the list was gone, so that this is the first page
    """

    rows: list[Row]
    long_running: list[Row]
    next_after: str
    counts: dict
    services: object
    missing: tuple[str, ...]
    is_restarted: bool = False


NOTHING = Page([], [], "", {}, Unknown(Gap.FAILED), ())


def read(cloud, query, page_size):
    """Read one page.

    :param cloud: cinder.Cloud
    :param query: Query
    :param page_size: how many rows to show at most
    :returns: Page
    """
    begun = time.monotonic()
    looked_at = min(int(page_size * LOOKED_AT_A_ROW), MOST_LOOKED_AT)
    seen = cinder.survey(cloud, query.regions(looked_at), counted=tuple(_COUNTED.values()))
    lost = any(isinstance(found, Unknown) and found.detail == "marker" for found in seen.backups.values())
    if lost and query.after:
        page = read(cloud, query.behind(""), page_size)
        return dataclasses.replace(page, is_restarted=True)
    rows, next_after = _take(seen, query, page_size)
    missing = set(seen.missing)
    for _part in range(MORE_PARTS):
        if not next_after or len(rows) == page_size or time.monotonic() - begun > MORE_SECONDS:
            break
        further = query.behind(next_after)
        more = cinder.survey(cloud, further.regions(MOST_LOOKED_AT))
        found, next_after = _take(more, further, page_size - len(rows))
        rows += found
        missing |= set(more.missing)
    below = [row for row in rows if query.tile is Tile.NEEDS_A_HAND and Tile.NEEDS_A_HAND not in row.tiles]
    shown = [row for row in rows if row not in below]
    _name_projects(cloud, rows)
    return Page(shown, below, next_after, _counts(seen, query), seen.services, tuple(sorted(missing)))


_COUNTED = {Tile.ERROR: (statuses.ERROR,), Tile.DELETING: (statuses.DELETING, statuses.ERROR_DELETING)}


def row_of(evidence):
    """The Row of a backup."""
    return Row(evidence, triage.tiles(evidence, conf.ages()))


def belongs(row, tile):
    """Whether a row is on a tile's page; long running ones are also below the line of those that need a hand."""
    return tile in row.tiles or (tile is Tile.NEEDS_A_HAND and Tile.LONG_RUNNING in row.tiles)


def _order(backup):
    """Cinder's own order of a list by ``updated_at``: NULL comes first, and where it is the same, ``created_at`` and
    ``id`` decide (29.0.0 ``common/sqlalchemyutils.py`` ``paginate_query``, ``db/api.py`` ``process_sort_params``).
    """
    return (str(backup.updated_at or ""), str(backup.created_at or ""), backup.id)


def in_order(seen):
    """The Rows of a survey, the longest unchanged first."""
    found = [backup for backups in seen.backups.values() if known(backups) for backup in backups]
    found.sort(key=_order)
    return [row_of(seen.evidence[backup.id]) for backup in found]


def after(seen, query):
    """The place behind everything that a survey saw, as text; empty if nothing can come after it."""
    places = dict(query.after)
    for region, backups in seen.backups.items():
        if known(backups) and backups:
            places[region.name] = backups[-1].id
    return _place(places) if _is_cut(seen) else ""


def _is_cut(seen):
    """Whether one of the lists was as long as it may be, so that there may be more behind it."""
    return any(_is_cut_off(region, backups) for region, backups in seen.backups.items())


def _is_cut_off(region, backups):
    return known(backups) and len(backups) == region.limit


def _place(places):
    return ",".join(f"{name}:{marker}" for name, marker in places.items())


def _take(seen, query, page_size):
    """The rows of the page, and the place where the next page begins.

    Nothing is taken from behind the end of a list that was cut off: what that goes on with may come before it.
    """
    places, rows = dict(query.after), []
    listed_in = {backup.id: region.name for region, found in seen.backups.items() if known(found) for backup in found}
    ends = [_order(found[-1]) for region, found in seen.backups.items() if _is_cut_off(region, found)]
    for row in in_order(seen):
        if ends and _order(row.backup) > min(ends):
            break
        if belongs(row, query.tile):
            if len(rows) == page_size:
                return rows, _place(places)
            rows.append(row)
        places[listed_in[row.id]] = row.id
    return rows, _place(places) if _is_cut(seen) else ""


def _counts(seen, query):
    """How many backups each tile has, as far as lists tell; the tile that is open is counted row by row."""
    counts = {tile: str(seen.counts[group]) if known(seen.counts[group]) else "?" for tile, group in _COUNTED.items()}
    if (
        query.groups
        and not query.filters
        and not query.status
        and not query.after
        and all(known(found) for found in seen.backups.values())
    ):
        tiles = [row_of(evidence).tiles for evidence in seen.evidence.values()]
        more = "+" if _is_cut(seen) else ""
        for tile, listed in STATUSES.items():
            if listed == STATUSES[query.tile] and tile not in counts:
                counts[tile] = f"{sum(tile in found for found in tiles)}{more}"
    return counts


def _name_projects(cloud, rows):
    names = naming.project_names(cloud, {row.project_id for row in rows})
    for row in rows:
        row.project_name = names.get(row.project_id)
