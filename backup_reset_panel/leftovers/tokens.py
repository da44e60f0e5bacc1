# SPDX-License-Identifier: Apache-2.0
"""What a dialog shows of a left-over, handed to the request that follows it: signed, so that nobody can alter it."""

from __future__ import annotations

import datetime

from django.core import signing

from backup_reset_panel.core.leftovers import Kind
from backup_reset_panel.core.leftovers import LeftOver
from backup_reset_panel.core.storage.unrecorded import Place

_SALT = "backup_reset_panel.left_over"
_PLACE_SALT = "backup_reset_panel.unrecorded"
MAX_AGE_SECONDS = 24 * 3600


def shown(found: LeftOver, region: str) -> str:
    """The token of what is shown."""
    values = {
        "kind": found.kind.value,
        "id": found.id,
        "name": found.name,
        "project_id": found.project_id,
        "status": found.status,
        "touched": found.touched.isoformat(),
        "after": found.after,
    }
    return signing.dumps([region, values], salt=_SALT, compress=True)


def was_shown(token: str, record_id: str, region: str) -> LeftOver | None:
    """What was shown of that left-over, in that region; None: not that, or too long ago."""
    try:
        of_region, values = signing.loads(token, salt=_SALT, max_age=MAX_AGE_SECONDS)
    except (signing.BadSignature, ValueError):
        # ValueError: text that is none, such as a lone surrogate.
        return None
    if of_region != region or values["id"] != record_id:
        return None
    values |= {"kind": Kind(values["kind"]), "touched": datetime.datetime.fromisoformat(values["touched"])}
    return LeftOver(**values)


def place(here: Place, region: str) -> str:
    """The token of a place in a store."""
    return signing.dumps([region, here.account, here.container, here.after], salt=_PLACE_SALT, compress=True)


def place_of(token: str, region: str) -> Place | None:
    """The Place that ``place`` put in; None: it is none, of another region, or too old."""
    try:
        of_region, *where = signing.loads(token, salt=_PLACE_SALT, max_age=MAX_AGE_SECONDS)
    except (signing.BadSignature, ValueError):
        return None
    return Place(*where) if of_region == region else None
