# SPDX-License-Identifier: Apache-2.0
"""How often a property is tried at random."""

import os


def tries(usual: int) -> int:
    """How many tries of a property of our own rules are made here: fewer where only the Horizon below is another one.

    The variable ``TRIES_PERCENT`` is set by the tox environments that do what "views" does on another Horizon.
    """
    return max(1, usual * int(os.environ.get("TRIES_PERCENT", "100")) // 100)
