# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with a lab, in words for the person who started it."""


class LabError(Exception):
    """The lab could not do what was asked; the message says why and shows the end of the log that tells."""
