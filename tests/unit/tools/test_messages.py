# SPDX-License-Identifier: Apache-2.0
"""The template has every text of the code, and each catalogue that there is can be shipped."""

import io
import pathlib

import pytest
from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation import template as django_template

from tools import catalogues
from tools import messages

#: The catalogues that were merged: none of them gets lost again.
SHIPPED: tuple[str, ...] = ("de", "es", "fr", "ja", "zh_Hans")


def keys(catalogue):
    return {(each.context, each.id) for each in catalogue if each.id}


@pytest.fixture(scope="module")
def template():
    pytest.importorskip("horizon.utils.babel_extract_django", reason="came with a later Horizon: no texts without it")
    return messages.extracted("django")


def test_template_has_every_text_of_the_code_and_no_other(template):
    path = catalogues.path_of("django")
    assert path.read_text(encoding="utf-8") == messages.as_text(template), "run: tox -e messages"


@pytest.mark.usefixtures("template")
def test_no_text_is_asked_for_both_with_a_number_and_without():
    """A catalogue has it in one of the two forms, and Python before 3.11.3 does not find it in the other."""
    found = [(context, text) for _path, _line, text, _comments, context in messages.texts("django")]
    with_number = {(context, text[0]) for context, text in found if isinstance(text, tuple)}
    assert with_number & {(context, text) for context, text in found if isinstance(text, str)} == set()


def test_scripts_have_no_texts_of_their_own():
    assert not len(messages.extracted("djangojs"))


def test_templates_ask_for_the_texts_that_were_extracted(template):
    """Horizon's extractor and Django do not read every tag alike: Django doubles a percent sign, for one."""
    known = {text for _context, text in keys(template)}
    known |= {text for each in known if isinstance(each, tuple) for text in each}
    asked = Catalog()
    for path in sorted(messages.PACKAGE.glob("templates/**/*.html")):
        code = django_template.templatize(path.read_text(encoding="utf-8"))
        flat = "\n".join(line.strip() for line in code.splitlines())
        for _line, text, _comments, _context in extract("python", io.BytesIO(flat.encode()), DEFAULT_KEYWORDS):
            asked.add(text)
    assert {each.id for each in asked if each.id} <= known


@pytest.mark.parametrize("language", catalogues.languages() or [None])
def test_catalogue_is_complete_and_keeps_what_must_be_kept(language, template):
    if language is None:
        assert SHIPPED == ()
        return
    path = catalogues.path_of("django", language)
    catalogue = catalogues.read(path, language)
    assert catalogues.wrong(catalogue) == []
    assert keys(catalogue) == keys(template)
    assert path.read_text(encoding="utf-8") == messages.as_text(messages.updated("django", language, template))


def test_no_language_gets_lost():
    assert set(SHIPPED) <= set(catalogues.languages())


def wrong(body, language="de"):
    header = f'msgid ""\nmsgstr ""\n"Plural-Forms: {Catalog(locale=language).plural_forms}\\n"\n\n'
    return catalogues.wrong(read_po(io.BytesIO((header + body).encode()), locale=language))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('msgid "Wait"\nmsgstr ""\n', "not translated"),
        ('#, fuzzy\nmsgid "Wait"\nmsgstr "Warten"\n', "fuzzy"),
        ('msgid "Size"\nmsgstr "Größe"\n', "Horizon's"),
        ('msgid "on {host}"\nmsgstr "auf {rechner}"\n', "placeholders"),
        ('msgid "on %(host)s"\nmsgstr "auf"\n', "placeholders"),
        ('msgid "at %(size)s"\nmsgstr "zu 100 % %(size)s"\n', "placeholders"),
        ('msgid "on {host}"\nmsgstr "auf {host}}"\n', "placeholders"),
        ('msgid "<bdi>{name}</bdi>"\nmsgstr "<b>{name}</b>"\n', "tags"),
        ('msgid "Run manage.py migrate"\nmsgstr "Verwalte.py migrate"\n', "command"),
        ('msgid "where backup_use_same_host is set"\nmsgstr "wo es gesetzt wurde"\n', "setting"),
        ('msgid "Wait"\nmsgstr " Warten"\n', "white space"),
        (
            'msgid "{count} row"\nmsgid_plural "{count} rows"\nmsgstr[0] "{count} Zeile"\nmsgstr[1] ""\n',
            "not translated",
        ),
        ('msgid "one"\nmsgid_plural "{count} rows"\nmsgstr[0] "eine"\nmsgstr[1] "Zeilen"\n', "placeholders"),
    ],
)
def test_what_may_not_be_shipped_is_told(body, told):
    assert told in " ".join(wrong(body))


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ('msgid "Size"\nmsgstr ""\n', "de"),
        ('msgid "one"\nmsgid_plural "{count} rows"\nmsgstr[0] "eine"\nmsgstr[1] "{count} Zeilen"\n', "de"),
        ('msgid "one"\nmsgid_plural "{count} rows"\nmsgstr[0] "{count} 行"\n', "ja"),
        ('msgid "cinder-backup {host}"\nmsgstr "Der Dienst cinder-backup auf {host}"\n', "de"),
    ],
)
def test_what_can_be_shipped_is_not_complained_about(body, language):
    assert wrong(body, language) == []


def test_plural_rule_of_another_language_is_told():
    body = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    assert "Plural-Forms" in " ".join(catalogues.wrong(read_po(io.BytesIO(body.encode()), locale="ja")))


def test_compiled_form_follows_its_catalogue(tmp_path):
    source = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid "Wait"\nmsgstr "Warten"\n', encoding="utf-8")
    target = source.with_suffix(".mo")
    assert catalogues.compile_all(tmp_path) == [target]
    assert b"Warten" in target.read_bytes()
    assert catalogues.compile_all(tmp_path) == []


def horizons_texts(language):
    """The texts that Horizon's own catalogues have in a language."""
    import horizon
    import openstack_dashboard

    found = set()
    for package in (horizon, openstack_dashboard):
        path = pathlib.Path(package.__file__).parent / "locale" / language / "LC_MESSAGES" / "django.po"
        found |= {(each.context, each.id) for each in catalogues.read(path, language) if each.string and not each.fuzzy}
    return found


@pytest.mark.parametrize("language", ["de", "es", "fr", "ja", "zh_Hans"])
def test_horizon_has_what_is_left_to_it(language):
    left = {(context, text) for context, texts in catalogues.LEFT_TO_HORIZON.items() for text in texts}
    assert left <= horizons_texts(language)


def test_nothing_else_that_horizon_has_is_translated_here(template):
    in_all = set.intersection(*(horizons_texts(language) for language in ("de", "es", "fr", "ja", "zh_Hans")))
    left = {(context, text) for context, texts in catalogues.LEFT_TO_HORIZON.items() for text in texts}
    assert keys(template) & in_all <= left
