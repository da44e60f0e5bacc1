# SPDX-License-Identifier: Apache-2.0
"""A real block storage cloud in one command; see ``python -m tests.lab --help``.

Tests use it as ``with Lab(shape="services") as lab: lab.make("creating-complete")``.
"""

from tests.lab.errors import LabError
from tests.lab.lab import Lab

__all__ = ["Lab", "LabError"]
