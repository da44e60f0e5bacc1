# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a catalogue, and its compiled form, which is what Django reads.

``python -m tools.catalogues`` compiles ours and those of the installed Horizon in the same languages: its packages on
PyPI come without, and leave that to whoever installs them (``manage.py compilemessages``).
"""

import collections
import importlib.util
import io
import os
import pathlib
import re
import tempfile
from collections.abc import Collection
from collections.abc import Iterator

from babel.messages import Catalog
from babel.messages import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = pathlib.Path(__file__).resolve().parent.parent / "backup_reset_panel" / "locale"
#: Texts that stay empty in every catalogue: Horizon has them, and its word for a thing is the one that counts. To
#: Django all catalogues are one, and ours go before Horizon's: a word of ours would be read on Horizon's own pages too.
LEFT_TO_HORIZON = {
    "Current status of a Volume Backup": ("Available", "Error", "Creating", "Restoring", "Deleting"),
    "Current status of a Volume": (
        *("Available", "In-use", "Creating", "Error", "Backing Up", "Restoring Backup", "Error Restoring"),
        *("Attaching", "Detaching", "Deleting", "Error deleting", "Maintenance", "Reserved"),
    ),
    None: (
        *("Availability Zone", "Availability zone", "Cancel", "Close", "Filter", "Help", "Host", "Name", "Project"),
        *("Project ID", "Size", "Snapshot", "State", "Status", "Update Status", "Volume"),
        "You are not authorized to access %s",
    ),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%s|\{\w*\}")
_TAG = re.compile(r"</?\w+>")
#: What is typed or looked up as it stands: programs, files, options, settings, names of policy rules.
_VERBATIM = re.compile(
    r"[\w.:/-]*[a-zA-Z]_[a-zA-Z][\w.:/-]*\w|--\w+|cinder-\w+|manage\.py|cinder\.conf|HISTORY|DATABASES"
)


def languages() -> list[str]:
    """Return the languages that there are catalogues of, as Horizon names their folders."""
    return sorted(path.name for path in LOCALE.iterdir() if path.is_dir())


def path_of(domain: str, language: str | None = None) -> pathlib.Path:
    """Return where a template, or the catalogue of a language, lies."""
    return LOCALE / language / "LC_MESSAGES" / f"{domain}.po" if language else LOCALE / f"{domain}.pot"


def read(path: pathlib.Path, language: str | None = None) -> Catalog:
    """Return a catalogue as it is on the disk."""
    with path.open("rb") as file:
        return read_po(file, locale=language)


def is_left_to_horizon(message: Message) -> bool:
    return message.id in LEFT_TO_HORIZON.get(message.context, ())


def wrong(catalogue: Catalog) -> list[str]:
    """Return what is wrong with a catalogue, a line each; nothing where it can be shipped."""
    told = [f"{message.id!r}: {fault}" for message in catalogue if message.id for fault in _faults(message, catalogue)]
    should = Catalog(locale=catalogue.locale)
    if (catalogue.num_plurals, catalogue.plural_expr) != (should.num_plurals, should.plural_expr):
        told.append(f"Plural-Forms should be: {should.plural_forms}")
    return told


def _faults(message: Message, catalogue: Catalog) -> Iterator[str]:
    ids = message.id if message.pluralizable else (message.id,)
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    if is_left_to_horizon(message):
        if any(forms):
            yield "is Horizon's, leave it empty"
        return
    if message.fuzzy:
        yield "is fuzzy"
    if not all(forms):
        yield "is not translated"
        return
    if message.pluralizable and len(forms) != catalogue.num_plurals:
        yield f"has {len(forms)} forms, not {catalogue.num_plurals}"
    for form in forms:
        # One that is said of a single thing need not name the number, as in the original; the last is said of many.
        originals = ids[-1:] if form is forms[-1] else ids
        if not any(_keeps(form, each) for each in originals):
            yield f"has other placeholders or tags, or lacks a command or setting: {form!r}"
        if (form[0].isspace(), form[-1].isspace()) != (ids[0][0].isspace(), ids[0][-1].isspace()):
            yield f"begins or ends with other white space: {form!r}"


def _keeps(form: str, original: str) -> bool:
    """Whether a translation has the same placeholders and tags, and all that is typed or looked up as it stands."""
    is_same = set(_PLACEHOLDER.findall(form)) == set(_PLACEHOLDER.findall(original))
    are_tags_same = collections.Counter(_TAG.findall(form)) == collections.Counter(_TAG.findall(original))
    return (
        is_same and are_tags_same and not _strays(form, original) and set(_verbatim(original)) <= set(_verbatim(form))
    )


def _strays(form: str, original: str) -> bool:
    """Whether something is left that filling in would stumble over: a percent sign or a brace that stands alone."""
    return bool(_PLACEHOLDER.search(original) and re.search("[%{}]", _PLACEHOLDER.sub("", form)))


def _verbatim(text: str) -> list[str]:
    return _VERBATIM.findall(_PLACEHOLDER.sub(" ", text))


def compile_all(locale: pathlib.Path = LOCALE, only: Collection[str] | None = None) -> list[pathlib.Path]:
    """Compile each catalogue below a folder that is newer than its compiled form, as far as the folder can be written.

    :param only: the languages to do that for, None for all
    :returns: the compiled forms that were made
    """
    made = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        if only is not None and source.parent.parent.name not in only:
            continue
        target = source.with_suffix(".mo")
        is_fresh = target.exists() and target.stat().st_mtime >= source.stat().st_mtime
        if is_fresh or not os.access(source.parent, os.W_OK):
            continue
        compiled = io.BytesIO()
        write_mo(compiled, read(source, source.parent.parent.name))
        # Put in place whole: others read it, or make it as well.
        with tempfile.NamedTemporaryFile(dir=source.parent, delete=False) as file:
            file.write(compiled.getvalue())
        pathlib.Path(file.name).chmod(0o644)
        pathlib.Path(file.name).replace(target)
        made.append(target)
    return made


def main() -> None:
    compile_all()
    for package in ("horizon", "openstack_dashboard"):
        spec = importlib.util.find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            compile_all(pathlib.Path(folder) / "locale", ("de", "es", "fr", "ja", "zh_Hans"))


if __name__ == "__main__":
    main()
