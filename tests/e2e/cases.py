# SPDX-License-Identifier: Apache-2.0
"""What is expected of the release of each situation, by the design's verdict table."""

import dataclasses

from tests.e2e.cloud import Statuses

#: What stock Horizon leaves behind a create that died: a backup that claims to be sound, a volume that is still held.
LEFT_HELD = Statuses("available", "backing-up")


@dataclasses.dataclass(frozen=True)
class Case:
    """One situation of the lab and its release by the recommendation.

    :param situation: its name in the lab
    :param before: status of the backup before
    :param verdict: kind of the verdict that the dialog shows
    :param recommended: the choice made beforehand, None where the dialog recommends to leave the backup alone
    :param choice: what is chosen; the recommendation, where there is one
    :param ending: how the result dialog says it ended
    :param after: status of the backup afterwards
    :param ticks: tick boxes that the choice needs
    :param ticked: whether its repair is ticked beforehand; None where there is nothing to repair
    :param volume: status of the source volume afterwards
    :param snapshot: status of the source snapshot afterwards, if the backup was made from one
    :param target: status of the volume restored into afterwards, if there is one
    :param restorable: whether the data is all there, so that it must come back byte for byte
    :param after_restart: status of the backup when every cinder-backup host was started once more; ``after`` if None
    :param stock: statuses of backup, volume and target after stock Horizon's "available"
    """

    situation: str
    before: str
    verdict: str
    recommended: str | None
    choice: str
    ending: str
    after: str
    ticks: tuple[str, ...] = ()
    ticked: bool | None = None
    volume: str = "available"
    snapshot: str | None = None
    target: str | None = None
    restorable: bool = False
    after_restart: str | None = None
    stock: Statuses = LEFT_HELD

    def __str__(self) -> str:
        return self.situation


CASES = (
    Case("creating-no-data", "creating", "no_proof", "error", "error", "applied", "error", ticked=False),
    Case("creating-partial", "creating", "no_proof", "error", "error", "applied", "error", ticked=False),
    Case(
        *("creating-complete", "creating", "complete", "available", "available", "applied", "available"),
        ticked=True,
        restorable=True,
    ),
    Case(
        *("restoring", "restoring", "was_available", "available", "available", "applied", "available"),
        ticked=False,
        target="error_restoring",
        restorable=True,
        stock=Statuses("available", "available", target="restoring-backup"),
    ),
    # Cinder would ignore a reset of it: the repair of its volume is what helps.
    Case(
        *("never-started", "creating", "not_taken_up", "repair", "repair", "repaired", "creating"),
        ticked=False,
        # The start of the host last asked does what Cinder always does then.
        after_restart="error",
        stock=Statuses("creating", "backing-up"),
    ),
    Case(
        *("error-after-restart", "error", "was_complete", None, "available", "applied", "available"),
        ticks=("never_deleted",),
        restorable=True,
        stock=Statuses("available", "available"),
    ),
)
BY_NAME = {case.situation: case for case in CASES}
