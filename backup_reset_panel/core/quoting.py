# SPDX-License-Identifier: Apache-2.0
"""Names that leave the page: in a shell's line, and in a cell of a spreadsheet.

Cinder takes any name, and so does whoever names a host or a region. What moves a terminal's cursor, ends a line or
turns the direction of writing is spelled out in both.
"""

import re
import shlex

#: Controls, line and paragraph separators, lone surrogates, and what turns the direction of all that follows it.
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066\u2067\ud800-\udfff]")
#: Where a spreadsheet sees a formula: at the beginning of a cell, or behind what it may take for the end of one. The
#: signs are narrow or wide.
_FORMULA = re.compile("(^|;)(\\s*)(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])")


def spelled(text: str) -> str:
    """A text in which nothing acts upon a terminal or a line: ``\\x1b`` is four characters then."""
    return _UNSHOWN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def shell_word(text: str) -> str:
    """One word of a POSIX shell's line, whatever is in it: safe to paste, and of one line.

    :returns: quoted where it has to be; as ``$'…'`` (POSIX 2024; bash, zsh, ksh) where it has what is not shown
    """
    if not _UNSHOWN.search(text):
        return shlex.quote(text)
    return f"$'{''.join(map(_in_dollar_quotes, text))}'"


def _in_dollar_quotes(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    if not _UNSHOWN.match(character):
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "replace"))


def csv_cell(text: str) -> str:
    """What stands in a cell: no formula to any spreadsheet, and of one line; static/…/bulk/csv.js does the same."""
    return _FORMULA.sub(r"\1\2'", spelled(text))
