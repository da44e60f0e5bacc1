# SPDX-License-Identifier: Apache-2.0
"""The words of a finding: a headline of one sentence or two, and lines for the fold."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import ngettext
from django.utils.translation import pgettext_lazy

from backup_reset_panel.core.bidi import isolated
from backup_reset_panel.core.durations import span
from backup_reset_panel.core.numbers import decimal
from backup_reset_panel.core.numbers import whole
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Depth
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import Issue
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.core.storage.types import Weight

_WORDS = {
    Code.NO_OBJECTS: gettext_lazy("none of its objects are there, though those of other backups are."),
    Code.NO_MANIFEST: gettext_lazy("its manifest is missing, so it was never finished or was deleted in part."),
    Code.MANIFEST_UNREADABLE: gettext_lazy("its manifest cannot be read; a restore would fail."),
    Code.MANIFEST_OF_ANOTHER: gettext_lazy("its manifest is that of another backup."),
    Code.NAME_OUTSIDE: gettext_lazy("its manifest names objects that are not its own."),
    Code.NUMBERS_DIFFER: gettext_lazy("the numbers of its parts have gaps."),
    Code.PARTS_MISSING: gettext_lazy("parts of it are missing."),
    Code.PARTS_EXTRA: gettext_lazy("there are parts that its manifest does not name; a restore would refuse it."),
    Code.SIZE_DIFFERS: gettext_lazy("parts of it do not have the size that they should."),
    Code.MD5_DIFFERS: gettext_lazy("parts of it were altered: their checksums differ."),
    Code.OVERLAP: gettext_lazy("parts of it overlap."),
    Code.HOLE: gettext_lazy("a piece of the volume between its parts is missing."),
    Code.SHORT: gettext_lazy("the end of the volume is missing."),
    Code.NOT_FULL: gettext_lazy("its manifest says that it is incremental, Cinder's record that it is not."),
    Code.CONTENT_DIFFERS: gettext_lazy("the contents of parts are not those that were written."),
    Code.ANCESTOR_DAMAGED: gettext_lazy("a backup that it builds on is damaged."),
    Code.SHA256_MISSING: gettext_lazy(
        "Its checksum file is missing: it can be restored, but no incremental backup can follow it."
    ),
    Code.SHA256_DIFFERS: gettext_lazy(
        "Its checksum file is not whole: it can be restored, but no incremental backup can follow it."
    ),
    Code.NOT_READ: gettext_lazy("Reading ended early: a part could not be compared."),
    Code.READ_BEFORE: gettext_lazy("It was changed since its contents were read, so what was read does not count."),
    Code.NOT_CONFIGURED: gettext_lazy("the store is not set up for this."),
    Code.NOT_FOUND: gettext_lazy("the container or folder of this backup was not found."),
    Code.DENIED: gettext_lazy("the store refused to show it."),
    Code.UNREACHABLE: gettext_lazy("the store could not be reached."),
    Code.TOO_SLOW: gettext_lazy("the store did not answer in time."),
    Code.BROKEN: gettext_lazy("the store gave an answer that makes no sense."),
    Code.TOO_LARGE: gettext_lazy("there is more to look at than is safe to."),
    Code.NO_CONTAINER: gettext_lazy("Cinder has recorded no container for it."),
    Code.NO_CONTROL: gettext_lazy("no backup at all was found there, so this may be the wrong place."),
    Code.TWO_PREFIXES: gettext_lazy("it was written twice, and nothing says which is the right one."),
    Code.LISTING_LAGS: gettext_lazy("the store's listing is not up to date."),
    Code.CHANGED: gettext_lazy("it was changed while it was read."),
    Code.VERSION_UNKNOWN: gettext_lazy("its manifest has a version that is not known here."),
    Code.COMPRESSION_UNKNOWN: gettext_lazy("it is compressed in a way that is not known here."),
    Code.SHORTER_THAN_VOLUME: gettext_lazy(
        "it covers less than the volume's size, and no checksum file confirms that."
    ),
    Code.PARENT_DIFFERS: gettext_lazy("its manifest and Cinder do not agree about what it builds on."),
    Code.ANCESTOR_UNKNOWN: gettext_lazy("a backup that it builds on could not be checked."),
    Code.BEING_WRITTEN: gettext_lazy("a job is still writing it."),
}
_AMOUNTS = (
    pgettext_lazy("Amount of data", "%(number)s B"),
    pgettext_lazy("Amount of data", "%(number)s kB"),
    pgettext_lazy("Amount of data", "%(number)s MB"),
    pgettext_lazy("Amount of data", "%(number)s GB"),
    pgettext_lazy("Amount of data", "%(number)s TB"),
)
_ORDER = {State.DAMAGED: Weight.DAMAGE, State.UNKNOWN: Weight.DOUBT, State.BEING_WRITTEN: Weight.LIVE}


def words(issue: Issue) -> str:
    """One issue as the end of a sentence, or as one of its own."""
    return str(_WORDS[issue.code])


def headline(finding: Finding, now: datetime.datetime | None = None) -> str:
    """The finding in one line.

    :param now: aware datetime that "ago" counts to; None: the moment of the check
    """
    if finding.state is State.WHOLE:
        return _whole(finding)
    if finding.state is State.BEING_WRITTEN:
        return _("Still being written: %(heartbeat)s.") % {"heartbeat": heartbeat(finding, now)}
    weight = _ORDER[finding.state]
    issue = next(issue for issue in finding.issues if issue.weight is weight)
    if finding.state is State.DAMAGED:
        return _("Checked on storage: not whole, %(why)s") % {"why": words(issue)}
    return _("Not verified on storage: %(why)s") % {"why": words(issue)}


def _whole(finding: Finding) -> str:
    parts = finding.parts or 0
    values = {"parts": whole(parts), "size": amount(finding.bytes_stored), "read": whole(finding.parts_read)}
    if finding.depth is Depth.READ:
        return f"{_read_whole(parts) % values} {_chain_read(finding)}".strip()
    if not parts:
        text = _("Checked on storage: nothing had changed since the backup that it builds on, and that is there.")
    else:
        text = ngettext(
            "Checked on storage: its one part is there (%(size)s).",
            "Checked on storage: all %(parts)s parts are there (%(size)s).",
            parts,
        )
    return f"{text % values} {_chain(finding)}{_depth(finding) % values}".strip()


def _read_whole(parts: int) -> str:
    if not parts:
        return _(
            "Checked on storage: nothing had changed since the backup that it builds on, which was read and matches."
        )
    return ngettext(
        "Checked on storage: its one part was read and matches (%(size)s).",
        "Checked on storage: all %(parts)s parts were read and match (%(size)s).",
        parts,
    )


def _chain(finding: Finding) -> str:
    count = len(finding.ancestors)
    if not count or not finding.parts:
        return ""
    text = ngettext(
        "The backup that it builds on is there, too.", "The %(count)s backups that it builds on are there, too.", count
    )
    return text % {"count": count} + " "


def _chain_read(finding: Finding) -> str:
    count = len(finding.ancestors)
    if not count or not finding.parts:
        return ""
    text = ngettext(
        "The backup that it builds on was read and matches, too.",
        "The %(count)s backups that it builds on were read and match, too.",
        count,
    )
    return text % {"count": count}


def _depth(finding: Finding) -> str:
    if finding.depth is Depth.SAMPLED:
        return ngettext(
            "%(read)s part was read and matches.", "%(read)s parts were read and match.", finding.parts_read
        )
    return _("Contents were not read.")


def heartbeat(finding: Finding, now: datetime.datetime | None = None) -> str:
    """How fresh the last write is, and how far the job has come: "last part written 12 s ago, at least 59 %".

    :returns: empty where the store does not tell times
    """
    if finding.last_written is None:
        return ""
    ago = span((now or finding.checked_at) - finding.last_written)
    text = _("last part written %(ago)s ago") % {"ago": ago}
    if not finding.volume_bytes:
        return text
    percent = min(100, finding.bytes_covered * 100 // finding.volume_bytes)
    form = _("%(text)s, %(percent)s %%") if finding.parts is not None else _("%(text)s, at least %(percent)s %%")
    return form % {"text": text, "percent": percent}


def short(finding: Finding, now: datetime.datetime) -> str:
    """The finding in a few words, for a column that is called "On storage"."""
    if finding.state is State.WHOLE:
        text = {
            Depth.LISTED: _("Whole (%(size)s)"),
            Depth.SAMPLED: _("Whole (%(size)s), a sample was read"),
            Depth.READ: _("Whole (%(size)s), all was read"),
        }[finding.depth]
        return text % {"size": amount(finding.bytes_stored)}
    if finding.state is State.BEING_WRITTEN:
        return _("Being written: %(heartbeat)s") % {"heartbeat": heartbeat(finding, now)}
    why = words(next(issue for issue in finding.issues if issue.weight is _ORDER[finding.state]))
    text = _("Not whole: %(why)s") if finding.state is State.DAMAGED else _("Not verified: %(why)s")
    return text % {"why": why}


def under_a_job(finding: Finding, now: datetime.datetime) -> str:
    """The finding in one line for a backup that a job is probably at work on: one that is not finished is no damage.

    Silence is only silence: a part of 2 GB may take longer than the last one was written ago.
    """
    damage = [issue.code for issue in finding.issues if issue.weight is Weight.DAMAGE]
    beat = heartbeat(finding, now)
    if damage in ([Code.NO_MANIFEST], [Code.NO_OBJECTS]):
        return _("Not finished on storage yet: %(heartbeat)s.") % {"heartbeat": beat or _("nothing is there")}
    return headline(finding, now)


def details(finding: Finding) -> list[str]:
    """A line for each issue, with its example, for the fold."""
    lines = []
    for issue in finding.issues:
        line = words(issue)
        line = line[:1].upper() + line[1:]
        if issue.count:
            line += " " + _("Objects: %(count)s.") % {"count": whole(issue.count)}
        about = [text for text in (issue.backup_id, issue.example) if text]
        lines.append(f"{line} ({isolated(', '.join(about))})" if about else line)
    return lines


def amount(size: int) -> str:
    """Bytes in decimal units: "512 B", "16.8 MB", "1.1 TB"."""
    power = min(max(0, (len(str(size)) - 1) // 3), len(_AMOUNTS) - 1)
    value = size / 1000**power
    number = decimal(value, 0 if not power or value >= 100 else 1)
    return str(_AMOUNTS[power] % {"number": number})
