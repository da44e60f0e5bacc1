# SPDX-License-Identifier: Apache-2.0
"""What the script of a bulk run counts, in every form that the reader's language has for a number.

Which form goes with a number is a rule in the catalogue, and no two languages need have the same: a script gets the
forms, and for each number which of them it takes.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.utils.translation import get_language
from django.utils.translation import ngettext

#: No language's rule tells two numbers from here on apart that end in the same two digits.
ALIKE_FROM = 100
_LISTED = range(2 * ALIKE_FROM)

Forms = dict[str, list[str] | str]

_TEXTS: dict[str, Callable[[int], str]] = {
    "Reading": lambda count: ngettext(
        "Making the plan: {count} backup so far",
        "Making the plan: {count} backups so far",
        count,
    ),
    "PlanHead": lambda count: ngettext("{count} backup:", "{count} backups:", count),
    "CountRemove": lambda count: ngettext("{count} to be removed", "{count} to be removed", count),
    "CountRepair": lambda count: ngettext("{count} only freed", "{count} only freed", count),
    "CountOut": lambda count: ngettext("{count} left out", "{count} left out", count),
    "CountListed": lambda count: ngettext(
        "{count} checked, contents not read",
        "{count} checked, contents not read",
        count,
    ),
    "CountSampled": lambda count: ngettext("{count} with a sample read", "{count} with a sample read", count),
    "CountRead": lambda count: ngettext("{count} with all contents read", "{count} with all contents read", count),
    "Button": lambda count: ngettext("Update {count} backup", "Update {count} backups", count),
    "HostRows": lambda count: ngettext("{count} backup", "{count} backups", count),
    "HostLocks": lambda count: ngettext("{count} locked volume", "{count} locked volumes", count),
    "More": lambda count: ngettext("Show {count} more", "Show {count} more", count),
    "CountApplied": lambda count: ngettext("{count} reset", "{count} reset", count),
    "CountRemoved": lambda count: ngettext("{count} removed", "{count} removed", count),
    "CountRepaired": lambda count: ngettext("{count} only freed", "{count} only freed", count),
    "CountFreed": lambda count: ngettext("{count} volume freed", "{count} volumes freed", count),
    "CountLocked": lambda count: ngettext("{count} still locked", "{count} still locked", count),
    "CountOpen": lambda count: ngettext(
        "{count} accepted and not applied yet",
        "{count} accepted and not applied yet",
        count,
    ),
    "CountReached": lambda count: ngettext(
        "{count} done by us or by their own job",
        "{count} done by us or by their own job",
        count,
    ),
    "CountFailed": lambda count: ngettext("{count} failed", "{count} failed", count),
    "CountUnsent": lambda count: ngettext("{count} not sent", "{count} not sent", count),
    "CountUnknown": lambda count: ngettext("{count} not known", "{count} not known", count),
    "LostRun": lambda count: ngettext(
        "Horizon did not answer. It is not known whether the backup that was under way has been reset: it is marked "
        "below, and is not sent again. Nothing was sent after it.",
        "Horizon did not answer. It is not known whether the {count} backups that were under way have been reset: they "
        "are marked below, and are not sent again. Nothing was sent after them.",
        count,
    ),
    "CountAvailable": lambda count: ngettext("{count} → Available", "{count} → Available", count),
    "CountError": lambda count: ngettext("{count} → Error", "{count} → Error", count),
}


def plurals() -> dict[str, Forms]:
    """All the forms of every text, for the language of this request.

    :returns: name of a text to its "forms" and "which" of them each number takes: a digit for each of 0 to 199; a
        number beyond takes that of the one from 100 to 199 that ends in the same two digits
    """
    return _plurals(get_language())


@functools.lru_cache(maxsize=32)
def _plurals(_language: str | None) -> dict[str, Forms]:
    return {name: _forms(text) for name, text in _TEXTS.items()}


def _forms(text: Callable[[int], str]) -> Forms:
    told = [text(number) for number in _LISTED]
    forms = list(dict.fromkeys(told))
    return {"forms": forms, "which": "".join(str(forms.index(each)) for each in told)}
