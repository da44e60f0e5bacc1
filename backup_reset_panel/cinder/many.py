# SPDX-License-Identifier: Apache-2.0
"""Reading and asking many at once: by one list where that will do, side by side where it will not."""

import concurrent.futures
import dataclasses

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.client import asked
from backup_reset_panel.cinder.collect import gap
from backup_reset_panel.cinder.filters import SHARED
from backup_reset_panel.cinder.filters import in_statuses
from backup_reset_panel.cinder.reads import read_backup
from backup_reset_panel.cinder.reads import read_snapshot
from backup_reset_panel.cinder.reads import read_volume
from backup_reset_panel.cinder.reads import to_backup
from backup_reset_panel.cinder.reads import to_service
from backup_reset_panel.core import statuses
from backup_reset_panel.core.outcome import GONE

#: More rows than are looked for, so that some that others changed do not push them out of the list.
SPARE_ROWS = 20
LONGEST_LIST = 1000
#: So few are read one by one: that costs less than a list.
FEW = 4
#: Statuses that one list can be asked for together.
_GROUPS = {status: group for group in SHARED for status in group}
_THREADS = 4


def side_by_side(work, items, threads=_THREADS):
    """Do the same for many, some at a time.

    :param work: function of one item
    :param items: list
    :returns: list of what ``work`` returned, in order
    """
    with concurrent.futures.ThreadPoolExecutor(max_workers=threads) as pool:
        return list(pool.map(work, items))


def read_many(cloud, wanted):
    """Read backups that have long been in a status: by lists, and one by one only where they are not in them.

    :param cloud: Cloud
    :param wanted: (backup id, status that it should have) pairs
    :returns: dict of id to Backup, or to the Fault for which it could not be read
    """
    groups = {}
    for backup_id, status in wanted:
        groups.setdefault(_GROUPS.get(status, (status,)), set()).add(backup_id)
    questions = [
        ({**in_statuses(group), "sort": "updated_at:asc"}, ids)
        for group, ids in groups.items()
        if group != (None,) and len(ids) > FEW
    ]
    found = {}
    for listed in side_by_side(lambda each: _listed(cloud, *each), questions):
        found.update(listed)
    return found | _read_singly(cloud, [backup_id for backup_id, _status in wanted if backup_id not in found])


def read_changed(cloud, ids, singly=True):
    """Read backups that were changed just now: by the list of those, whatever their status is.

    :param cloud: Cloud
    :param ids: list of backup ids
    :param singly: whether those that are not in the list are read one by one, or left out
    :returns: dict of id to Backup, or to the Fault for which it could not be read
    """
    found = _listed(cloud, {"sort": "updated_at:desc"}, set(ids)) if len(ids) > FEW else {}
    missing = [backup_id for backup_id in ids if backup_id not in found]
    return found | _read_singly(cloud, missing if singly or len(ids) <= FEW else [])


def _listed(cloud, options, ids):
    limit = min(len(ids) + SPARE_ROWS, LONGEST_LIST)
    try:
        raws = asked(cloud.reads.backups.list, search_opts={"all_tenants": 1, **options}, limit=limit)
    except CinderFault:
        return {}
    return {raw.id: to_backup(raw) for raw in raws if raw.id in ids}


def _read_singly(cloud, ids):
    """Read one by one; when Cinder turns out to be gone, no more of them are asked for, and all have that Fault."""
    gone = []

    def single(backup_id):
        if gone:
            return gone[0]
        try:
            return read_backup(cloud, backup_id)
        except CinderFault as exc:
            if exc.fault.kind in GONE:
                gone.append(exc.fault)
            return exc.fault

    return dict(zip(ids, side_by_side(single, ids), strict=True))


def read_services(cloud):
    """All cinder-backup services: tuple of Service, or Unknown."""
    try:
        return tuple(to_service(raw) for raw in asked(cloud.reads.services.list, binary="cinder-backup"))
    except CinderFault as exc:
        return gap(exc.fault)


def others_at_work(cloud, host, backup_id):
    """How many other backups are in flight at a cinder-backup host (``host`` is hidden, and a filter for
    administrators).

    :returns: int, or Unknown
    """
    found = set()
    for status in statuses.IN_FLIGHT:
        options = {"all_tenants": 1, "status": status, "host": host}
        try:
            found.update(raw.id for raw in asked(cloud.reads.backups.list, detailed=False, search_opts=options))
        except CinderFault as exc:
            return gap(exc.fault)
    return len(found - {backup_id})


def with_holders(cloud, evidence):
    """The Evidence with its volume and snapshot, and with the other backups in flight of that volume, as
    they are now.
    """
    backup = evidence.backup
    if not backup.volume_id or backup.volume_id == statuses.NO_VOLUME:
        return evidence
    try:
        volume = read_volume(cloud, backup.volume_id)
        snapshot = read_snapshot(cloud, backup.snapshot_id) if backup.snapshot_id else evidence.snapshot
        listed = asked(cloud.reads.backups.list, search_opts={"all_tenants": 1, "volume_id": backup.volume_id})
    except CinderFault as exc:
        return dataclasses.replace(evidence, volume=gap(exc.fault), other_holders=gap(exc.fault))
    holders = tuple(
        to_backup(raw)
        for raw in listed
        if raw.id != backup.id and raw.status in (statuses.CREATING, statuses.RESTORING)
    )
    return dataclasses.replace(evidence, volume=volume, snapshot=snapshot, other_holders=holders)
