# SPDX-License-Identifier: Apache-2.0
"""The words of a verdict: one headline, and the reasons for the fold."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.delete_signs import DeleteSign
from backup_reset_panel.core.delete_signs import delete_sign
from backup_reset_panel.core.evidence import CEPH_DRIVERS
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.liveness_texts import host_name
from backup_reset_panel.core.liveness_texts import life_text
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.storage import texts as storage_texts
from backup_reset_panel.core.storage.naming import own_folder
from backup_reset_panel.core.verdict.chain import ChainState
from backup_reset_panel.core.verdict.chain import chain_state
from backup_reset_panel.core.verdict.chain import weak_ancestor
from backup_reset_panel.core.verdict.types import Kind

_HEADLINES = {
    Kind.UNREADABLE: _("Unknown. Cinder returned nothing about this backup."),
    Kind.NOT_ANSWERED: _("Not known yet. Cinder is slow to answer: check again."),
    Kind.NOT_TAKEN_UP: _("Never started. No cinder-backup took this request up, so it holds no data."),
    Kind.IMPORT_UNFINISHED: _("Import not finished. Nothing proves that this backup has data."),
    Kind.DELETE_BEGUN: _("Being deleted. Some of its data may be gone."),
    Kind.AVAILABLE: _("Available."),
    Kind.UNKNOWN_STATUS: _("Unknown. This backup has a status that Cinder does not define."),
    Kind.DELETE_TRIED: _("Someone tried to delete it. Some of its data may be gone."),
    Kind.DRIVER_UNKNOWN: _("Unknown. The driver that wrote this backup leaves no proof that its data is complete."),
    Kind.CHAIN_NOT_ASKED: _("Incremental: open it to check the backups that it builds on."),
    Kind.CHAIN_NOT_PROVED: _("Not proved. A backup that this incremental one builds on could not be verified."),
    Kind.COMPLETE: _("Complete. All data was written, with checksums. Only the last status change is missing."),
    Kind.WAS_COMPLETE: _("Was complete once. Nothing shows that it was being deleted since, but nothing rules it out."),
    Kind.WAS_AVAILABLE: _(
        "Sound before the restore. It was available and its record is whole; a restore only reads it."
    ),
    Kind.WAS_AVAILABLE_UNTOLD: _(
        "It was available before this restore. Its record cannot show whether it is complete."
    ),
    Kind.NEVER_PROVED: _("No proof of completeness. It was available before this restore, but no data was recorded."),
    Kind.CANNOT_TELL: _(
        "Cannot tell. No data was recorded; an incremental backup of an unchanged volume looks the same."
    ),
    Kind.NO_PROOF: _("No proof of completeness. No data was recorded, so a restore would most likely fail."),
}
#: What the store says is the line itself.
ON_STORE: dict[Kind, Text] = {
    Kind.BEING_WRITTEN: _("{found} Wait."),
    Kind.WHOLE: _("Whole. {found}"),
    Kind.DAMAGED: "{found}",
    Kind.WAS_WHOLE: _("Whole. {found} If a delete is still waiting, it will be carried out all the same."),
}
_BROKEN = _("Chain broken. A backup that this incremental one builds on is gone or was being deleted.")
_RESTORING = {
    Kind.DRIVER_UNKNOWN: _("It was available before this restore. Its driver leaves nothing to verify that with."),
    Kind.CHAIN_NOT_PROVED: _("It was available before this restore. A backup that it builds on could not be verified."),
}
_RESTORING_BROKEN = _("It was available before this restore. A backup that it builds on is gone or was being deleted.")
_DELETED_BEFORE = _("It was available before this restore. There is a sign that someone tried to delete it earlier.")
_RUNNING = _("Probably still running: cinder-backup on {host} is up. Wait.")
_WAITING = _("Probably waiting for its turn: no cinder-backup has taken it up yet. Wait.")


def headline(kind: Kind, evidence: Evidence) -> Text:
    """The one line about what the record proves: each sentence claims what its row of ``table.py`` proves, no more."""
    is_restoring = evidence.status == statuses.RESTORING
    if kind is Kind.CHAIN_NOT_PROVED and chain_state(evidence) is ChainState.BROKEN:
        return _RESTORING_BROKEN if is_restoring else _BROKEN
    if kind in (Kind.WAS_AVAILABLE, Kind.WAS_AVAILABLE_UNTOLD) and delete_sign(evidence):
        return _DELETED_BEFORE
    if kind in ON_STORE and evidence.storage:
        return format_lazy(ON_STORE[kind], found=storage_texts.headline(evidence.storage, evidence.read_at))
    if is_restoring and kind in _RESTORING:
        return _RESTORING[kind]
    return _HEADLINES[kind]


def running(evidence: Evidence) -> Text:
    """The one line about a backup that a job is probably at work on."""
    if says(evidence.taken_up, False):
        return _WAITING
    return format_lazy(_RUNNING, host=host_name(evidence))


def reasons(kind: Kind, evidence: Evidence, rules: Rules | None = None) -> tuple[Text, ...]:
    """Why, for the fold: what was seen, what in Cinder it rests on, what was not checked; most telling first."""
    if kind is Kind.UNREADABLE:
        return ()
    told = [*_stored(kind, evidence), *_REASONS.get(kind, _nothing)(evidence), *_volume_reasons(kind, evidence)]
    alive = life_text(evidence, rules)
    return tuple(told) if alive is None else (*told, alive)


def _stored(kind: Kind, evidence: Evidence) -> Iterator[Text]:
    """What the store said, where that is not the headline, and each thing that was found there."""
    if evidence.storage is None:
        return
    if kind not in ON_STORE:
        yield storage_texts.headline(evidence.storage, evidence.read_at)
    yield from storage_texts.details(evidence.storage)


def _nothing(_evidence: Evidence) -> Iterator[Text]:
    return iter(())


def _complete(evidence: Evidence) -> Iterator[Text]:
    backup = evidence.record
    yield format_lazy(
        _("An object count of {count} is recorded. Cinder writes it after all data, checksums and metadata."),
        count=backup.object_count,
    )
    yield _("This is what was recorded: the objects were not read back.")
    if backup.is_incremental:
        yield _("Every backup that it builds on was found, and is sound by the same rules.")
    if known(evidence.driver) and ".posix" in evidence.driver:
        yield _("If its backup host lost power, the last files may not have reached the disk.")


def _was_available(evidence: Evidence) -> Iterator[Text]:
    yield _("Cinder restores only from backups that are available, and a restore does not write to them.")
    if sign := delete_sign(evidence):
        yield _SIGNS[sign]


def _delete_tried(evidence: Evidence) -> Iterator[Text]:
    sign = delete_sign(evidence)
    if sign:
        yield _SIGNS[sign]
    yield _("A driver that fails while deleting leaves the status Error and the object count of a whole backup.")


def _driver_unknown(evidence: Evidence) -> Iterator[Text]:
    if not known(evidence.driver):
        yield _("Which driver wrote it could not be determined.")
    elif evidence.driver in CEPH_DRIVERS:
        yield _("Written by the Ceph driver, which records nothing that shows how far a backup got.")
    else:
        yield _("Not written by one of Cinder's own drivers that record their progress.")


def _chain(evidence: Evidence) -> Iterator[Text]:
    ancestor = weak_ancestor(evidence)
    if ancestor:
        yield format_lazy(
            _("It builds on backup {name}, whose status is {status} and which is not proved to be sound."),
            name=ancestor.label,
            status=statuses.label(ancestor.status),
        )
    elif chain_state(evidence) is ChainState.BROKEN:
        yield _("A backup that it builds on no longer exists.")
    else:
        yield _("Not all backups that it builds on could be found.")


def _no_proof(_evidence: Evidence) -> Iterator[Text]:
    yield _("Cinder saves the number of objects at the very end: a database outage at that moment loses it.")


def _import_unfinished(_evidence: Evidence) -> Iterator[Text]:
    yield _("Cinder reuses the record of a deleted backup for an import: its object count may be that of deleted data.")
    yield _("Next: delete the record, then import the backup again.")


def _not_taken_up(_evidence: Evidence) -> Iterator[Text]:
    yield _("Cinder would accept a reset of it and do nothing.")
    yield _("A request that is still waiting somewhere gives up once the volume or snapshot has been freed.")


def _may_be_in_swift(evidence: Evidence) -> bool:
    """Whether a backup may lie in Swift: by its driver, or else by a container that is no folder of its own."""
    if known(evidence.driver):
        return ".swift" in evidence.driver
    return evidence.record.container not in (None, own_folder(evidence.record.id))


def _delete_begun(evidence: Evidence) -> Iterator[Text]:
    yield _("A delete that is waiting in a queue is carried out later, whatever the status is by then.")
    if _may_be_in_swift(evidence):
        # 29.0.0, backup_swift_auth = per_user: the driver uses the token, and so the account, of whoever deletes.
        yield _(
            "In Swift, unless Cinder keeps all backups in one account, a delete by an administrator of another project "
            "removes the record and leaves all objects in the account of the backup's project."
        )
    yield _("If the volume was encrypted, the key of this backup may be gone too.")


_REASONS: dict[Kind, Callable[[Evidence], Iterator[Text]]] = {
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
    DeleteSign.GIVEN_UP: _("Its fail reason is that of a delete."),
    DeleteSign.FOREIGN_REASON: _("Its fail reason is not one that a create leaves once all data is recorded."),
}


def _volume_reasons(kind: Kind, evidence: Evidence) -> Iterator[Text]:
    """What the volume's ``previous_status`` adds: the manager writes there how the last backup of it ended."""
    if evidence.status != statuses.CREATING or kind is Kind.NOT_TAKEN_UP:
        return
    if says(evidence.previous_status, statuses.ERROR_BACKING_UP):
        yield _("The volume shows that Cinder saw this backup, or a later one of the volume, fail.")
    unproved = (Kind.CANNOT_TELL, Kind.DRIVER_UNKNOWN, Kind.NO_PROOF)
    if says(evidence.previous_status, statuses.BACKING_UP) and kind in unproved:
        yield _("The volume shows that the driver finished this backup, or a later one: it is probably complete.")
