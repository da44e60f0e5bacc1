# SPDX-License-Identifier: Apache-2.0
"""Keep the template of the texts and the catalogues of the languages up to date with the code.

``python -m tools.messages`` writes ``backup_reset_panel/locale/django.pot`` and brings each catalogue in line with it;
``python -m tools.messages it`` begins one for another language. It runs where Horizon is, which brings Babel along, and
needs none of gettext's programs. What is extracted, and how, is said by the same ``babel-*.cfg`` files and keywords as
OpenStack's translation jobs go by.
"""

import argparse
import io
import itertools
import pathlib
from collections.abc import Iterator

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import write_po

from tools import catalogues

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "backup_reset_panel"
DOMAINS = ("django", "djangojs")
#: What the translation jobs give to pybabel (openstack-zuul-jobs, common_translation_update.sh).
KEYWORDS = (
    *("gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "npgettext:1c,2,3", "pgettext_lazy:1c,2"),
    "npgettext_lazy:1c,2,3",
)
EMPTY_NOTE = "Left to Horizon, which has it: keep this empty."
VOLATILE = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Report-Msgid-Bugs-To')
UNSIGNED = (r'<EMAIL@ADDRESS>\n"' + "\n", r'<LL@li.org>\n"' + "\n")
HEADER = """\
# Texts of the Backup Reset Panel.
# SPDX-License-Identifier: Apache-2.0
#"""


def texts(domain: str) -> list[tuple[str, int, str | tuple[str, ...], list[str], str | None]]:
    """Return every text that the code asks for, in the order of files and lines: file, line, text or its forms,
    comments, context.
    """
    with (ROOT / f"babel-{domain}.cfg").open(encoding="utf-8") as config:
        methods, options = parse_mapping_cfg(config)
    found = extract_from_dir(
        PACKAGE,
        methods,
        options,
        keywords=DEFAULT_KEYWORDS | parse_keywords(KEYWORDS),
        comment_tags=("Translators:",),
        strip_comment_tags=False,
    )
    return sorted(found, key=lambda each: (each[0], each[1]))


def extracted(domain: str) -> Catalog:
    """Return the template that the code makes today."""
    template = Catalog(project="backup-reset-panel", version="1", header_comment=HEADER, charset="utf-8", fuzzy=False)
    for path, _line, message, comments, context in texts(domain):
        # The file alone: a line number would change with every edit above it.
        template.add(message, None, [(f"{PACKAGE.name}/{path}", None)], auto_comments=comments, context=context)
    return template


def updated(domain: str, language: str, template: Catalog) -> Catalog:
    """Return the catalogue of a language in line with the template; what has no text any more is dropped.

    Nothing is guessed from texts that look alike: an old translation under a new text misleads.
    """
    path = catalogues.path_of(domain, language)
    if not path.exists():
        catalogue = Catalog(
            locale=language, project="backup-reset-panel", version="1", header_comment=HEADER, fuzzy=False
        )
    else:
        catalogue = catalogues.read(path, language)
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    catalogue.obsolete.clear()
    for message in catalogue:
        if catalogues.is_left_to_horizon(message):
            message.string = ""
            message.user_comments = [EMPTY_NOTE]
    return catalogue


def as_text(catalogue: Catalog) -> str:
    """Return a catalogue as it is written, without the times of its making: they would differ with every run."""
    text = io.BytesIO()
    write_po(text, catalogue, width=100, include_lineno=False, ignore_obsolete=True)
    lines = text.getvalue().decode().splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.startswith(VOLATILE) and not line.endswith(UNSIGNED))
    return kept.rstrip("\n") + "\n"


def written(wanted: list[str]) -> Iterator[tuple[pathlib.Path, str]]:
    """Yield each file that there should be, and its text."""
    for domain in DOMAINS:
        template = extracted(domain)
        if not len(template):
            continue
        yield catalogues.path_of(domain), as_text(template)
        for language in wanted:
            yield catalogues.path_of(domain, language), as_text(updated(domain, language, template))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--check", action="store_true", help="change nothing; fail if something is out of date or wrong"
    )
    parser.add_argument("languages", nargs="*", help="those to begin a catalogue of, where there is none")
    given = parser.parse_args(arguments)
    is_check = given.check
    wanted = sorted({*catalogues.languages(), *given.languages})
    stale = [
        (path, text) for path, text in written(wanted) if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path, text in stale:
        print(("out of date: " if is_check else "written: ") + str(path.relative_to(ROOT)))
        if not is_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    catalogues.compile_all()
    return int(is_check and bool(stale)) | complain(wanted)


def complain(wanted: list[str]) -> int:
    """Print what is wrong with each catalogue; returns 1 if anything is."""
    told = 0
    for domain, language in itertools.product(DOMAINS, wanted):
        path = catalogues.path_of(domain, language)
        for line in catalogues.wrong(catalogues.read(path, language)) if path.exists() else ():
            print(f"{path.relative_to(ROOT)}: {line}")
            told = 1
    return told


if __name__ == "__main__":
    raise SystemExit(main())
