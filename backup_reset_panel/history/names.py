# SPDX-License-Identifier: Apache-2.0
"""The names of the audit log in words: of verdicts, of why nothing was sent, and of how a repair ended."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from backup_reset_panel.core.notes import Text

_WORDS = {
    # What a record proves (Kind).
    "unreadable": pgettext_lazy("Name in the audit log", "unreadable"),
    "not_answered": pgettext_lazy("Name in the audit log", "not answered"),
    "not_taken_up": pgettext_lazy("Name in the audit log", "not taken up"),
    "import_unfinished": pgettext_lazy("Name in the audit log", "import unfinished"),
    "delete_begun": pgettext_lazy("Name in the audit log", "delete begun"),
    "available": pgettext_lazy("Name in the audit log", "available"),
    "unknown_status": pgettext_lazy("Name in the audit log", "unknown status"),
    "delete_tried": pgettext_lazy("Name in the audit log", "delete tried"),
    "being_written": pgettext_lazy("Name in the audit log", "being written"),
    "whole": pgettext_lazy("Name in the audit log", "whole"),
    "damaged": pgettext_lazy("Name in the audit log", "damaged"),
    "was_whole": pgettext_lazy("Name in the audit log", "was whole"),
    "driver_unknown": pgettext_lazy("Name in the audit log", "driver unknown"),
    "chain_not_asked": pgettext_lazy("Name in the audit log", "chain not asked"),
    "chain_not_proved": pgettext_lazy("Name in the audit log", "chain not proved"),
    "complete": pgettext_lazy("Name in the audit log", "complete"),
    "was_complete": pgettext_lazy("Name in the audit log", "was complete"),
    "was_available": pgettext_lazy("Name in the audit log", "was available"),
    "was_available_untold": pgettext_lazy("Name in the audit log", "was available untold"),
    "never_proved": pgettext_lazy("Name in the audit log", "never proved"),
    "cannot_tell": pgettext_lazy("Name in the audit log", "cannot tell"),
    "no_proof": pgettext_lazy("Name in the audit log", "no proof"),
    # Why nothing was sent (Change).
    "touched": pgettext_lazy("Name in the audit log", "touched"),
    "changed": pgettext_lazy("Name in the audit log", "changed"),
    "on_store": pgettext_lazy("Name in the audit log", "on store"),
    "read_before": pgettext_lazy("Name in the audit log", "read before"),
    "other_decision": pgettext_lazy("Name in the audit log", "other decision"),
    "other_region": pgettext_lazy("Name in the audit log", "other region"),
    "no_mark": pgettext_lazy("Name in the audit log", "no mark"),
    # Why a bulk run left it out (LeftOut).
    "slow": pgettext_lazy("Name in the audit log", "slow"),
    "refused": pgettext_lazy("Name in the audit log", "refused"),
    "blocked": pgettext_lazy("Name in the audit log", "blocked"),
    "running": pgettext_lazy("Name in the audit log", "running"),
    "needs_word": pgettext_lazy("Name in the audit log", "needs word"),
    "needs_override": pgettext_lazy("Name in the audit log", "needs override"),
    "earlier_reset": pgettext_lazy("Name in the audit log", "earlier reset"),
    "nothing_to_do": pgettext_lazy("Name in the audit log", "nothing to do"),
    "not_of_this_mode": pgettext_lazy("Name in the audit log", "not of this mode"),
    "not_allowed": pgettext_lazy("Name in the audit log", "not allowed"),
    # How a repair ended (RepairEnding).
    "done": pgettext_lazy("Name in the audit log", "done"),
    "unknown": pgettext_lazy("Name in the audit log", "unknown"),
    "waiting": pgettext_lazy("Name in the audit log", "waiting"),
    "left": pgettext_lazy("Name in the audit log", "left"),
    # How freeing or deleting a left-over ended (Ending).
    "accepted": pgettext_lazy("Name in the audit log", "accepted"),
    "unsure": pgettext_lazy("Name in the audit log", "unsure"),
    "busy": pgettext_lazy("Name in the audit log", "busy"),
    "unread": pgettext_lazy("Name in the audit log", "unread"),
}


def in_words(name: str) -> Text:
    """A name of the audit log in words; that of another release as it is written there.

    :returns: lazy or plain text, never empty
    """
    return _WORDS.get(name) or name.replace("_", " ") or "–"
