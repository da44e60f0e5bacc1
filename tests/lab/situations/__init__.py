# SPDX-License-Identifier: Apache-2.0
"""Ways in which backups get stuck, each made by the failure itself.

A situation is a generator function registered with ``@situation``; ``run.make`` drives it. It does its work with a
``Bench`` and yields at the stages of a failure:

``yield STRIKE``
    cinder-backup is to be struck down; on resuming it takes no more messages, but Cinder still believes it up.
``yield GONE``
    on resuming Cinder has seen it go, and another host runs in its place.

What it returns is the list of records. Several situations made at once share one failure.
"""

import dataclasses
import inspect
from collections.abc import Callable

from tests.lab.errors import LabError

STRIKE = "strike"
GONE = "gone"

REPLACED = "replaced"
RESTARTED = "restarted"
UNHARMED = "unharmed"

BOTH = ("embedded", "services")


@dataclasses.dataclass(frozen=True)
class Situation:
    """One way to get stuck: its name, how it is made, and what becomes of the cinder-backup that was at work."""

    name: str
    function: Callable
    owner: str
    shapes: tuple[str, ...]

    @property
    def text(self) -> str:
        """How it is made, for the help."""
        return inspect.getdoc(self.function)


SITUATIONS: dict[str, Situation] = {}


def situation(name: str, owner: str = REPLACED, shapes: tuple[str, ...] = BOTH) -> Callable:
    """Register a generator function as a situation.

    :param owner: what becomes of the cinder-backup at work: REPLACED (killed; a host of another name takes its place,
    so
        that no restart heals the row), RESTARTED (killed, and started again under its own name) or UNHARMED
    :param shapes: the shapes of the lab in which it can be made
    """

    def register(function: Callable) -> Callable:
        SITUATIONS[name] = Situation(name, function, owner, shapes)
        return function

    return register


def catalogue() -> dict[str, Situation]:
    """Return all situations by name."""
    # Imported here: these modules register themselves.
    from tests.lab.situations import creating  # noqa: F401
    from tests.lab.situations import restoring  # noqa: F401

    return SITUATIONS


def find(name: str, shape: str) -> Situation:
    """Return a situation by name.

    :raises LabError: when there is none of that name, or not in this shape
    """
    if name not in catalogue():
        raise LabError(f"No situation {name}; there are {', '.join(sorted(catalogue()))}.")
    found = catalogue()[name]
    if shape not in found.shapes:
        raise LabError(f"{name} needs the services shape: {found.text}")
    return found
