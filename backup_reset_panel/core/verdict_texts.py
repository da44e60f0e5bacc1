# SPDX-License-Identifier: Apache-2.0
"""The words of a verdict: one headline a row, and the reasons for the fold."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.chain import ChainState
from backup_reset_panel.core.chain import chain_state
from backup_reset_panel.core.chain import weak_ancestor
from backup_reset_panel.core.evidence import CEPH_DRIVERS
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.kinds import Kind
from backup_reset_panel.core.liveness import life_text
from backup_reset_panel.core.signs import DeleteSign
from backup_reset_panel.core.signs import delete_sign

_HEADLINES = {
    Kind.UNREADABLE: _("Unknown. Cinder did not tell anything about this backup."),
    Kind.NOT_TAKEN_UP: _("Not taken up by cinder-backup: waiting or lost. Cinder would accept a reset and ignore it."),
    Kind.IMPORT_UNFINISHED: _("Import not finished. Nothing proves that this backup has data."),
    Kind.DELETE_BEGUN: _("Being deleted. Its data may be gone in part."),
    Kind.AVAILABLE: _("Available."),
    Kind.UNKNOWN_STATUS: _("Unknown. Cinder gives this backup no status that is known here."),
    Kind.DELETE_TRIED: _("A delete was tried. Its data may be gone in part."),
    Kind.DRIVER_UNKNOWN: _("Unknown. The driver that wrote this backup leaves no proof that its data is complete."),
    Kind.CHAIN_NOT_PROVED: _("Not proved. An earlier backup that this incremental one needs could not be verified."),
    Kind.COMPLETE: _("Complete. All data was written, with checksums. Only the last status change is missing."),
    Kind.WAS_COMPLETE: _("Was complete once. Nothing shows that it was being deleted since, and nothing rules it out."),
    Kind.WAS_AVAILABLE: _(
        "Sound before the restore. It was available and its record is whole; a restore only reads it."
    ),
    Kind.WAS_AVAILABLE_UNTOLD: _(
        "It was available before this restore. Its record cannot tell whether it is complete."
    ),
    Kind.NEVER_PROVED: _("No proof of completeness. It was available before this restore, yet no data was recorded."),
    Kind.CANNOT_TELL: _(
        "Cannot tell. No data was recorded; an incremental backup of an unchanged volume looks the same."
    ),
    Kind.NO_PROOF: _("No proof of completeness. No data was recorded, so a restore would most likely fail."),
}
_BROKEN = _("Chain broken. An earlier backup that this incremental one needs is gone or was being deleted.")
_RESTORING = {
    Kind.DRIVER_UNKNOWN: _("It was available before this restore. Its driver leaves nothing to verify that with."),
    Kind.CHAIN_NOT_PROVED: _(
        "It was available before this restore. An earlier backup that it needs could not be verified."
    ),
}
_RESTORING_BROKEN = _(
    "It was available before this restore. An earlier backup that it needs is gone or was being deleted."
)
_DELETED_BEFORE = _("It was available before this restore. There is a sign that a delete of it was tried earlier.")


def headline(kind, evidence):
    """The one line of a verdict.

    Each sentence claims what the row of ``verdict.py`` proves from Cinder's code, and no more.

    :param kind: Kind
    :param evidence: Evidence
    :returns: lazy text
    """
    is_restoring = evidence.status == statuses.RESTORING
    if kind is Kind.CHAIN_NOT_PROVED and chain_state(evidence) is ChainState.BROKEN:
        return _RESTORING_BROKEN if is_restoring else _BROKEN
    if kind in (Kind.WAS_AVAILABLE, Kind.WAS_AVAILABLE_UNTOLD) and delete_sign(evidence):
        return _DELETED_BEFORE
    if is_restoring and kind in _RESTORING:
        return _RESTORING[kind]
    return _HEADLINES[kind]


def reasons(kind, evidence):
    """Why, for the fold: what was seen, what in Cinder it rests on, what was not checked.

    :param kind: Kind
    :param evidence: Evidence
    :returns: tuple of lazy texts, most telling first
    """
    if kind is Kind.UNREADABLE:
        return ()
    told = [*_REASONS.get(kind, lambda _evidence: ())(evidence), *_volume_reasons(kind, evidence)]
    alive = life_text(evidence)
    return (*told, alive) if alive else tuple(told)


def _complete(evidence):
    backup = evidence.backup
    yield format_lazy(
        _("An object count of {count} is recorded. Cinder writes it after all data, checksums and metadata."),
        count=backup.object_count,
    )
    yield _("This is what was recorded: the objects were not read back.")
    if backup.is_incremental:
        yield _("Every earlier backup that it builds on was found, and is sound by the same rules.")
    if known(evidence.driver) and ".posix" in evidence.driver:
        yield _("The files may not have reached the disk if its backup host lost power: then test a restore.")


def _was_available(evidence):
    yield _("Cinder restores only from backups that are available, and a restore does not write to them.")
    if sign := delete_sign(evidence):
        yield _SIGNS[sign]


def _delete_tried(evidence):
    yield _SIGNS[delete_sign(evidence)]
    yield _("A driver that fails while deleting leaves the status Error and the object count of a whole backup.")


def _driver_unknown(evidence):
    if not known(evidence.driver):
        yield _("Which driver wrote it could not be found out.")
    elif evidence.driver in CEPH_DRIVERS:
        yield _("Written by the Ceph driver, which records nothing that shows how far a backup got.")
    else:
        yield _("Written by a driver that is not one of Cinder's own drivers that record their progress.")


def _chain(evidence):
    ancestor = weak_ancestor(evidence)
    if ancestor:
        yield format_lazy(
            _("It builds on backup {name}, whose status is {status} and which is not proved to be sound."),
            name=ancestor.name or ancestor.id,
            status=statuses.label(ancestor.status),
        )
    elif chain_state(evidence) is ChainState.BROKEN:
        yield _("An earlier backup that it builds on is no longer there.")
    else:
        yield _("The earlier backups that it builds on could not all be found.")


def _no_proof(_evidence):
    yield _(
        "The number of data objects is written at the very end; a database outage just then loses a finished backup's."
    )


def _import_unfinished(_evidence):
    yield _(
        "Cinder reuses the record of a deleted backup for an import: its number of objects may be that of deleted data."
    )
    yield _("Delete the record and import the backup again.")


def _not_taken_up(_evidence):
    yield _("Freeing its volume or snapshot also cancels it: should the request still come, Cinder gives it up.")
    yield _("After that, delete the backup by force. The Ceph driver does not support that, Cinder then answers 405.")


def _delete_begun(_evidence):
    yield _("A delete that waits in a queue is carried out later, whatever the status is by then.")
    yield _("If the volume was encrypted, the key of this backup may be gone too.")


_REASONS = {
    Kind.NOT_TAKEN_UP: _not_taken_up,
    Kind.COMPLETE: _complete,
    Kind.WAS_COMPLETE: _complete,
    Kind.WAS_AVAILABLE: _was_available,
    Kind.WAS_AVAILABLE_UNTOLD: _was_available,
    Kind.NEVER_PROVED: _was_available,
    Kind.DELETE_TRIED: _delete_tried,
    Kind.DRIVER_UNKNOWN: _driver_unknown,
    Kind.CHAIN_NOT_PROVED: _chain,
    Kind.NO_PROOF: _no_proof,
    Kind.CANNOT_TELL: _no_proof,
    Kind.IMPORT_UNFINISHED: _import_unfinished,
    Kind.DELETE_BEGUN: _delete_begun,
}

_SIGNS = {
    DeleteSign.MARK: _("It was reset from here while it was being deleted; a note in its metadata says so."),
    DeleteSign.MESSAGE: _("Cinder has a message that deleting this backup failed."),
    DeleteSign.GIVEN_UP: _("The reason of its failure is that of a delete."),
    DeleteSign.FOREIGN_REASON: _("The reason of its failure is none that creating it gives once all data is recorded."),
}


def _volume_reasons(kind, evidence):
    """What the volume's ``previous_status`` adds: the manager writes there how the last backup of it ended."""
    if evidence.status != statuses.CREATING or kind is Kind.NOT_TAKEN_UP:
        return
    if says(evidence.previous_status, "error_backing-up"):
        yield _("The volume shows that Cinder saw this backup, or a later one of the volume, fail.")
    if says(evidence.previous_status, "backing-up") and kind in (Kind.CANNOT_TELL, Kind.DRIVER_UNKNOWN, Kind.NO_PROOF):
        yield _("The volume shows that the driver finished this backup, or a later one: it is probably complete.")
