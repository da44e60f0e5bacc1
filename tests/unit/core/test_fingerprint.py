# SPDX-License-Identifier: Apache-2.0
"""Whether a backup is still what the dialog showed."""

import json

import pytest

from backup_reset_panel.core.fingerprint import Change
from backup_reset_panel.core.fingerprint import changed
from backup_reset_panel.core.fingerprint import fingerprint
from tests.unit.core.examples import ago
from tests.unit.core.examples import backup

SHOWN = fingerprint(backup())


def test_unchanged_backup_passes():
    assert changed(json.loads(json.dumps(SHOWN)), backup()) is Change.NONE


@pytest.mark.parametrize(
    "so",
    [
        {"status": "available"},
        {"status": None},
        {"object_count": 128},
        {"object_count": None},
        {"fail_reason": "incomplete backup reset on manager restart"},
        {"container": "other"},
        {"status": "error", "updated_at": ago(seconds=1)},
    ],
)
def test_backup_that_differs_in_what_was_decided_on_does_not_pass(so):
    assert changed(SHOWN, backup(**so)) is Change.CHANGED


@pytest.mark.parametrize("moment", [ago(seconds=1), None])
def test_backup_that_somebody_touched_is_told_apart(moment):
    assert changed(SHOWN, backup(updated_at=moment)) is Change.TOUCHED


@pytest.mark.parametrize("so", [{"name": "renamed"}, {"metadata": (("a", "b"),)}])
def test_what_nothing_was_decided_on_may_change(so):
    assert changed(SHOWN, backup(**so)) is Change.NONE


@pytest.mark.parametrize("shown", [[], {}, None, "creating", SHOWN | {"status": "available"}, SHOWN | {"more": 1}])
def test_malformed_fingerprint_does_not_pass(shown):
    assert changed(shown, backup()) is Change.CHANGED


def test_backup_never_updated_has_a_fingerprint():
    assert changed(fingerprint(backup(updated_at=None)), backup(updated_at=None)) is Change.NONE
