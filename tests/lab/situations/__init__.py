# SPDX-License-Identifier: Apache-2.0
"""Ways in which backups get stuck, each made by the failure itself.

A situation is a function registered with ``@situation``; ``run.make`` drives it. It works with a ``Bench``. One that
needs a failure of cinder-backup is a generator, and yields at its stages:

``yield STRIKE``
    cinder-backup is to be struck; on resuming it takes no more messages, but Cinder still believes it up.
``yield GONE``
    on resuming Cinder has seen what happened to it, and a cinder-backup is up.

What it returns is the list of records. Several situations made at once share one failure.
"""

import dataclasses
import importlib
import inspect
import pkgutil
from collections.abc import Callable
from collections.abc import Mapping

from tests.lab.errors import LabError
from tests.lab.state import STORES

STRIKE = "strike"
GONE = "gone"

# What becomes of the cinder-backup hosts that were at work.
REPLACED = "replaced"  # killed; hosts of other names take their place, so that no restart heals what they left
RESTARTED = "restarted"  # killed, and started again under their own names
FROZEN = "frozen"  # halted and left so; hosts of other names are added
UNHARMED = "unharmed"

BOTH = ("embedded", "services")
SERVICES = ("services",)
FILES = ("posix",)


@dataclasses.dataclass(frozen=True)
class Situation:
    """One way to get stuck: its name, how it is made, and what becomes of the cinder-backup that was at work."""

    name: str
    function: Callable
    owner: str
    shapes: tuple[str, ...]
    stores: tuple[str, ...]
    alone: bool
    host_options: Mapping[str, str]

    @property
    def text(self) -> str:
        """How it is made, for the help."""
        return inspect.getdoc(self.function)


SITUATIONS: dict[str, Situation] = {}


def situation(
    name: str,
    *,
    owner: str = REPLACED,
    shapes: tuple[str, ...] = BOTH,
    stores: tuple[str, ...] = STORES,
    alone: bool = False,
    **host_options: str,
) -> Callable:
    """Register a function as a situation.

    :param owner: what becomes of the cinder-backup hosts at work: REPLACED, RESTARTED, FROZEN or UNHARMED
    :param shapes: the shapes of the lab in which it can be made
    :param stores: those on which it can be made
    :param alone: whether it shares its failure with no other situation
    :param host_options: options of ``cinder.conf`` with which the cinder-backup at work has to run
    """

    def register(function: Callable) -> Callable:
        SITUATIONS[name] = Situation(name, function, owner, shapes, stores, alone, host_options)
        return function

    return register


def catalogue() -> dict[str, Situation]:
    """Return all situations by name."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(module.name)  # Its functions register themselves.
    return SITUATIONS


def find(name: str, shape: str, store: str) -> Situation:
    """Return a situation by name.

    :raises LabError: when there is none of that name, or not in this shape or on this store
    """
    known = catalogue()
    if name not in known:
        raise LabError(f"No situation {name}; there are {', '.join(sorted(known))}.")
    if shape not in known[name].shapes:
        raise LabError(f"{name} needs the services shape: {known[name].text}")
    if store not in known[name].stores:
        raise LabError(f"{name} needs backups in {known[name].stores[0]}, not {store}: {known[name].text}")
    return known[name]
