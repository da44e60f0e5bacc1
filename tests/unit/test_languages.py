# SPDX-License-Identifier: Apache-2.0
"""Numbers, amounts, plurals and the audit log's names, in the words and forms of the reader's language."""

import pathlib
import re

import pytest
from django.utils import translation

import backup_reset_panel
from backup_reset_panel.bulk.plurals import plurals
from backup_reset_panel.core import bulk
from backup_reset_panel.core import fingerprint
from backup_reset_panel.core import leftover_texts
from backup_reset_panel.core.numbers import decimal
from backup_reset_panel.core.numbers import whole
from backup_reset_panel.core.outcome.types import RepairEnding
from backup_reset_panel.core.storage.texts import amount
from backup_reset_panel.core.verdict.types import Kind
from backup_reset_panel.history.names import in_words
from tests import pseudo


@pytest.mark.parametrize(
    ("language", "number", "size"),
    [("en", "21,000", "16.8 MB"), ("de", "21.000", "16,8"), ("fr", "21\u202f000", "16,8")],
)
def test_numbers_are_written_as_the_language_writes_them(language, number, size):
    with translation.override(language):
        assert whole(21_000).replace("\xa0", "\u202f") == number
        assert decimal(16.8, 1) == size.split(" ")[0]
        assert amount(16_800_000).startswith(size)


@pytest.fixture
def in_polish(settings, tmp_path):
    """A language with three forms, by the last digits."""
    folder = tmp_path / "pl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    pseudo.write_few(
        folder, "pl", {("{count} backup", "{count} backups"): ("{count} kopia", "{count} kopie", "{count} kopii")}
    )
    settings.LOCALE_PATHS = [str(tmp_path)]
    with translation.override("pl"):
        yield


def told(name, count):
    """As words.js has it."""
    text = plurals()[name]
    which = text["which"]
    return text["forms"][int(which[count if count < len(which) else 100 + count % 100])].replace("{count}", str(count))


@pytest.mark.parametrize(
    ("count", "text"),
    [
        *[(0, "0 kopii"), (1, "1 kopia"), (2, "2 kopie"), (5, "5 kopii"), (12, "12 kopii"), (22, "22 kopie")],
        *[(101, "101 kopii"), (122, "122 kopie"), (213, "213 kopii"), (1002, "1002 kopie"), (4001, "4001 kopii")],
    ],
)
def test_scripts_get_the_form_that_goes_with_every_number(in_polish, count, text):
    assert told("HostRows", count) == text


def test_scripts_count_in_english_as_ever():
    assert [told("HostRows", count) for count in (0, 1, 2, 1001)] == [
        *("0 backups", "1 backup", "2 backups", "1001 backups"),
    ]


NAMES = [
    *(each.value for kinds in (Kind, bulk.LeftOut, RepairEnding, leftover_texts.Ending) for each in kinds),
    *(each.value for each in fingerprint.Change if each is not fingerprint.Change.NONE),
    "unread",
]


@pytest.mark.parametrize("name", dict.fromkeys(NAMES))
def test_every_name_of_the_audit_log_can_be_translated(name):
    assert not isinstance(in_words(name), str)
    assert str(in_words(name)) == name.replace("_", " ")


def test_names_of_another_release_are_shown_as_they_are():
    assert (in_words("some_other"), in_words("")) == ("some other", "–")


def test_styles_say_start_and_end_since_a_page_may_run_the_other_way():
    folder = pathlib.Path(backup_reset_panel.__file__).parent / "static"
    code = "\n".join(re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL) for path in folder.rglob("*.css"))
    # What is typed as it stands runs from left to right in every language.
    assert re.findall(r"[\w-]*\b(?:left|right)\b[^;]*", code.replace("pre {\n  text-align: left;", "")) == []
