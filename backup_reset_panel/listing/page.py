# SPDX-License-Identifier: Apache-2.0
"""What the Stuck Backups page lists: its rows, and where the next page begins."""

from __future__ import annotations

import dataclasses
import functools
import time

from backup_reset_panel import cinder
from backup_reset_panel import conf
from backup_reset_panel.core import statuses
from backup_reset_panel.core import triage
from backup_reset_panel.core.durations import span
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.liveness import age
from backup_reset_panel.core.liveness import last_asked
from backup_reset_panel.core.notes import Note
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Service
from backup_reset_panel.core.records import Volume
from backup_reset_panel.core.sources import Purpose
from backup_reset_panel.core.triage import Tile
from backup_reset_panel.core.verdict.table import judge
from backup_reset_panel.core.verdict.types import Verdict
from backup_reset_panel.listing import lookup
from backup_reset_panel.listing.filters import STATUSES
from backup_reset_panel.listing.filters import Query
from backup_reset_panel.listing.locked import locked_of
from backup_reset_panel.resets import pending
from backup_reset_panel.web import projects

#: How many backups of each list are looked at for each row that a page has room for: some need no attention.
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
    def verdict(self) -> Verdict:
        """The Verdict, worked out for those rows that are shown."""
        return judge(self.evidence, conf.rules())

    @functools.cached_property
    def need(self) -> Note | None:
        """Why it needs attention, or None."""
        return triage.need(self.evidence, conf.rules())

    @property
    def is_below(self) -> bool:
        """Whether it stands below the line: it may be live, as far as is known."""
        return Tile.LONG_RUNNING in self.tiles or not self.is_judged

    @property
    def is_judged(self) -> bool:
        """Whether it is known whether it needs attention."""
        return triage.is_judged(self.evidence, conf.rules())

    @property
    def is_locked(self) -> bool:
        """Whether it is here because of what it still holds."""
        return Tile.VOLUME_LOCKED in self.tiles

    @property
    def backup(self) -> Backup:
        """The backup."""
        assert isinstance(self.evidence.backup, Backup)  # nosec B101  # noqa: S101  (rows are made of nothing else)
        return self.evidence.backup

    @property
    def id(self) -> str:
        """The backup's id, by which Horizon knows the row."""
        return self.backup.id

    @property
    def name(self) -> str:
        """The backup's name, or its id where it has none."""
        return self.backup.name or self.backup.id

    @property
    def project_id(self) -> str | None:
        """The backup's project, the target of the policy rule."""
        return self.backup.project_id

    @property
    def status(self) -> str | None:
        """The backup's status as Cinder has it."""
        return self.backup.status

    @property
    def age(self) -> Text:
        """How long nothing has changed, in words."""
        unchanged = age(self.evidence)
        return span(unchanged) if unchanged is not None else "–"

    @property
    def volume(self) -> Volume | None:
        """The volume that it holds or was made of, None where that is not known."""
        for answer in (self.evidence.volume, self.evidence.restore_target):
            if isinstance(answer, Volume):
                return answer
        return None

    @property
    def service(self) -> Service | None:
        """The Service that was asked last, None where it is not known."""
        return last_asked(self.evidence)


@dataclasses.dataclass
class Page:
    """What one page shows.

    :param rows: Rows of the tile
    :param long_running: Rows below the line: they may be live, and have no tick box, so that "all" cannot tick them
    :param next_after: the ``after`` of the next page, empty if this is the last
    :param counts: Tile to text
    :param services: tuple of Service or Unknown
    :param missing: names of what could not be read
    :param unjudged: how many backups in flight could not be judged
    :param is_restarted: whether the place in the list was gone, so that this is the first page
    :param is_whole: whether also what is locked was looked for
    :param is_cut: whether there may be more that is locked than was looked at
    :param elsewhere: what has the wanted id and is not among the rows, None where none is wanted
    """

    rows: list[Row]
    long_running: list[Row]
    next_after: str
    counts: dict[Tile, str]
    services: tuple[Service, ...] | Unknown
    missing: frozenset[str]
    unjudged: int = 0
    is_restarted: bool = False
    is_whole: bool = False
    is_cut: bool = False
    elsewhere: lookup.Elsewhere | None = None

    @property
    def is_well(self) -> bool:
        """Whether it is known that nothing needs attention: every source answered, and every row was judged."""
        return self.is_whole and not (self.rows or self.missing or self.unjudged or self.is_cut)


NOTHING = Page([], [], "", {}, Unknown(Gap.FAILED), frozenset())

