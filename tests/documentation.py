# SPDX-License-Identifier: Apache-2.0
"""The pages of the documentation, and what they give to be typed."""

import pathlib
import re
import shlex

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
SOURCE = ROOT / "doc" / "source"
PAGES = [*sorted(SOURCE.rglob("*.rst")), *(ROOT / name for name in ("README.rst", "CONTRIBUTING.rst", "SECURITY.rst"))]


def name_of(page):
    return str(page.relative_to(ROOT))


def blocks(page, *languages):
    """The code blocks of a page in one of these languages, without their indent."""
    found = re.findall(r"\.\. code-block:: (\w+)\n((?: +:.*\n)*)\n((?:(?: +.*)?\n)+)", page.read_text() + "\n")
    for language, _options, text in found:
        lines = [line for line in text.splitlines() if line.strip()]
        indent = min(len(line) - len(line.lstrip()) for line in lines)
        if language in languages:
            yield "\n".join(line[indent:] for line in lines) + "\n"


def shell(page):
    """The lines for a shell: those of shell blocks, those behind a prompt, and cron's."""
    for block in blocks(page, "shell"):
        yield from block.splitlines()
    for block in blocks(page, "console"):
        # "[--option]": what a command takes, not what is to be typed.
        yield from (line[2:] for line in block.splitlines() if line.startswith("$ ") and "[--" not in line)
    for block in blocks(page, "text"):
        yield from (
            line.split(None, 6)[6] for line in block.splitlines() if re.match(r"[\d*/]+ [\d*/]+ \* \* \* ", line)
        )


def words(line):
    """The simple commands of a line, each as a list of words; settings of the environment before it are left out."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|<>")
    lexer.whitespace_split = True
    found = []
    for word in [*lexer, ";"]:
        if not set(word) <= set(";&|<>"):
            found += [word] if found or not re.fullmatch(r"\w+=\S*", word) else []
        elif found:
            yield found
            found = []


def literals(page):
    """What stands in double backticks."""
    return [re.sub(r"\s+", " ", each) for each in re.findall(r"(?<!`)``([^`]+)``", page.read_text())]


def given(page):
    """Every command that a page gives, in a block or in its text, as a list of words."""
    for line in shell(page):
        yield from words(line)
    for text in literals(page):
        if (
            re.match(r"(openstack|cinder|cinder-manage|tox|python3? |manage\.py|\.venv/)[ \w]", text)
            and "…" not in text
        ):
            yield shlex.split(text)


every_page = pytest.mark.parametrize("page", PAGES, ids=name_of)
