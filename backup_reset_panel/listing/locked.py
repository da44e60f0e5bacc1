# SPDX-License-Identifier: Apache-2.0
"""What is over and still locked, as far as a filter wants it: Cinder cannot filter that, so it is done here."""

from __future__ import annotations

import dataclasses

from backup_reset_panel import cinder
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Volume
from backup_reset_panel.listing import lookup
from backup_reset_panel.listing.filters import Query
from backup_reset_panel.web import cache

#: What holds volumes is looked up by a question a volume: too much for each update of each page in an outage.
KEPT_SECONDS = 600


def locked_of(cloud: cinder.Cloud, query: Query, most: int) -> cinder.Locked:
    """What passes a query of all that is over and still locked.

    :param most: how many to tell of; with filters, so many are looked at, those locked for the longest time, unless an
        id says of which volumes
    :returns: with the count of all of them, whatever the query; ``is_left_over`` where more may pass
    :raises CinderFault: TOKEN_REFUSED
    """
    wanted = _volumes_of(cloud, query.wanted_id) if query.wanted_id else None
    if isinstance(wanted, Unknown):
        return cinder.Locked(is_known=False)
    found = still_locked(cloud, most, wanted)
    return dataclasses.replace(found, evidence=tuple(each for each in found.evidence if _passes(each, query)))


def still_locked(
    cloud: cinder.Cloud, most: int, of: frozenset[str] | None = None, at_work: tuple[Backup, ...] | None = None
) -> cinder.Locked:
    """As ``cinder.still_locked``, with what earlier looks found out, whoever's they were."""
    key = f"backup_reset_panel.holds.{cache.place(cloud.region)}"
    before = {each: cinder.Hold(*hold) for each, hold in (cache.get(key) or {}).items()}
    found = cinder.still_locked(cloud, most, of, at_work, before)
    if found.is_known and found.holds != before:
        cache.put(key, {each: tuple(hold) for each, hold in found.holds.items()}, KEPT_SECONDS)
    return found


def _volumes_of(cloud: cinder.Cloud, wanted_id: str) -> frozenset[str] | Unknown:
    """The id itself, which may be a volume's, and that of the volume of the backup that has it."""
    found = cinder.Interview(cloud).answer(lookup.by_id(wanted_id))
    return frozenset({wanted_id, *(row.volume_id for row in found if row.volume_id)}) if known(found) else found


def _passes(evidence: Evidence, query: Query) -> bool:
    held = next((each for each in (evidence.volume, evidence.restore_target) if isinstance(each, Volume)), None)
    return query.passes_without_cinder(evidence.record, held.id if held else None)
