# SPDX-License-Identifier: Apache-2.0
"""Names that run from right to left, within plain texts."""

import unicodedata

import hypothesis
import pytest
from hypothesis import strategies

from backup_reset_panel.core.bidi import isolated

BEGIN, END = "\u2068", "\u2069"
OPENING, CLOSING = {"LRI", "RLI", "FSI"}, "PDI"
OVERRIDES = {"LRE", "RLE", "LRO", "RLO", "PDF"}


@pytest.mark.parametrize("name", ["nightly-07", "", "備份 7", "a (b) – c", "é", "-1"])
def test_name_that_reorders_nothing_stays_as_it_is(name):
    assert isolated(name) == name


@pytest.mark.parametrize("name", ["שלום", "نسخة", "a שלום", "٣٤"])
def test_name_from_right_to_left_is_isolated(name):
    assert isolated(name) == f"{BEGIN}{name}{END}"


@pytest.mark.parametrize("control", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_control_characters_of_a_name_cannot_end_or_outlast_its_isolate(control):
    assert isolated(f"a{control}b") == f"{BEGIN}ab{END}"


@hypothesis.given(strategies.text(strategies.sampled_from("aשn1 ·\u202d\u202e\u2066\u2068\u2069"), max_size=12))
def test_whatever_the_name_each_isolate_that_begins_ends_and_none_outlasts_the_name(name):
    kinds = [unicodedata.bidirectional(character) for character in isolated(name)]
    assert not OVERRIDES & set(kinds)
    assert kinds.count(CLOSING) == sum(kind in OPENING for kind in kinds) <= 1
    if CLOSING in kinds:
        assert (kinds[0], kinds[-1]) == ("FSI", CLOSING)
    else:
        assert not {"R", "AL", "AN"} & set(kinds)
