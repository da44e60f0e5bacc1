# SPDX-License-Identifier: Apache-2.0
"""What is told: texts, and notes that have a name which code and logs can hold on to."""

from __future__ import annotations

import dataclasses
import enum
import typing

if typing.TYPE_CHECKING:
    from django_stubs_ext import StrPromise

#: A text, or a lazy one: it is translated when it is shown, so ``str()`` is owed before it is joined or made JSON.
Text: typing.TypeAlias = "str | StrPromise"


@dataclasses.dataclass(frozen=True)
class Note:
    """A sentence for the administrator.

    :param code: a member of the enum of its kind: Refusal, Warn, Need, LeftOut, Separate, Cause, Stop
    """

    code: enum.Enum
    text: Text
