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
    :param asked: tick boxes that the dialog has, none of them ticked
    :param ticks: those that the administrator ticks, who knows here whether the process is dead
    :param holds: whether there is something to be freed
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
    asked: tuple[str, ...] = ("override", "process_dead")
    ticks: tuple[str, ...] = ("process_dead",)
    holds: bool = True
    restorable: bool = False
    restarted: Statuses | None = None
    stock: Statuses = LEFT_HELD
    stock_claims: bool = True
    stock_restores: bool | None = False

    def __str__(self) -> str:
        return self.situation

    @property
    def is_released(self) -> bool:
        """Whether what was asked for is seen done."""
        return self.ending in ("applied", "removed")

    @property
    def is_freed(self) -> bool:
        """Whether what it holds is to be freed as well."""
        return self.holds and "process_dead" in self.ticks


def rescue(situation: str, after: Statuses, **more) -> Case:
    """Return the case of a backup that is sound and becomes available."""
    facts = {"recommended": "available", "choice": "available", "restorable": True, "stock_restores": True}
    facts["asked"] = ("process_dead",)
    return Case(situation=situation, after=after, **(facts | more))


def left_alone(situation: str, after: Statuses, **more) -> Case:
    """Return the case of a backup on which nothing is submitted."""
    return Case(situation=situation, after=after, **({"choice": None, "ending": None, "ticks": ()} | more))


FREED = Statuses("error", "available")
SOUND = Statuses("available", "available")

#: Those that the first demonstration shows.
CREATING_AND_RESTORING = (
    Case(situation="creating-no-data", verdict="no_proof", after=FREED),
    Case(situation="creating-partial", verdict="no_proof", after=FREED),
    rescue("creating-complete", SOUND, verdict="complete"),
    rescue(
        "restoring",
        Statuses("available", "available", target="error_restoring"),
        before="restoring",
        verdict="was_available",
        stock=Statuses("available", "available", target="restoring-backup"),
    ),
    # Cinder would ignore a reset of it, and no data was ever written: it goes.
    Case(
        situation="never-started",
        verdict="not_taken_up",
        after=Statuses("deleted", "available"),
        offered=("repair", "remove"),
        recommended="remove",
        choice="remove",
        ending="removed",
        asked=("process_dead",),
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
        asked=("never_deleted",),
        ticks=("never_deleted",),
        holds=False,
        stock=SOUND,
    ),
)

#: What else can be held, or be wrong with the data.
FURTHER = (
    rescue("in-use-volume", Statuses("available", "in-use"), verdict="complete"),
    rescue(
        "from-snapshot",
        Statuses("available", "available", snapshot="available"),
        verdict="complete",
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
        asked=("override",),
        before="error",
        verdict="chain_not_proved",
        offered=("available",),
        recommended=None,
        holds=False,
        stock=SOUND,
    ),
    Case(
        situation="import-unfinished",
        verdict="import_unfinished",
        after=FREED,
        asked=("override",),
        ticks=(),
        holds=False,
        stock=SOUND,
    ),
    left_alone(
        "failed-delete",
        FREED,
        asked=("override",),
        before="error",
        verdict="delete_tried",
        offered=("available",),
        recommended=None,
        holds=False,
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
        asked=(),
        ticks=(),
        after=FREED,
        holds=False,
        restarted=Statuses("deleted", "available"),
        stock=SOUND,
        stock_restores=True,
    ),
    # The process is not dead, only out of sight: whoever frees the volume now gets a backup with mixed data.
    Case(
        situation="frozen-create",
        verdict="no_proof",
        after=Statuses("error", "backing-up"),
        ticks=(),
        # Thawed, it goes on: a sound backup of a volume that nobody could write to.
        restarted=SOUND,
    ),
    # The reset that was sent before by other means is applied when its host comes back.
    rescue("armed", SOUND, verdict="complete", restarted=FREED),
    left_alone("live-create", Statuses("creating", "backing-up"), verdict="no_proof", recommended=None),
    left_alone(
        "live-restore",
        Statuses("restoring", "available", target="restoring-backup"),
        before="restoring",
        verdict="was_available",
        recommended=None,
        asked=("process_dead",),
        stock=Statuses("available", "available", target="restoring-backup"),
        stock_restores=True,
    ),
)

CASES = CREATING_AND_RESTORING + FURTHER + SERVICES
BY_NAME = {case.situation: case for case in CASES}