_COUNTED = {Tile.ERROR: (statuses.ERROR,), Tile.DELETING: (statuses.DELETING, statuses.ERROR_DELETING)}


def read(cloud: cinder.Cloud, query: Query, page_size: int, is_whole: bool = True) -> Page:
    """Read one page.

    :param page_size: how many rows to show at most
    :param is_whole: whether also to count the other tiles, and to look for what is locked; that costs a third more
    """
    interview = cinder.Interview(cloud)
    if query.wanted_id:
        lookup.begin(interview, query.wanted_id)
    page = _read(interview, query, page_size, is_whole)
    if query.wanted_id:
        shown = {row.id for row in (*page.rows, *page.long_running)}
        page.elsewhere = lookup.elsewhere(interview, query.wanted_id, shown)
        page.missing |= frozenset() if page.elsewhere.is_known else {"backups"}
    _name_projects(cloud, [*page.rows, *page.long_running])
    return page


def _read(interview: cinder.Interview, query: Query, page_size: int, is_whole: bool) -> Page:
    cloud = interview.cloud
    if query.tile is Tile.VOLUME_LOCKED:
        return _locked_page(cloud, query, page_size)
    begun = time.monotonic()
    looked_at = min(int(page_size * LOOKED_AT_A_ROW), MOST_LOOKED_AT)
    counted = tuple(_COUNTED.values()) if is_whole else ()
    seen = survey(interview, query.lists(looked_at), counted)
    if query.after and any(is_lost(found) for found in seen.rows.values()):
        page = _read(cinder.Interview(cloud), query.behind(""), page_size, is_whole)
        return dataclasses.replace(page, is_restarted=True)
    rows, next_after = _take(seen, query, page_size)
    missing, unjudged = seen.missing, _unjudged(seen)
    for _part in range(MORE_PARTS):
        if not next_after or len(rows) == page_size or time.monotonic() - begun > MORE_SECONDS:
            break
        further = query.behind(next_after)
        more = survey(cinder.Interview(cloud), further.lists(MOST_LOOKED_AT))
        found, next_after = _take(more, further, page_size - len(rows))
        rows += found
        missing, unjudged = missing | more.missing, unjudged + _unjudged(more)
    below = [row for row in rows if row.is_below]
    shown = [row for row in rows if not row.is_below]
    page = Page(shown, below, next_after, _counts(seen, query), seen.services, missing, unjudged, is_whole=is_whole)
    if is_whole:
        _add_locked(cloud, page, query, page_size)
    return page


def survey(
    interview: cinder.Interview, lists: tuple[cinder.BackupList, ...], counted: tuple[tuple[str, ...], ...] = ()
) -> cinder.Survey:
    """What some lists show, with what is known of resets of ours that are under way.

    :param counted: statuses to count
    """
    seen = cinder.survey(interview, lists, Purpose.LIST, counted)
    under_way = pending.of_many(seen.evidence)
    told = {each: dataclasses.replace(seen.evidence[each], pending=found) for each, found in under_way.items()}
    return dataclasses.replace(seen, evidence=seen.evidence | told)


def is_lost(found: object) -> bool:
    """Whether a list could not be gone on with, since the backup behind which it was to begin is gone."""
    return isinstance(found, Unknown) and found.why is Gap.NONE_SUCH


def _unjudged(seen: cinder.Survey) -> int:
    rules = conf.rules()
    return sum(not triage.is_judged(each, rules) for each in seen.evidence.values())


def _locked_page(cloud: cinder.Cloud, query: Query, page_size: int) -> Page:
    seen = cinder.survey(cinder.Interview(cloud), (), Purpose.LIST, tuple(_COUNTED.values()))
    counts = _counts(seen, query)
    page = Page([], [], "", counts, seen.services, seen.missing - {"services"}, is_whole=True)
    if not query.has_locked:
        return page
    locked = locked_of(cloud, query, page_size)
    _take_locked(page, locked)
    page.rows = [row_of(each) for each in locked.evidence]
    page.is_cut |= locked.is_left_over
    return page


def _add_locked(cloud: cinder.Cloud, page: Page, query: Query, page_size: int) -> None:
    """Put those first-page rows in whose volume is locked though no job is at work; they follow the others."""
    locked = locked_of(cloud, query, page_size)
    _take_locked(page, locked)
    if query.has_locked:
        page.rows += [row_of(each) for each in locked.evidence][: max(0, page_size - len(page.rows))]
        page.is_cut |= locked.is_left_over


