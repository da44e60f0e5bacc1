# SPDX-License-Identifier: Apache-2.0
"""Where evidence comes from: each source is one small function.

A source takes a Row and answers a mapping from ``Source`` to what it found out. To add one, write the function and
put it in ``SOURCES``: nothing else changes. It may raise CinderFault, ControlsFailed or Late; the record then says
why it is missing.
"""

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.held import other_holders
from backup_reset_panel.cinder.held import previous_status
from backup_reset_panel.cinder.held import restore_target
from backup_reset_panel.cinder.held import temporary
from backup_reset_panel.cinder.held import volume
from backup_reset_panel.cinder.reads import moment
from backup_reset_panel.cinder.reads import to_service
from backup_reset_panel.cinder.reads import to_snapshot
from backup_reset_panel.cinder.takers import last_host
from backup_reset_panel.cinder.takers import service_column
from backup_reset_panel.core.evidence import Chain
from backup_reset_panel.core.evidence import ChainEnd
from backup_reset_panel.core.outcome import FaultKind
from backup_reset_panel.core.records import Message
from backup_reset_panel.core.sources import Source

MOST_ANCESTORS = 100


def services(row):
    """All cinder-backup services of the cloud."""
    return {Source.SERVICES: tuple(to_service(raw) for raw in row.services)}


def snapshot(row):
    """The snapshot that the backup is made from."""
    try:
        found = to_snapshot(row.ask(row.cloud.reads.volume_snapshots.get, row.backup.snapshot_id))
    except CinderFault as exc:
        if exc.fault.kind is not FaultKind.NO_SUCH_BACKUP:
            raise
        return {Source.SNAPSHOT: None}
    return {Source.SNAPSHOT: found}


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
        if is_possible and row.matches("backups", child.id, parent_id=candidate.id):
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


#: Which function answers which sources. Those that have nothing to wait for come first: what one of them asks for, a
#: later one often needs too, and would keep a thread waiting for it.
SOURCES = (
    (other_holders, {Source.OTHER_HOLDERS}),
    (volume, {Source.VOLUME}),
    (previous_status, {Source.PREVIOUS_STATUS}),
    (service_column, {Source.TAKEN_UP, Source.DRIVER}),
    (restore_target, {Source.RESTORE_TARGET}),
    (ancestors, {Source.ANCESTORS}),
    (snapshot, {Source.SNAPSHOT}),
    (messages, {Source.MESSAGES}),
    (children, {Source.CHILDREN}),
    (temporary, {Source.TEMP_VOLUME, Source.TEMP_SNAPSHOT}),
    (services, {Source.SERVICES}),
    (last_host, {Source.LAST_HOST}),
)
