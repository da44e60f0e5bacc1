# SPDX-License-Identifier: Apache-2.0
"""A thing to tell, with a name that code and logs can hold on to."""

import dataclasses
import enum


@dataclasses.dataclass(frozen=True)
class Note:
    """A sentence for the administrator. What it says of Cinder is proved where the note is made.

    :param code: a member of the enum of its kind (Refusal, Caution, Untick, ...)
    :param text: lazy text
    """

    code: enum.Enum
    text: str
