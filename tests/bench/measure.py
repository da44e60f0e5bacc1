# SPDX-License-Identifier: Apache-2.0
"""Timing several things by turns, so that whatever else the machine does meets all of them."""

import dataclasses
import statistics
import time
from collections.abc import Callable
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True)
class Spread:
    """What some runs of one thing took, in seconds."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median."""
        return statistics.median(self.seconds)

    @property
    def least(self) -> float:
        """The fastest run."""
        return min(self.seconds)

    @property
    def most(self) -> float:
        """The slowest run."""
        return max(self.seconds)


def by_turns(
    things: Mapping[str, Callable[[], object]], rounds: int, before: Callable[[str], object] = lambda name: None
) -> dict[str, Spread]:
    """Do each thing once unmeasured, then all of them in turn, and time that.

    :param things: by name; one that returns a float is believed about its own seconds
    :param before: called with a name ahead of every run of it, not timed
    :returns: name to Spread
    """
    taken: dict[str, list[float]] = {name: [] for name in things}
    for turn in range(rounds + 1):
        for name, thing in things.items():
            before(name)
            seconds = timed(thing)
            if turn:
                taken[name].append(seconds)
    return {name: Spread(tuple(found)) for name, found in taken.items()}


def timed(thing: Callable[[], object]) -> float:
    """Return the seconds that a thing took: its own word, if it returns a float."""
    begun = time.perf_counter()
    said = thing()
    return said if isinstance(said, float) else time.perf_counter() - begun
