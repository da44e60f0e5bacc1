# SPDX-License-Identifier: Apache-2.0
"""What is expected of each situation: what the dialog says, what becomes of it, and what stock Horizon makes of it."""

import dataclasses

from tests.e2e.cloud import Statuses

#: What stock Horizon leaves behind a create that died: a backup that claims to be sound, a volume that is still held.
LEFT_HELD = Statuses("available", "backing-up")
BOTH = ("available", "error")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Case:
    """One situation of the lab and its release by the recommendation.

    :param situation: its name in the lab
    :param verdict: kind of the verdict that the dialog shows
    :param after: statuses afterwards: of backup, volume, and snapshot or restore target where there is one
    :param before: status of the backup before
    :param offered: the choices that the dialog leaves
    :param recommended: the choice made beforehand, None where the dialog recommends to leave the backup alone
    :param choice: what is submitted; None: the dialog is cancelled, since it recommends nothing, or the job may be live
    :param ending: how the result dialog says it ended; None where nothing was submitted
    :param ticks: tick boxes that the choice needs
    :param ticked: whether its repair is ticked beforehand; None where there is nothing to repair
    :param repaired: whether the repair is ticked by the administrator, who knows here that the process is dead
    :param restorable: whether the data is all there, so that it must come back byte for byte
    :param restarted: statuses when frozen hosts were thawed and every cinder-backup was started once more; ``after`` if
        None
    :param stock: statuses after stock Horizon's "available"
    :param stock_claims: whether stock Horizon then says that it was done
    :param stock_restores: whether what stock Horizon made available gives its data back, None where it is not available
    """

    situation: str
    verdict: str
    after: Statuses
    before: str = "creating"
    offered: tuple[str, ...] = BOTH
    recommended: str | None = "error"
    choice: str | None = "error"
    ending: str | None = "applied"
    ticks: tuple[str, ...] = ()
    ticked: bool | None = False
    repaired: bool = True
    restorable: bool = False
    restarted: Statuses | None = None
    stock: Statuses = LEFT_HELD
    stock_claims: bool = True
    stock_restores: bool | None = False

    def __str__(self) -> str:
        return self.situation


def rescue(situation: str, after: Statuses, **more) -> Case:
    """Return the case of a backup that is sound and becomes available."""
    facts = {"recommended": "available", "choice": "available", "restorable": True, "stock_restores": True}
    return Case(situation=situation, after=after, **(facts | more))


def left_alone(situation: str, after: Statuses, **more) -> Case:
    """Return the case of a backup on which nothing is submitted."""
    return Case(situation=situation, after=after, **({"choice": None, "ending": None} | more))


FREED = Statuses("error", "available")
SOUND = Statuses("available", "available")

#: Those that the first demonstration shows.
CREATING_AND_RESTORING = (
    Case(situation="creating-no-data", verdict="no_proof", after=FREED),
    Case(situation="creating-partial", verdict="no_proof", after=FREED),
    rescue("creating-complete", SOUND, verdict="complete", ticked=True),
    rescue(
        "restoring",
        Statuses("available", "available", target="error_restoring"),
        before="restoring",
        verdict="was_available",
        stock=Statuses("available", "available", target="restoring-backup"),
    ),
    # Cinder would ignore a reset of it: the repair of its volume is what helps.
    Case(
        situation="never-started",
        verdict="not_taken_up",
        after=Statuses("creating", "available"),
        offered=("repair",),
        recommended="repair",
        choice="repair",
        ending="repaired",
        # The start of the host last asked does what it always does.
        restarted=FREED,
        stock=Statuses("creating", "backing-up"),
        stock_restores=None,
    ),
    rescue(
        "error-after-restart",
        SOUND,
        before="error",
        verdict="was_complete",
        offered=("available",),
        recommended=None,
        ticks=("never_deleted",),
        ticked=None,
        stock=SOUND,
    ),
)

#: What else can be held, or be wrong with the data.
FURTHER = (
    rescue("in-use-volume", Statuses("available", "in-use"), verdict="complete", ticked=True),
    rescue(
        "from-snapshot",
        Statuses("available", "available", snapshot="available"),
        verdict="complete",
        ticked=True,
        stock=Statuses("available", "available", snapshot="backing-up"),
    ),
    rescue(
        "restore-to-new-volume",
        Statuses("available", "available", target="error"),
        before="restoring",
        verdict="was_available",
        stock=Statuses("available", "available", target="creating"),
    ),
    Case(situation="incremental-unchanged", verdict="cannot_tell", after=FREED, stock_restores=True),
    Case(situation="chain-broken", verdict="chain_not_proved", after=FREED),
    left_alone(
        "poisoned-parent",
        FREED,
        before="error",
        verdict="chain_not_proved",
        offered=("available",),
        recommended=None,
        ticked=None,
        stock=SOUND,
    ),
    Case(situation="import-unfinished", verdict="import_unfinished", after=FREED, ticked=None, stock=SOUND),
    left_alone(
        "failed-delete",
        FREED,
        before="error",
        verdict="delete_tried",
        offered=("available",),
        recommended=None,
        ticked=None,
        stock=SOUND,
    ),
)

#: Where no cinder-backup can or should do what is asked, or one may still be at work.
SERVICES = (
    Case(
        situation="other-driver",
        verdict="driver_unknown",
        ending="accepted",
        after=Statuses("creating", "backing-up"),
        stock=Statuses("creating", "backing-up"),
        stock_restores=None,
    ),
    rescue(
        "other-zone",
        Statuses("creating", "backing-up"),
        verdict="complete",
        ending="refused",
        ticked=True,
        restorable=False,
        stock=Statuses("creating", "backing-up"),
        stock_claims=False,
        stock_restores=None,
    ),
    # The delete that waits in a frozen host's queue is carried out in the end, as the dialog says.
    Case(
        situation="deleting-queued",
        before="deleting",
        verdict="delete_begun",
        offered=("error",),
        after=FREED,
        ticked=None,
        restarted=Statuses("deleted", "available"),
        stock=SOUND,
        stock_restores=True,
    ),
    # The process is not dead, only out of sight: whoever frees the volume now gets a backup with mixed data.
    Case(
        situation="frozen-create",
        verdict="no_proof",
        after=Statuses("error", "backing-up"),
        repaired=False,
        # Thawed, it goes on: a sound backup of a volume that nobody could write to.
        restarted=SOUND,
    ),
    # The reset that was sent before by other means is applied when its host comes back.
    rescue("armed", SOUND, verdict="complete", ticked=True, restarted=FREED),
    left_alone("live-create", Statuses("creating", "backing-up"), verdict="no_proof"),
    left_alone(
        "live-restore",
        Statuses("restoring", "available", target="restoring-backup"),
        before="restoring",
        verdict="was_available",
        recommended="available",
        stock=Statuses("available", "available", target="restoring-backup"),
        stock_restores=True,
    ),
)

CASES = CREATING_AND_RESTORING + FURTHER + SERVICES
BY_NAME = {case.situation: case for case in CASES}
