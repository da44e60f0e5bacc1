# SPDX-License-Identifier: Apache-2.0
"""Claims of many backups that end together, while others write at the same time."""

import types

import pytest
from django.core.cache import cache
from django.utils import timezone

from backup_reset_panel.core.outcome.types import Ending
from backup_reset_panel.core.outcome.types import Outcome
from backup_reset_panel.core.records import Backup
from backup_reset_panel.resets import pending

ID = "1b4a25b5-6b53-4016-a570-b08d0477336{}"


@pytest.fixture
def request_():
    cache.clear()
    return types.SimpleNamespace(session={}, user=types.SimpleNamespace(username="someone"))


@pytest.fixture
def claims(request_):
    """Three claims of one run, and that their resets are about to be sent."""
    found = [pending.Claim(request_, ID.format(number), in_session=False) for number in range(3)]
    for claim in found:
        claim.about_to_send("error")
    return found


def came_to(ending, number):
    backup = Backup(ID.format(number), status="creating")
    return Outcome(ending, backup, "error", now=backup)


def owners(request_, number):
    return [each.owner for each in pending.find(request_, ID.format(number))]


def test_each_leaves_what_is_known_of_its_own_reset(request_, claims):
    endings = (Ending.APPLIED, Ending.ACCEPTED, None)
    pending.end_all(
        request_,
        [(claim, ending and came_to(ending, n)) for n, (claim, ending) in enumerate(zip(claims, endings, strict=True))],
    )
    assert owners(request_, 0) == []
    [accepted] = pending.find(request_, ID.format(1))
    assert (accepted.owner, accepted.stage) == (claims[1].owner, pending.Stage.ACCEPTED)
    [lost] = pending.find(request_, ID.format(2))
    assert (lost.owner, lost.stage) == (claims[2].owner, pending.Stage.PERHAPS_SENT)


def test_resets_of_others_stay_whether_they_were_there_before_or_came_meanwhile(request_):
    earlier = {"target": "available", "stage": "accepted", "since": timezone.now().isoformat(), "owner": "a-colleague"}
    cache.set(f"backup_reset_panel.armed.{ID.format(0)}", [earlier], 60)
    claims = [pending.Claim(request_, ID.format(number), in_session=False) for number in range(2)]
    for claim in claims:
        claim.about_to_send("error")
    assert set(owners(request_, 0)) == {"a-colleague", claims[0].owner}
    later = cache.get(f"backup_reset_panel.armed.{ID.format(1)}")
    cache.set(f"backup_reset_panel.armed.{ID.format(1)}", [*later, earlier], 60)
    pending.end_all(request_, [(claim, came_to(Ending.APPLIED, number)) for number, claim in enumerate(claims)])
    assert owners(request_, 0) == owners(request_, 1) == ["a-colleague"]


def test_a_claim_that_a_colleague_holds_by_now_is_not_ended(request_, claims):
    """Ours lasted too long, and was taken for left behind."""
    cache.set(claims[1].key, "a-colleague", 30)
    pending.end_all(request_, [(claim, None) for claim in claims])
    assert [cache.get(claim.key) for claim in claims] == [None, "a-colleague", None]