def _take_locked(page: Page, locked: cinder.Locked) -> None:
    page.counts[Tile.VOLUME_LOCKED] = f"{locked.count}{'+' if locked.is_cut else ''}" if locked.is_known else "?"
    page.is_cut = locked.is_cut
    if not locked.is_known:
        page.missing |= {"volume"}
    if locked.count and Tile.NEEDS_ATTENTION in page.counts:
        page.counts[Tile.NEEDS_ATTENTION] = _sum(page.counts[Tile.NEEDS_ATTENTION], locked.count)


def _sum(counted: str, more: int) -> str:
    number = counted.rstrip("+")
    return f"{int(number) + more}{'+' if counted.endswith('+') else ''}" if number.isdigit() else counted


def row_of(evidence: Evidence) -> Row:
    """The Row of a backup."""
    return Row(evidence, triage.tiles(evidence, conf.rules()))


def belongs(row: Row, query: Query) -> bool:
    """Whether a row is on the page; what may be live is also below the line of those that need attention."""
    if not query.passes(row.backup):
        return False
    is_on_tile = query.tile in row.tiles or (query.tile is Tile.NEEDS_ATTENTION and row.is_below)
    return is_on_tile and not is_of_another_host(row, query)


def is_of_another_host(row: Row, query: Query) -> bool:
    """Whether a row is in a list of one host's backups, and yet is not, or not provably, one of them.

    ``host`` is hidden, and Cinder drops a filter by such a column silently for some callers: see ``batch.py``.
    """
    found = row.evidence.last_host
    if not query.host or found == query.host:
        return False
    return not isinstance(found, Unknown) or found.why is Gap.CONTROLS_FAILED


def in_order(seen: cinder.Survey) -> list[Row]:
    """The Rows of a survey, the longest unchanged first."""
    found = [backup for backups in seen.rows.values() if known(backups) for backup in backups]
    found.sort(key=cinder.place)
    return [row_of(seen.evidence[backup.id]) for backup in found]


def after(seen: cinder.Survey, query: Query) -> str:
    """The place behind everything that a survey saw, as text; empty if nothing can come after it."""
    return end_of(seen, query) if _is_cut(seen) else ""


def end_of(seen: cinder.Survey, query: Query) -> str:
    """The place behind everything that a survey saw, as text, whether something can come after it or not."""
    places = dict(query.after)
    for each, backups in seen.rows.items():
        if known(backups) and backups:
            places[each.name] = backups[-1].id
    return _place(places)


def _is_cut(seen: cinder.Survey) -> bool:
    """Whether one of the lists was as long as it may be, so that there may be more behind it."""
    return any(_is_cut_off(each, backups) for each, backups in seen.rows.items())


def _is_cut_off(one: cinder.BackupList, backups: object) -> bool:
    return isinstance(backups, tuple) and len(backups) == one.limit


def _place(places: dict[str, str]) -> str:
    return ",".join(f"{name}:{marker}" for name, marker in places.items())


def _take(seen: cinder.Survey, query: Query, page_size: int) -> tuple[list[Row], str]:
    """The rows of the page, and the place where the next page begins.

    Nothing is taken from behind the end of a list that was cut off: what that goes on with may come before it.
    """
    places = dict(query.after)
    rows: list[Row] = []
    listed_in = {backup.id: each.name for each, found in seen.rows.items() if known(found) for backup in found}
    ends = [cinder.place(found[-1]) for each, found in seen.rows.items() if _is_cut_off(each, found)]
    for row in in_order(seen):
        if ends and cinder.place(row.backup) > min(ends):
            break
        if belongs(row, query):
            if len(rows) == page_size:
                return rows, _place(places)
            rows.append(row)
        places[listed_in[row.id]] = row.id
    return rows, _place(places) if _is_cut(seen) else ""


def _counts(seen: cinder.Survey, query: Query) -> dict[Tile, str]:
    """How many backups each tile has, as far as lists tell; the tile that is open is counted row by row."""
    counts = {
        tile: str(seen.counts[group]) if known(seen.counts[group]) else "?"
        for tile, group in _COUNTED.items()
        if group in seen.counts
    }
    if query.is_whole and all(known(found) for found in seen.rows.values()):
        tiles = [row_of(evidence).tiles for evidence in seen.evidence.values()]
        more = "+" if _is_cut(seen) else ""
        for tile, listed in STATUSES.items():
            if listed == STATUSES[query.tile] and tile not in counts:
                counts[tile] = f"{sum(tile in found for found in tiles)}{more}"
    return counts


def _name_projects(cloud: cinder.Cloud, rows: list[Row]) -> None:
    names = projects.names(cloud, {row.project_id for row in rows if row.project_id})
    for row in rows:
        row.project_name = names.get(row.project_id or "")
