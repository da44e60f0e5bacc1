# SPDX-License-Identifier: Apache-2.0
"""Whether a listing, a manifest and a checksum file agree.

A restore of Cinder 29.0.0 (``chunkeddriver.py``, ``_restore_v1``) refuses when the names under the prefix are not just
those of the manifest; sizes, places and checksums it does not look at, and what is wrong there becomes wrong data.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from backup_reset_panel.core.storage.manifest import Manifest
from backup_reset_panel.core.storage.naming import MANIFEST
from backup_reset_panel.core.storage.naming import SHA256
from backup_reset_panel.core.storage.sha256file import Coverage
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Issue
from backup_reset_panel.core.storage.types import StoredObject

Objects = Mapping[str, StoredObject]


#: What a listing can say that a manifest does not, the surest first.
_SIGNS = (Code.PARTS_MISSING, Code.PARTS_EXTRA, Code.SIZE_DIFFERS, Code.MD5_DIFFERS)


@dataclasses.dataclass(frozen=True)
class Suspect:
    """One object of which the listing says something else than the manifest: a listing may lag, so ask for it."""

    code: Code
    name: str


def parts_of(objects: Objects, prefix: str) -> dict[str, StoredObject]:
    """What a restore takes for parts: all under the prefix but manifest and checksum file."""
    others = {prefix + MANIFEST, prefix + SHA256}
    return {name: found for name, found in objects.items() if name not in others}


def suspects(objects: Objects, manifest: Manifest, md5s: bool) -> list[Suspect]:
    """Objects that are not as the manifest says, the surest signs first.

    :param objects: all under the prefix
    :param md5s: whether the store's MD5s were proved to be MD5s of the stored bytes
    """
    found: dict[Code, list[str]] = {code: [] for code in _SIGNS}
    # One pass, and nothing kept of what is as it should be: there may be many thousands.
    for part in manifest.parts:
        it = objects.get(part.name)
        if it is None:
            found[Code.PARTS_MISSING].append(part.name)
        elif part.compression != "none":
            # Cinder keeps a compressed part only where that made it smaller (``_prepare_output_data``).
            if not 0 < it.size < part.length:
                found[Code.SIZE_DIFFERS].append(part.name)
        elif it.size != part.length:
            found[Code.SIZE_DIFFERS].append(part.name)
        elif md5s and it.md5 != part.md5 and it.md5 is not None:
            found[Code.MD5_DIFFERS].append(part.name)
    others = {manifest.prefix + MANIFEST, manifest.prefix + SHA256}
    found[Code.PARTS_EXTRA] += objects.keys() - {part.name for part in manifest.parts} - others
    return [Suspect(code, name) for code, names in found.items() for name in sorted(names)]


def objects_issues(objects: Objects, manifest: Manifest, md5s: bool, confirmed: AbstractSet[str]) -> Iterator[Issue]:
    """What is wrong with the objects.

    :param objects: as the listing says, put right by what each confirmed object said of itself
    :param confirmed: names that were asked for one by one; what is only listed is doubt, not damage
    """
    found = suspects(objects, manifest, md5s)
    for code in dict.fromkeys(suspect.code for suspect in found):
        sure = [suspect.name for suspect in found if suspect.code is code and suspect.name in confirmed]
        if sure:
            total = sum(suspect.code is code for suspect in found)
            yield Issue(code, total, sure[0])
    unsure = [suspect.name for suspect in found if suspect.name not in confirmed]
    if unsure:
        yield Issue(Code.LISTING_LAGS, len(unsure), unsure[0])


def structure_issues(
    manifest: Manifest, is_incremental: bool, volume_bytes: int | None, coverage: Coverage | None
) -> Iterator[Issue]:
    """What is wrong with the manifest in itself, beside the record and beside the checksum file.

    :param is_incremental: as Cinder's record says
    :param volume_bytes: as Cinder's record says
    :param coverage: of the checksum file; None: there is none that can be used
    """
    numbers = [int(part.name.rpartition("-")[2]) for part in manifest.parts]
    if numbers != list(range(1, len(numbers) + 1)):
        yield Issue(Code.NUMBERS_DIFFER, len(numbers))
    yield from _places(manifest)
    if manifest.parent_id is not None and not is_incremental:
        yield Issue(Code.NOT_FULL, example=manifest.parent_id)
    elif manifest.parent_id is None:
        if is_incremental:
            yield Issue(Code.PARENT_DIFFERS)
        yield from _length(manifest, volume_bytes, coverage)
    if coverage is not None and not _covers(coverage, manifest):
        yield Issue(Code.SHA256_DIFFERS)


def _places(manifest: Manifest) -> Iterator[Issue]:
    """Overlaps, and in a full backup holes."""
    end, overlaps, holes = 0, [], []
    for part in sorted(manifest.parts, key=lambda part: part.offset):
        if part.offset < end:
            overlaps.append(part.name)
        elif part.offset > end:
            holes.append(part.name)
        end = max(end, part.offset + part.length)
    if overlaps:
        yield Issue(Code.OVERLAP, len(overlaps), overlaps[0])
    if holes and manifest.parent_id is None:
        yield Issue(Code.HOLE, len(holes), holes[0])


def _length(manifest: Manifest, volume_bytes: int | None, coverage: Coverage | None) -> Iterator[Issue]:
    """Whether a full backup goes to the end of its volume.

    What the checksum file covers is what Cinder read from the device, to its end; a device can be longer than its
    volume's whole GiB, and a little shorter (an encrypted one). So the record's size alone proves no damage.
    """
    if not manifest.parts:
        yield Issue(Code.SHORT)
    elif coverage is not None:
        if coverage.blocks > -(-manifest.end // coverage.block):
            yield Issue(Code.SHORT, example=f"{manifest.end} < {coverage.most}")
    elif volume_bytes is not None and manifest.end < volume_bytes:
        yield Issue(Code.SHORTER_THAN_VOLUME, example=f"{manifest.end} < {volume_bytes}")


def _covers(coverage: Coverage, manifest: Manifest) -> bool:
    """Whether the checksums reach as far as the parts: the next incremental is made from them."""
    return manifest.end <= coverage.most


def is_recent(last: datetime.datetime | None, now: datetime.datetime, within: datetime.timedelta) -> bool:
    """Whether a last write is so fresh that a job may be at work. Silence proves nothing.

    :param last: None: not known
    :param now: by the store's clock where it tells it
    """
    # A time to come is that of a clock that is ahead, and no fresher than one that is past.
    return last is not None and abs(now - last) <= within


def last_written(objects: Objects) -> datetime.datetime | None:
    """The newest time of writing among objects."""
    return max((found.modified for found in objects.values() if found.modified), default=None)
