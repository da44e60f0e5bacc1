# SPDX-License-Identifier: Apache-2.0
"""Where evidence comes from: each source is one small function.

A source takes a Row and answers a mapping from ``Source`` to what it found out. To add one, write the function and
put it in ``SOURCES``: nothing else changes. It may raise CinderFault, ControlsFailed or Late; the record then says
why it is missing.
"""

import math

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.reads import moment
from backup_reset_panel.cinder.reads import to_service
from backup_reset_panel.cinder.reads import to_snapshot
from backup_reset_panel.cinder.reads import to_volume
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import CEPH_DRIVERS
from backup_reset_panel.core.evidence import CHUNKED_DRIVERS
from backup_reset_panel.core.evidence import FOREIGN
from backup_reset_panel.core.evidence import Chain
from backup_reset_panel.core.evidence import ChainEnd
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.outcome import FaultKind
from backup_reset_panel.core.records import Message
from backup_reset_panel.core.sources import Source
from backup_reset_panel.core.sources import wanted

#: A restore target is looked for among this many volumes at most, the likely ones out of so many that are listed.
MOST_TARGETS = 20
MOST_VOLUMES = 100
_TARGET_STATUSES = ("restoring-backup", "creating")
MOST_ANCESTORS = 100


def service_column(row):
    """Whether cinder-backup ever took the backup up, and which driver wrote it (the hidden column ``service``)."""
    likely, unlikely = drivers_by_container(row.backup.container)
    for driver in likely:
        if row.backup_is("service", driver):
            return {Source.TAKEN_UP: True, Source.DRIVER: driver}
    if not row.backup_is("service~", "."):
        return {Source.TAKEN_UP: False, Source.DRIVER: FOREIGN}
    for driver in unlikely:
        if row.backup_is("service", driver):
            return {Source.TAKEN_UP: True, Source.DRIVER: driver}
    return {Source.TAKEN_UP: True, Source.DRIVER: FOREIGN}


def drivers_by_container(container):
    """The exact values of ``service`` to ask for, in two tuples: those that make such a container, and the others.

    File system drivers split the backup's id into folders (``ab/cd/abcd…``), Ceph's container is its pool, that of an
    object store is a bucket. Without a container nothing was begun: no driver is likely.
    """
    drivers = (*CHUNKED_DRIVERS, *CEPH_DRIVERS)
    shaped = ("posix", "nfs") if "/" in (container or "") else ("swift", "s3", "ceph")
    likely = [
        driver for driver in drivers if container and driver.endswith("Driver") and driver.split(".")[3] in shaped
    ]
    likely.sort(key=lambda driver: shaped.index(driver.split(".")[3]))
    return tuple(likely), tuple(driver for driver in drivers if driver not in likely)


def services(row):
    """All cinder-backup services of the cloud."""
    return {Source.SERVICES: tuple(to_service(raw) for raw in row.services)}


def last_host(row):
    """The host that was asked last about this backup (hidden); None: none was."""
    for raw in row.services:
        if row.backup_is("host", raw.host):
            return {Source.LAST_HOST: raw.host}
    if not row.backup_is("host~", "."):
        return {Source.LAST_HOST: None}
    return {}


def volume(row):
    """The source volume; None: it is gone."""
    return {Source.VOLUME: row.once("volume", lambda: _read_volume(row))}


def _read_volume(row):
    try:
        return to_volume(row.ask(row.cloud.reads.volumes.get, row.backup.volume_id))
    except CinderFault as exc:
        if exc.fault.kind is not FaultKind.NO_SUCH_BACKUP:
            raise
        return None


def previous_status(row):
    """What the source volume's hidden ``previous_status`` holds; None: none of those that a backup leaves.

    Of a volume that is held: its status before the backup, the one that its attachments speak for asked first. Of any
    other: whether a backup's end is written there, and which; what else it holds tells nothing.
    """
    found = row.once("volume", lambda: _read_volume(row))
    is_held = found is not None and found.status == "backing-up"
    if is_held:
        likely = ("in-use", "available") if found.attachments else ("available", "in-use")
        for status in likely:
            if row.volume_is(found.id, "previous_status", status):
                return {Source.PREVIOUS_STATUS: status}
    if found is None or not row.volume_is(found.id, "previous_status~", "backing-up"):
        return {Source.PREVIOUS_STATUS: None if is_held else Unknown(Gap.NOT_ASKED)}
    has_failed = row.volume_is(found.id, "previous_status", "error_backing-up")
    return {Source.PREVIOUS_STATUS: "error_backing-up" if has_failed else "backing-up"}


def snapshot(row):
    """The snapshot that the backup is made from."""
    try:
        found = to_snapshot(row.ask(row.cloud.reads.volume_snapshots.get, row.backup.snapshot_id))
    except CinderFault as exc:
        if exc.fault.kind is not FaultKind.NO_SUCH_BACKUP:
            raise
        return {Source.SNAPSHOT: None}
    return {Source.SNAPSHOT: found}


