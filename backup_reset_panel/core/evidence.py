# SPDX-License-Identifier: Apache-2.0
"""What every source said about one backup, and which of them said nothing.

A source that gave no answer is never taken for one that said "no": its field holds an ``Unknown`` with the reason, and
``known`` is the only way to look through it.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import typing

from backup_reset_panel.core.pending import Pending
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Message
from backup_reset_panel.core.records import Service
from backup_reset_panel.core.records import Snapshot
from backup_reset_panel.core.records import Volume
from backup_reset_panel.core.sources import Source
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import State

if typing.TYPE_CHECKING:
    from typing_extensions import TypeIs

Answer = typing.TypeVar("Answer")


class Gap(enum.Enum):
    """Why a source gave no answer.

    TIMED_OUT and FAILED: it may give one at the next try. REFUSED, NOT_OFFERED, CONTROLS_FAILED: not for this user, or
    not in this cloud. NONE_SUCH: there is no such record. NOT_LISTED, NOT_UP: of the host last asked: it is none of the
    services, or none of those that are up.
    """

    NOT_ASKED = "not_asked"
    TIMED_OUT = "timed_out"
    REFUSED = "refused"
    FAILED = "failed"
    NOT_OFFERED = "not_offered"
    CONTROLS_FAILED = "controls_failed"
    NONE_SUCH = "none_such"
    NOT_LISTED = "not_listed"
    NOT_UP = "not_up"


#: Gaps that another try may fill: nothing may be concluded from them.
LATE = frozenset({Gap.TIMED_OUT, Gap.FAILED})


@dataclasses.dataclass(frozen=True)
class Unknown:
    """The place of an answer that did not come.

    It has no truth value, so that "unknown" can never pass for "no" by an ``if``.

    :param why: Gap; CONTROLS_FAILED is a hidden-column look-up whose controls did not answer as they must: an
        impossible value has to give no row, the known id one, since Cinder drops filters silently for some callers
        (29.0.0 ``api/common.py``)
    :param detail: Cinder's own words or a request id, for the fold; may be empty
    """

    why: Gap = Gap.NOT_ASKED
    detail: str = ""

    def __bool__(self) -> bool:
        raise TypeError("Unknown is neither true nor false: ask known() first")


NOT_ASKED = Unknown()


def known(answer: Answer | Unknown) -> TypeIs[Answer]:
    """Whether a source answered; None (NULL in Cinder, or gone), False and () are answers."""
    return not isinstance(answer, Unknown)


def is_late(answer: object) -> bool:
    """Whether a source was asked and did not answer this time: then nothing is known, and another try may tell."""
    return isinstance(answer, Unknown) and answer.why in LATE


def says(answer: object, value: object) -> bool:
    """Whether a source of Cinder's answered, and with just that value."""
    return known(answer) and answer == value


#: ``Evidence.driver`` of a backup whose ``service`` was proved to be set, and to be none that we can name.
FOREIGN = "foreign"

_MODULES = ("swift", "nfs", "posix", "s3", "gcs", "google", "glusterfs")
_CLASSES = (
    "swift.SwiftBackupDriver",
    "nfs.NFSBackupDriver",
    "posix.PosixBackupDriver",
    "s3.S3BackupDriver",
    "gcs.GoogleBackupDriver",
    "google.GoogleBackupDriver",
    "glusterfs.GlusterfsBackupDriver",
)

#: The exact values of ``service`` that stand for an in-tree chunked driver: classes (Rocky and later), then modules.
#: Only these save ``object_count`` after all data, checksums and metadata (``chunkeddriver.py``, 10.0.8 to 29.0.0).
CHUNKED_DRIVERS = tuple(f"cinder.backup.drivers.{name}" for name in _CLASSES + _MODULES)

#: Values worth a name though they prove nothing: Ceph never counts objects (``backup/drivers/ceph.py``, 29.0.0).
CEPH_DRIVERS = ("cinder.backup.drivers.ceph.CephBackupDriver", "cinder.backup.drivers.ceph")


class ChainEnd(enum.Enum):
    """How the walk from an incremental backup to its full one ended (``parent_id`` in Cinder's database)."""

    FULL = "full"
    MISSING = "missing"
    LOST = "lost"


@dataclasses.dataclass(frozen=True)
class Chain:
    """The ancestors of an incremental backup, nearest first.

    ``parent_id`` is hidden, yet a filter (29.0.0 ``api/common.py``): the walk probes
    ``id=<this>&parent_id=<candidate>`` over the volume's backups of all projects.

    :param ancestors: tuple of Backup found so far
    :param end: FULL: the last one is a full backup; MISSING: no candidate is the parent of the last one (Cinder lets an
        administrator of another project delete a parent that has children, 29.0.0 ``backup/api.py`` ``delete``); LOST:
        the walk could not be finished
    """

    ancestors: tuple[Backup, ...] = ()
    end: ChainEnd = ChainEnd.LOST


