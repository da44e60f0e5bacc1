# SPDX-License-Identifier: Apache-2.0
"""Kinds of damage: functions that change the objects of one backup, given as {name: bytes}.

STRUCTURAL ones show in names, sizes and manifests; ALTERED ones in the stored MD5 of an uncompressed part, where the
store lists one; the others in contents alone.
"""

import dataclasses
import json
import os

from backup_reset_panel.core.storage.types import Code


@dataclasses.dataclass
class Target:
    """One backup, those beside it, and what its parent has."""

    objects: dict  # of its container: the whole of it
    prefix: str
    parent: str = ""
    other: str = ""
    parent_objects: dict = None  # of the parent's container
    other_objects: dict = None

    @property
    def parts(self):
        return parts(self.objects, self.prefix)

    def manifest(self):
        return json.loads(self.objects[self.prefix + "_metadata"])

    def write_manifest(self, document):
        self.objects[self.prefix + "_metadata"] = json.dumps(document, sort_keys=True, indent=2).encode()


def parts(objects, prefix):
    return sorted(name for name in objects if name.startswith(prefix + "-"))


KINDS = {}


def kind(*codes, structural=True, altered=False, needs="full"):
    """Register a kind; ``codes`` are those of which level 1 or 3 must find one."""

    def register(function):
        KINDS[function.__name__] = (function, set(codes), structural, altered, needs)
        return function

    return register


@kind(Code.PARTS_MISSING)
def part_missing(at):
    del at.objects[at.parts[10]]


@kind(Code.PARTS_MISSING)
def last_part_missing(at):
    del at.objects[at.parts[-1]]


@kind(Code.PARTS_MISSING)
def all_parts_missing(at):
    for name in at.parts:
        del at.objects[name]


@kind(Code.NO_OBJECTS)
def everything_gone(at):
    for name in [name for name in at.objects if name.startswith(at.prefix)]:
        del at.objects[name]


@kind(Code.NO_MANIFEST)
def manifest_missing(at):
    del at.objects[at.prefix + "_metadata"]


@kind(Code.MANIFEST_UNREADABLE)
def manifest_cut_off(at):
    at.objects[at.prefix + "_metadata"] = at.objects[at.prefix + "_metadata"][:-100]


@kind(Code.MANIFEST_UNREADABLE)
def manifest_empty(at):
    at.objects[at.prefix + "_metadata"] = b""


@kind(Code.MANIFEST_UNREADABLE)
def manifest_encrypted(at):
    at.objects[at.prefix + "_metadata"] = os.urandom(len(at.objects[at.prefix + "_metadata"]))


@kind(Code.MANIFEST_OF_ANOTHER)
def manifest_of_another_backup(at):
    at.objects[at.prefix + "_metadata"] = at.other_objects[at.other + "_metadata"]


@kind(Code.PARTS_EXTRA)
def manifest_without_its_last_part(at):
    document = at.manifest()
    document["objects"].pop()
    at.write_manifest(document)


@kind(Code.NUMBERS_DIFFER)
def manifest_and_parts_without_one_in_the_middle(at):
    document = at.manifest()
    (name,) = document["objects"].pop(7)
    del at.objects[name]
    at.write_manifest(document)


@kind(Code.SHORT)
def manifest_and_parts_without_the_end(at):
    document = at.manifest()
    for entry in document["objects"][-3:]:
        (name,) = entry
        del at.objects[name]
    del document["objects"][-3:]
    at.write_manifest(document)


@kind(Code.NUMBERS_DIFFER)
def part_named_twice(at):
    document = at.manifest()
    document["objects"].append(document["objects"][3])
    at.write_manifest(document)


@kind(Code.OVERLAP, Code.HOLE)
def offset_altered(at):
    document = at.manifest()
    (values,) = document["objects"][5].values()
    values["offset"] += 512
    at.write_manifest(document)


@kind(Code.SIZE_DIFFERS)
def part_cut_off(at):
    at.objects[at.parts[4]] = at.objects[at.parts[4]][:-1]


