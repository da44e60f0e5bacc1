# SPDX-License-Identifier: Apache-2.0
"""Numbers as the reader's language writes them: "21,000" and "16.8" in English, "21.000" and "16,8" in German."""

from __future__ import annotations

from django.utils.formats import number_format


def whole(number: int) -> str:
    """A whole number, its thousands set apart."""
    return str(number_format(number, 0, use_l10n=True, force_grouping=True))


def decimal(number: float, places: int) -> str:
    """A number with so many decimal places."""
    return str(number_format(f"{number:.{places}f}", places, use_l10n=True))