def restore_target(row):
    """The volume that this backup is being restored into: one in ``restoring-backup``, or a new one in ``creating``."""
    return {Source.RESTORE_TARGET: row.once("target", lambda: _find_target(row))}


def _find_target(row):
    """``restore_volume_id`` is hidden and never cleared: only volumes in one of two statuses are asked for; those first
    that were changed when the backup was, since a restore marks both at once (29.0.0 ``backup/api.py`` ``restore``).

    :returns: Volume, None if there is none, Unknown if there were too many to ask for
    """
    if row.backup.status != statuses.RESTORING and not row.backup_is("restore_volume_id~", "-"):
        return None
    source = row.once("volume", lambda: _read_volume(row)) if row.backup.volume_id else None
    if source and source.status in _TARGET_STATUSES and row.backup_is("restore_volume_id", source.id):
        return source
    is_cut = False
    for status in _TARGET_STATUSES:
        opts = {"all_tenants": 1, "status": status}
        listed = row.ask(row.cloud.reads.volumes.list, search_opts=opts, limit=MOST_VOLUMES)
        listed = sorted(listed, key=lambda raw: _apart(moment(getattr(raw, "updated_at", None)), row.backup.updated_at))
        is_cut = is_cut or len(listed) == MOST_VOLUMES or len(listed) > MOST_TARGETS
        for raw in listed[:MOST_TARGETS]:
            if row.backup_is("restore_volume_id", raw.id):
                return to_volume(raw)
    return Unknown(Gap.NOT_ASKED) if is_cut else None


def _apart(one, other):
    """Seconds between two moments; those that are not known come last."""
    return abs((one - other).total_seconds()) if one and other else math.inf


def ancestors(row):
    """The chain that an incremental backup builds on, walked up by asking for each possible parent
    (``parent_id`` is hidden).
    """
    chain = []
    at = row.backup
    while at.is_incremental and len(chain) < MOST_ANCESTORS:
        parent = _parent_of(row, at, [*chain, row.backup])
        if parent is None:
            return {Source.ANCESTORS: Chain(tuple(chain), ChainEnd.MISSING)}
        chain.append(parent)
        at = parent
    return {Source.ANCESTORS: Chain(tuple(chain), ChainEnd.LOST if at.is_incremental else ChainEnd.FULL)}


def _parent_of(row, child, seen):
    known_ids = {backup.id for backup in seen}
    for candidate in row.siblings:
        is_possible = candidate.id not in known_ids and str(candidate.created_at) <= str(child.created_at)
        if is_possible and row.matches("backups", child.id, "parent_id", candidate.id):
            return candidate
    return None


def children(row):
    """The backups that name this one as their parent."""
    row.backup_is("parent_id", "0")
    return {Source.CHILDREN: row.backups(parent_id=row.backup.id)}


def messages(row):
    """What Cinder told the backup's users about it; kept for 30 days (``message_ttl``)."""
    listed = row.ask(row.cloud.reads.messages.list, search_opts={"resource_uuid": row.backup.id})
    found = tuple(
        Message(raw.id, raw.event_id, getattr(raw, "user_message", ""), moment(getattr(raw, "created_at", None)))
        for raw in listed
    )
    return {Source.MESSAGES: found}


def temporary(row):
    """Whether a temporary volume or snapshot of this backup is recorded (hidden)."""
    return {
        Source.TEMP_VOLUME: row.backup_is("temp_volume_id~", "-"),
        Source.TEMP_SNAPSHOT: row.backup_is("temp_snapshot_id~", "-"),
    }


def other_holders(row):
    """Other backups in flight of the same volume, and those that are being restored into the same target."""
    held = (statuses.CREATING, statuses.RESTORING)
    others = {found.id: found for found in row.siblings if found.status in held}
    target = row.once("target", lambda: _find_target(row)) if Source.RESTORE_TARGET in wanted(row.backup) else None
    if known(target) and target:
        restoring = row.backups(status=statuses.RESTORING, restore_volume_id=target.id)
        others.update({found.id: found for found in restoring})
    others.pop(row.backup.id, None)
    return {Source.OTHER_HOLDERS: tuple(others.values())}


#: Which function answers which sources.
SOURCES = (
    (service_column, {Source.TAKEN_UP, Source.DRIVER}),
    (last_host, {Source.LAST_HOST}),
    (volume, {Source.VOLUME}),
    (services, {Source.SERVICES}),
    (ancestors, {Source.ANCESTORS}),
    (restore_target, {Source.RESTORE_TARGET}),
    (previous_status, {Source.PREVIOUS_STATUS}),
    (snapshot, {Source.SNAPSHOT}),
    (temporary, {Source.TEMP_VOLUME, Source.TEMP_SNAPSHOT}),
    (other_holders, {Source.OTHER_HOLDERS}),
    (messages, {Source.MESSAGES}),
    (children, {Source.CHILDREN}),
)
