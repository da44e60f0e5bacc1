# SPDX-License-Identifier: Apache-2.0
"""All backups that are being created or restored: who may hold something."""

from __future__ import annotations

from backup_reset_panel.cinder.filters import in_statuses
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.cinder.questions import Listed
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.records import Backup

#: The list is read in parts of so many, that many parts at most.
PART = 1000
PARTS = 10
#: By when it was made: that never changes, so nothing moves while a list is read in parts.
IN_ORDER = "created_at:asc"
AT_WORK = tuple(in_statuses((statuses.CREATING, statuses.RESTORING)).items())


def all_at_work() -> Asking:
    """All of them; Unknown if their list could not be read to its end.

    Its end is where nothing comes behind it: a part that is shorter than asked for proves nothing, since a site may let
    no list be as long (``osapi_max_limit``).
    """
    found: list[Backup] = []
    marker = None
    for _part in range(PARTS):
        question = Listed("backups", AT_WORK, True, IN_ORDER, PART, marker)
        answers = yield ask(question)
        answer = answers[question]
        if not known(answer):
            return answer
        if not answer:
            return tuple(found)
        found += answer
        marker = answer[-1].id
    return Unknown(Gap.NOT_ASKED)
