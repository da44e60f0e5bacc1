# SPDX-License-Identifier: Apache-2.0
"""What the unit tests share."""

import types

import pytest

from backup_reset_panel import cinder
from tests.people import person


@pytest.fixture
def connection(cloud):
    """A cinder.Cloud of an administrator, whose network is the FakeCinder."""
    return cinder.Cloud.of(types.SimpleNamespace(user=person("admin")))
