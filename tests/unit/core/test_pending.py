# SPDX-License-Identifier: Apache-2.0
"""How long a reset that is being sent makes others wait: a moment, and never for good."""

import datetime

import pytest

from backup_reset_panel.core.pending import CLAIM_SECONDS
from backup_reset_panel.core.pending import Stage
from tests.unit.core.examples import NOW
from tests.unit.core.examples import ago
from tests.unit.core.examples import pending


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("seconds", [0, CLAIM_SECONDS - 1, CLAIM_SECONDS, 3600])
def test_only_a_fresh_claim_makes_others_wait(stage, seconds):
    is_sending = pending(stage=stage, since=ago(seconds=seconds)).is_being_sent(NOW)
    assert is_sending is (stage is Stage.CLAIMED and seconds < CLAIM_SECONDS)


def test_claim_is_over_before_a_person_gives_up():
    assert CLAIM_SECONDS <= 30


def test_claim_from_a_clock_that_is_ahead_ends_as_well():
    ahead = pending(stage=Stage.CLAIMED, since=NOW + datetime.timedelta(seconds=5))
    assert ahead.is_being_sent(NOW)
    assert not ahead.is_being_sent(NOW + datetime.timedelta(seconds=5 + CLAIM_SECONDS))