@dataclasses.dataclass(frozen=True)
class Evidence:
    """All that is known about one backup at one moment. Each field may hold an ``Unknown``.

    :param backup: Backup, or None when Cinder said that there is none
    :param read_at: aware datetime of the reading, the "now" of every age
    :param taken_up: whether ``service`` is set; False only if proved for this row with both controls
    :param driver: the exact ``service`` (one of CHUNKED_DRIVERS or CEPH_DRIVERS), or FOREIGN
    :param last_host: ``host``: the host last asked, not always the owner; None: proved to be NULL; Unknown with NOT_UP
        or NOT_LISTED: one that is not up
    :param volume: source Volume, None: gone
    :param previous_status: the source volume's ``previous_status``: available, in-use, backing-up or error_backing-up;
        None: another one
    :param snapshot: source Snapshot, None: gone
    :param restore_target: Volume that this backup's ``restore_volume_id`` names, None: there is none in
        ``restoring-backup`` or ``creating``
    :param was_restored: whether ``restore_volume_id`` names a volume at all
    :param ancestors: Chain, for incremental backups
    :param children: tuple of Backup that name this one as parent, all projects
    :param messages: tuple of Message about this backup
    :param services: tuple of Service, every cinder-backup of the cloud
    :param temp_volume: whether ``temp_volume_id`` is set; ``temp_snapshot``: the same of ``temp_snapshot_id``
    :param other_holders: tuple of other Backup in flight: those of the same volume, and those that are being restored
        into ``restore_target``; ``repairs.holders`` says which of them hold what
    :param pending: tuple of Pending, resets of ours that may still be applied, the latest first
    :param storage: Finding, what its store proves; None: it was not looked at
    """

    backup: Backup | Unknown | None
    read_at: datetime.datetime
    taken_up: bool | Unknown = NOT_ASKED
    driver: str | Unknown = NOT_ASKED
    last_host: str | Unknown | None = NOT_ASKED
    volume: Volume | Unknown | None = NOT_ASKED
    previous_status: str | Unknown | None = NOT_ASKED
    snapshot: Snapshot | Unknown | None = NOT_ASKED
    restore_target: Volume | Unknown | None = NOT_ASKED
    was_restored: bool | Unknown = NOT_ASKED
    ancestors: Chain | Unknown = NOT_ASKED
    children: tuple[Backup, ...] | Unknown = NOT_ASKED
    messages: tuple[Message, ...] | Unknown = NOT_ASKED
    services: tuple[Service, ...] | Unknown = NOT_ASKED
    temp_volume: bool | Unknown = NOT_ASKED
    temp_snapshot: bool | Unknown = NOT_ASKED
    other_holders: tuple[Backup, ...] | Unknown = NOT_ASKED
    pending: tuple[Pending, ...] = ()
    storage: Finding | None = None

    @property
    def record(self) -> Backup:
        """The Backup; only where it was read, which row 1 of the verdict makes sure of for all others.

        :raises TypeError: it was not
        """
        if not isinstance(self.backup, Backup):
            raise TypeError("the backup could not be read")
        return self.backup

    @property
    def status(self) -> str | None:
        """The backup's status; None if it has none (NULL in Cinder) or could not be read."""
        return self.backup.status if isinstance(self.backup, Backup) else None

    @property
    def missing(self) -> tuple[tuple[Source, Unknown], ...]:
        """The sources that were asked and did not answer, as (Source, Unknown) pairs."""
        pairs = ((source, getattr(self, source.value)) for source in Source)
        told = (Gap.NOT_ASKED, Gap.NOT_UP, Gap.NOT_LISTED)
        return tuple((each, why) for each, why in pairs if isinstance(why, Unknown) and why.why not in told)

    @property
    def is_left_over_known(self) -> bool:
        """Whether a temporary volume or snapshot is known to be recorded for it."""
        return says(self.temp_volume, True) or says(self.temp_snapshot, True)

    @property
    def has_left_over(self) -> bool:
        """Whether a temporary volume or snapshot is recorded for it, or that could not be determined."""
        return any(not says(answer, False) for answer in (self.temp_volume, self.temp_snapshot) if _was_asked(answer))

    @property
    def is_moved_by_reset(self) -> bool:
        """Whether the host last asked is that of a reset of ours, and nobody has written to the backup since."""
        written = self.backup.updated_at if isinstance(self.backup, Backup) else None
        return any(each.has_written_last(written) for each in self.pending)


def _was_asked(answer: object) -> bool:
    return not isinstance(answer, Unknown) or answer.why is not Gap.NOT_ASKED


def chunked(evidence: Evidence) -> bool:
    """Whether the backup was proved to be written by a driver whose ``object_count`` proves something.

    By exact equality: a subclass may save it at another time than 29.0.0 ``chunkeddriver.py`` does.
    """
    return known(evidence.driver) and evidence.driver in CHUNKED_DRIVERS


def on_store(evidence: Evidence, state: State) -> bool:
    """Whether the backup's store was looked at, and with just that finding."""
    return evidence.storage is not None and evidence.storage.state is state


def counted(backup: Backup) -> bool:
    """Whether objects were recorded. The number proves no more: it is N + 1 up to Cinder 13, N from 14 on."""
    return (backup.object_count or 0) > 0