@kind(Code.SIZE_DIFFERS)
def part_empty(at):
    at.objects[at.parts[0]] = b""


@kind(Code.SIZE_DIFFERS)
def part_longer(at):
    at.objects[at.parts[0]] += b"more"


@kind(Code.PARTS_EXTRA)
def part_that_is_not_named(at):
    at.objects[at.prefix + "-99999"] = b"left over"


@kind(Code.NAME_OUTSIDE)
def manifest_names_another_backups_part(at):
    document = at.manifest()
    (values,) = document["objects"][0].values()
    document["objects"][0] = {parts(at.other_objects, at.other)[0]: values}
    at.write_manifest(document)


@kind(Code.SHA256_MISSING)
def checksum_file_missing(at):
    del at.objects[at.prefix + "_sha256file"]


@kind(Code.SHA256_DIFFERS)
def checksum_file_cut_off(at):
    name = at.prefix + "_sha256file"
    at.objects[name] = at.objects[name][: len(at.objects[name]) // 2]


@kind(Code.ANCESTOR_DAMAGED, needs="incremental")
def parents_part_gone(at):
    del at.parent_objects[parts(at.parent_objects, at.parent)[2]]


@kind(Code.ANCESTOR_DAMAGED, needs="incremental")
def parents_manifest_gone(at):
    del at.parent_objects[at.parent + "_metadata"]


@kind(Code.ANCESTOR_DAMAGED, needs="incremental")
def parent_gone(at):
    for name in [name for name in at.parent_objects if name.startswith(at.parent)]:
        del at.parent_objects[name]


@kind(Code.MD5_DIFFERS, Code.CONTENT_DIFFERS, structural=False, altered=True)
def byte_altered(at):
    data = bytearray(at.objects[at.parts[6]])
    data[len(data) // 2] ^= 1
    at.objects[at.parts[6]] = bytes(data)


@kind(Code.MD5_DIFFERS, Code.CONTENT_DIFFERS, structural=False, altered=True)
def parts_swapped(at):
    first, second = at.parts[1], at.parts[2]
    at.objects[first], at.objects[second] = at.objects[second], at.objects[first]


@kind(Code.MD5_DIFFERS, Code.CONTENT_DIFFERS, structural=False, altered=True)
def part_zeroed(at):
    at.objects[at.parts[8]] = bytes(len(at.objects[at.parts[8]]))


@kind(Code.MD5_DIFFERS, Code.CONTENT_DIFFERS, structural=False, altered=True)
def part_encrypted(at):
    at.objects[at.parts[9]] = os.urandom(len(at.objects[at.parts[9]]))


@kind(Code.MD5_DIFFERS, Code.CONTENT_DIFFERS, structural=False, altered=True)
def checksum_altered_in_the_manifest(at):
    document = at.manifest()
    (values,) = document["objects"][11].values()
    values["md5"] = "0" * 32
    at.write_manifest(document)


@kind(Code.ANCESTOR_DAMAGED, structural=False, altered=True, needs="incremental")
def parents_part_altered(at):
    name = parts(at.parent_objects, at.parent)[1]
    at.parent_objects[name] = bytes(byte ^ 255 for byte in at.parent_objects[name])


@kind(Code.CONTENT_DIFFERS, structural=False, needs="compressed")
def compressed_part_cut_off(at):
    name = min(at.parts, key=lambda name: len(at.objects[name]))
    at.objects[name] = at.objects[name][:-1]


@kind(Code.CONTENT_DIFFERS, structural=False, needs="compressed")
def compressed_part_is_garbage(at):
    name = min(at.parts, key=lambda name: len(at.objects[name]))
    at.objects[name] = os.urandom(len(at.objects[name]))


@kind(Code.CONTENT_DIFFERS, structural=False, needs="compressed")
def compressed_in_another_way(at):
    document = at.manifest()
    (values,) = next(
        entry for entry in document["objects"] if next(iter(entry.values()))["compression"] != "none"
    ).values()
    values["compression"] = "bz2" if values["compression"] != "bz2" else "zlib"
    at.write_manifest(document)
