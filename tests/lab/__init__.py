# SPDX-License-Identifier: Apache-2.0
"""A real block storage cloud in one command; see ``python -m tests.lab --help``.

Tests use it as ``with Lab(shape="services") as lab: lab.make("creating-complete")``.
"""

from tests.lab.errors import LabError

__all__ = ["Lab", "LabError"]


def __getattr__(name):
    """Import the lab when somebody wants it.

    Cinder's processes come through here, too (``tests.lab.runtime``): what uses TLS must not be imported before Cinder
    has patched it, or its S3 driver's first connection recurses without an end.
    """
    if name != "Lab":
        raise AttributeError(name)
    from tests.lab.lab import Lab

    return Lab
