# SPDX-License-Identifier: Apache-2.0
"""Reading many backups: by one list where that will do, one by one where it will not."""

from __future__ import annotations

import dataclasses

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.evidence.batch import Batch
from backup_reset_panel.cinder.evidence.batch import Group
from backup_reset_panel.cinder.filters import SHARED
from backup_reset_panel.cinder.filters import in_statuses
from backup_reset_panel.cinder.questions import NEWEST_FIRST
from backup_reset_panel.cinder.questions import OLDEST_FIRST
from backup_reset_panel.cinder.questions import Listed
from backup_reset_panel.cinder.reads import read_backup
from backup_reset_panel.cinder.threads import side_by_side
from backup_reset_panel.core import statuses
from backup_reset_panel.core.outcome.types import GONE
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.records import Backup

#: More rows than are looked for, so that some that others changed do not push them out of the list.
SPARE_ROWS = 20
LONGEST_LIST = 1000
#: So few are read one by one: that costs less than a list.
FEW = 4
#: So often a list is begun anew behind a row that is looked for.
PARTS = 3
#: The statuses that are looked for together, where it is not known in which the rows are.
_LIKELY = ((statuses.CREATING, statuses.RESTORING), (statuses.DELETING, statuses.ERROR_DELETING), (statuses.ERROR,))
_GROUPS = {status: group for group in SHARED for status in group}


@dataclasses.dataclass(frozen=True)
class Gathered:
    """Backups that were looked for.

    :param batch: those that were read
    :param faults: id of each other one to why it could not be
    """

    batch: Batch
    faults: dict[str, Fault]


def gather(cloud: Cloud, wanted: dict[str, str | None]) -> Gathered:
    """Read backups that have long been in a status, so that they can be asked about together.

    :param wanted: id to the status that it should have, None: not known
    """
    groups: list[Group] = []
    left = dict(wanted)
    if len(wanted) > FEW:
        groups = [
            group for group in side_by_side(cloud.person, lambda each: _head(cloud, *each), _heads(wanted)) if group
        ]
        left = {each: status for each, status in wanted.items() if not any(each in group.ids for group in groups)}
    found = read_singly(cloud, list(left))
    single = [each for each in found.values() if isinstance(each, Backup)]
    more, single = _behind(cloud, single)
    faults = {each: fault for each, fault in found.items() if isinstance(fault, Fault)}
    return Gathered(Batch.of([*groups, *more], single), faults)


def _heads(wanted: dict[str, str | None]) -> list[tuple[tuple[str, ...], set[str]]]:
    """The lists to look at, and what may be in each."""
    if None in wanted.values():
        return [(group, set(wanted)) for group in _LIKELY]
    by_group: dict[tuple[str, ...], set[str]] = {}
    for backup_id, status in wanted.items():
        by_group.setdefault(_group_of(status), set()).add(backup_id)
    return [(group, ids) for group, ids in by_group.items() if group and len(ids) > FEW]


def _group_of(status: str | None) -> tuple[str, ...]:
    return _GROUPS.get(status or "", (status,) if status else ())


def _head(cloud: Cloud, group: tuple[str, ...], ids: set[str], marker: str | None = None) -> Group | None:
    """Those of the ids that are in a list, which begins with what was not changed for the longest time."""
    filters = tuple(in_statuses(group).items())
    limit = min(len(ids) + SPARE_ROWS, LONGEST_LIST)
    try:
        rows = Listed("backups", filters, whole=True, sort=OLDEST_FIRST, limit=limit, marker=marker).put(cloud)
    except CinderFault:
        return None
    return Group(tuple(row for row in rows if row.id in ids), filters, limit, marker)


def _behind(cloud: Cloud, single: list[Backup]) -> tuple[list[Group], list[Backup]]:
    """Put rows that are far down in their lists together, each list begun behind the first of them.

    :returns: groups, and what is left to be asked about one by one
    """
    by_group: dict[tuple[str, ...], list[Backup]] = {}
    for row in single:
        by_group.setdefault(_group_of(row.status), []).append(row)
    groups: list[Group] = []
    left = by_group.pop((), [])
    for statuses_of, members in by_group.items():
        rest = sorted(members, key=place)
        for _part in range(PARTS):
            if len(rest) <= FEW:
                break
            group = _head(cloud, statuses_of, {row.id for row in rest[1:]}, rest[0].id)
            if group is None or not group.rows:
                break
            groups.append(group)
            left.append(rest[0])
            rest = [row for row in rest[1:] if row.id not in group.ids]
        left += rest
    return groups, left


def place(row: Backup) -> tuple[str, str, str]:
    """Cinder's own order of a list by ``updated_at``: NULL comes first, and where it is the same, ``created_at`` and
    ``id`` decide (29.0.0 ``common/sqlalchemyutils.py`` ``paginate_query``, ``db/api.py`` ``process_sort_params``).
    """
    return (str(row.updated_at or ""), str(row.created_at or ""), row.id)


def read_changed(cloud: Cloud, ids: list[str], singly: bool = True) -> dict[str, Backup | Fault]:
    """Read backups that were changed just now: by the list of those, whatever their status is.

    :param singly: whether those that are not in the list are read one by one, or left out
    """
    found: dict[str, Backup | Fault] = {}
    if len(ids) > FEW:
        limit = min(len(ids) + SPARE_ROWS, LONGEST_LIST)
        try:
            rows = Listed("backups", (), whole=True, sort=NEWEST_FIRST, limit=limit).put(cloud)
        except CinderFault:
            rows = ()
        wanted = set(ids)
        found = {row.id: row for row in rows if row.id in wanted}
    missing = [each for each in ids if each not in found]
    return found | read_singly(cloud, missing if singly or len(ids) <= FEW else [])


def read_singly(cloud: Cloud, ids: list[str]) -> dict[str, Backup | Fault]:
    """Read one by one; when Cinder turns out to be gone, no more of them are asked for, and all have that Fault."""
    gone: list[Fault] = []

    def single(backup_id: str) -> Backup | Fault:
        if gone:
            return gone[0]
        try:
            return read_backup(cloud, backup_id)
        except CinderFault as exc:
            if exc.fault.kind in GONE:
                gone.append(exc.fault)
            return exc.fault

    return dict(zip(ids, side_by_side(cloud.person, single, ids), strict=True))
