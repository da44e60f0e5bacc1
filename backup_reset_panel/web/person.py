# SPDX-License-Identifier: Apache-2.0
"""Who is logged in, and where: what a page tells its scripts."""

from __future__ import annotations

import dataclasses
from typing import Any


@dataclasses.dataclass(frozen=True)
class Person:
    """A user of Horizon.

    :param id: Keystone's
    :param name: under which they log in
    :param region: of their session, empty where there is but one without a name
    """

    id: str
    name: str
    region: str

    @classmethod
    def of(cls, request: Any) -> Person:
        """That of a request of a logged-in user."""
        user = request.user
        return cls(user.id, user.username, user.services_region or "")
