# SPDX-License-Identifier: Apache-2.0
"""Sources: the volumes that a backup holds, what else is theirs, and who else holds them."""

import contextlib
import math

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.probes import ControlsFailed
from backup_reset_panel.cinder.reads import moment
from backup_reset_panel.cinder.reads import to_volume
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.outcome import FaultKind
from backup_reset_panel.core.repairs import BACKING_UP
from backup_reset_panel.core.sources import Source
from backup_reset_panel.core.sources import wanted

#: A restore target is looked for among this many volumes at most, the likely ones out of so many that are listed.
MOST_TARGETS = 20
MOST_VOLUMES = 100
_TARGET_STATUSES = ("restoring-backup", "creating")
#: What a volume may have been before a backup (29.0.0 ``backup/api.py`` ``create``).
_BEFORE_BACKUP = ("available", "in-use")


def volume(row):
    """The source volume; None: it is gone."""
    return {Source.VOLUME: row.once("volume", lambda: _read_volume(row))}


def _read_volume(row):
    """The source volume, or None.

    Of a backup that is being created it comes with the answer to what it was before: one list, no more than a read.
    """
    if _is_created_from_volume(row):
        with contextlib.suppress(CinderFault, ControlsFailed):
            for status in _BEFORE_BACKUP:
                for raw in _listed_if_before(row, status):
                    return to_volume(raw)
    try:
        return to_volume(row.ask(row.cloud.reads.volumes.get, row.backup.volume_id))
    except CinderFault as exc:
        if exc.fault.kind is not FaultKind.NO_SUCH_BACKUP:
            raise
        return None


def _is_created_from_volume(row):
    return row.backup.status == statuses.CREATING and not row.backup.snapshot_id


def _listed_if_before(row, status):
    """The client's row of the source volume in a list, if that is its ``previous_status``; an empty list if not."""

    def ask():
        options = {"all_tenants": 1, "id": row.backup.volume_id, "previous_status": status}
        listed = row.ask(row.cloud.reads.volumes.list, search_opts=options)
        if any(raw.id != row.backup.volume_id for raw in listed):
            raise ControlsFailed
        return listed

    return row.once(("before", status), ask)


def _before_backup(row):
    """What the source volume was before the backup, by its ``previous_status``; None: neither of the two.

    Both are asked for: each is the other's control, since a filter that is dropped would find the volume twice.

    :raises ControlsFailed: it was found twice
    """
    found = [status for status in reversed(_BEFORE_BACKUP) if _listed_if_before(row, status)]
    if len(found) > 1:
        raise ControlsFailed
    return found[0] if found else None


def previous_status(row):
    """What the source volume's hidden ``previous_status`` holds; None: none of those that a backup leaves.

    Of a volume that is held: its status before the backup. Of any other: whether a backup's end is written there, and
    which; what else it holds tells nothing.
    """
    before = _before_backup(row) if _is_created_from_volume(row) else None
    found = row.once("volume", lambda: _read_volume(row))
    is_held = found is not None and found.status == BACKING_UP
    if is_held and not _is_created_from_volume(row):
        before = _before_backup(row)
    if before:
        return {Source.PREVIOUS_STATUS: before if is_held else Unknown(Gap.NOT_ASKED)}
    if found is None or not row.volume_is(found.id, "previous_status~", BACKING_UP):
        return {Source.PREVIOUS_STATUS: None if is_held else Unknown(Gap.NOT_ASKED)}
    has_failed = row.volume_is(found.id, "previous_status", "error_backing-up")
    return {Source.PREVIOUS_STATUS: "error_backing-up" if has_failed else BACKING_UP}


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
    if source and source.status in _TARGET_STATUSES and _is_restored_into(row, source.id):
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


def _is_restored_into(row, volume_id):
    """Whether the backup's ``restore_volume_id`` is that volume's id.

    Of one that is being restored the list of all that are being restored into it tells, which is needed anyway.
    """
    if row.backup.status != statuses.RESTORING:
        return row.backup_is("restore_volume_id", volume_id)
    is_listed = any(found.id == row.backup.id for found in _restored_into(row, volume_id))
    if is_listed:
        row.believe_match("backups", row.backup.id)
    return is_listed


def _restored_into(row, volume_id):
    """Backups that are being restored into a volume."""
    options = {"status": statuses.RESTORING, "restore_volume_id": volume_id}
    return row.once(("restored into", volume_id), lambda: row.backups(**options))


def _apart(one, other):
    """Seconds between two moments; those that are not known come last."""
    return abs((one - other).total_seconds()) if one and other else math.inf


def temporary(row):
    """Whether a temporary volume or snapshot of this backup is recorded (hidden).

    Not asked where Cinder makes none: for a volume that was ``available`` it backs up the volume itself (29.0.0
    ``volume/driver.py`` ``_get_backup_volume_temp_volume`` and ``_get_backup_volume_temp_snapshot``; no driver makes
    one on its own). With another backup of the volume in flight it is asked: the note may be that one's.
    """
    if _is_created_from_volume(row) and _was_idle(row):
        return dict.fromkeys((Source.TEMP_VOLUME, Source.TEMP_SNAPSHOT), Unknown(Gap.NOT_ASKED))
    return {
        Source.TEMP_VOLUME: row.backup_is("temp_volume_id~", "-"),
        Source.TEMP_SNAPSHOT: row.backup_is("temp_snapshot_id~", "-"),
    }


def _was_idle(row):
    try:
        return _before_backup(row) == "available" and not _others_in_flight(row)
    except (CinderFault, ControlsFailed):
        return False


def _others_in_flight(row):
    """Other backups of the same volume that are being created or restored."""
    held = (statuses.CREATING, statuses.RESTORING)
    return [found for found in row.in_flight if found.status in held and found.id != row.backup.id]


def other_holders(row):
    """Other backups in flight of the same volume, and those that are being restored into the same target.

    One that is being restored holds nothing but its target.
    """
    is_restoring = row.backup.status == statuses.RESTORING
    others = {} if is_restoring else {found.id: found for found in _others_in_flight(row)}
    target = row.once("target", lambda: _find_target(row)) if Source.RESTORE_TARGET in wanted(row.backup) else None
    if known(target) and target:
        others.update({found.id: found for found in _restored_into(row, target.id)})
    others.pop(row.backup.id, None)
    return {Source.OTHER_HOLDERS: tuple(others.values())}
