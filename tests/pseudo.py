# SPDX-License-Identifier: Apache-2.0
"""A language that nobody speaks: each of our texts in it has accents and stands in brackets, so that what a page shows
outside of brackets is data, a text of Horizon or Django, or a text of ours that no translator ever sees.
"""

import pathlib
import re
from collections.abc import Iterable

from babel.messages import Catalog
from babel.messages.mofile import write_mo

from tools import catalogues

CODE = "en-xa"
FOLDER = "en_XA"
_KEPT = re.compile(r"(%\(\w+\)[sd]|%%|%s|\{\w*\}|</?\w+>)")
_ACCENTS = str.maketrans("aeiouAEIOU", "àéîöüÀÉÎÖÜ")
#: Data of the fake cloud, and what is called the same in every language.
_DATA = re.compile(
    r"""
      [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12} | \b[0-9a-f]{8}\b | \b\d{4}-\d\d-\d\d(?:\ \d\d:\d\d:\d\d)?(?:\ UTC)?
    | \breq-[\w-]+ | \bnode-\d+ | \bnova\b | \bshop\b | \bdb-data\b | \bnightly-\d+ | \bbefore-upgrade\b | \bsomeone\b
    | \bbackup-(?:vol|snap)- | cinder-backup | \b[0-9a-f]{2}/[0-9a-f]{2}/[\w-]+ | \((?:cinder|openstack)\)
    | \bRegionOne\b | \bvolume_[\w/.-]+
    | \b\d\d:\d\d:\d\d\ UTC\b
    """,
    re.VERBOSE,
)
#: Attributes that are read out, or shown.
_ATTRIBUTES = ("title", "aria-label", "placeholder", "alt")
#: Fields of an answer to a script that a reader is shown.
_TOLD = {"said", "repairs", "why", "left_out", "to", "also", "text", "told", "stop", "pause", "from", "age"}
#: Where Horizon's frame of a table says something of its own.
_HORIZONS = (
    ".table_count, .table_search, .actions_column > button, th.actions_column, tr.empty, script, style, code, pre"
)


def in_pseudo(text: str) -> str:
    """Return a text in that language: what is filled in, and tags, as they are."""
    parts = _KEPT.split(text)
    return "⟦" + "".join(each if place % 2 else each.translate(_ACCENTS) for place, each in enumerate(parts)) + "⟧"


def write(folder: pathlib.Path) -> None:
    """Put the language into a folder for Django's LOCALE_PATHS, made from the template."""
    made = Catalog(locale="en", charset="utf-8")
    for message in catalogues.read(catalogues.path_of("django")):
        if message.id:
            texts = tuple(map(in_pseudo, message.id)) if message.pluralizable else in_pseudo(message.id)
            made.add(message.id, texts, context=message.context)
    target = folder / FOLDER / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, made)


def write_few(folder: pathlib.Path, language: str, texts: dict[tuple[str, str], tuple[str, ...]]) -> None:
    """Put a catalogue with a few plural texts into a folder."""
    made = Catalog(locale=language, charset="utf-8")
    for text, forms in texts.items():
        made.add(text, forms)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, made)


def raw(text: str) -> str:
    """Return what of a text is neither in that language nor data; empty where nothing is."""
    return " ".join(_raw_pieces([text]))


def _raw_pieces(texts: Iterable[str]) -> list[str]:
    """Return the raw pieces of texts that follow one another: a bracket may open in one and close in the next."""
    depth, outside = 0, []
    for character in "\n".join(texts):
        depth += (character == "⟦") - (character == "⟧")
        if character == "\n" or not (depth or character == "⟧"):
            outside.append(character)
    pieces = (" ".join(_DATA.sub(" ", piece).split()) for piece in "".join(outside).split("\n"))
    return [piece for piece in pieces if re.search(r"[^\W\d_]{2}", piece)]


def raw_of_page(tree, roots=".backup-reset, #backup_reset_dialog") -> list[str]:
    """Return the raw texts and attributes of our part of a page."""
    found = []
    for root in tree.cssselect(roots):
        for frame in root.cssselect(_HORIZONS):
            frame.clear(keep_tail=True)
        for element in root.iter():
            if isinstance(element.tag, str):
                found += [raw(element.get(name, "")) for name in _ATTRIBUTES]
                found += [raw(value) for name, value in element.items() if name.startswith("data-text")]
                if element.tag == "input" and element.get("type") in ("submit", "button"):
                    found.append(raw(element.get("value", "")))
        found += _raw_pieces(" ".join(text.split()) for text in root.itertext())
    return [each for each in found if each]


def raw_of_answer(value, name="") -> list[str]:
    """Return the raw texts of an answer to a script; names of classes and kinds, tokens and data are none."""
    if isinstance(value, dict):
        return [text for key, each in value.items() for text in raw_of_answer(each, key)]
    if isinstance(value, list):
        return [text for each in value for text in raw_of_answer(each, name)]
    return [raw(value)] if isinstance(value, str) and name in _TOLD and raw(value) else []
