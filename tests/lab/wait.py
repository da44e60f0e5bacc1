# SPDX-License-Identifier: Apache-2.0
"""Waiting on conditions, never on time alone."""

import time
from collections.abc import Callable
from typing import TypeVar

from tests.lab.errors import LabError

Found = TypeVar("Found")


def until(condition: Callable[[], Found], what: str, seconds: float, poll: float = 0.1) -> Found:
    """Call ``condition`` until it answers something true, and return that.

    :param what: what is waited for, as it should stand in the error
    :param seconds: how long to wait at most
    :raises LabError: when it did not come true in time
    """
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise LabError(f"Waited {seconds:g} s in vain for {what}.")
        time.sleep(poll)
