# SPDX-License-Identifier: Apache-2.0
"""The life of a reset, whoever else is at work meanwhile: a model of what Cinder does, and what people are told.

The model keeps the queue of resets that Cinder accepted, the job that may live on, and what was applied. Two
administrators act through the views. "Done" is never said of a reset that was not applied; there is always a way on.
"""

import dataclasses
import itertools

import hypothesis
import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import stateful
from hypothesis import strategies as st

from backup_reset_panel.cinder.threads import POOL
from backup_reset_panel.resets import pending
from tests import fake_cinder
from tests.fake_cinder import FakeCinder
from tests.fake_cinder import stamp
from tests.tries import tries
from tests.views.conftest import opened

KINDS = {
    "create": {"status": "creating", "object_count": 128},
    "empty create": {"status": "creating"},
    "restore": {"status": "restoring", "object_count": 128},
    "delete": {"status": "deleting"},
    "delete that failed before": {"status": "deleting", "fail_reason": "[Errno 39] Directory not empty"},
}
RESTART = "incomplete backup reset on manager restart"


IDLE = st.booleans()
LOOKS = st.sampled_from([True, True, False])
PEOPLE = st.sampled_from([0, 1])
CHOICES = st.sampled_from(["available", "available", "error"])
#: What happens to a reset before it reaches Cinder, and to Cinder's answer.
ON_THE_WAY = st.sampled_from(
    [
        *[(None, None)] * 4,
        (500, None),
        (fake_cinder.REFUSED, None),
        (fake_cinder.TIME_OUT, None),
        (None, fake_cinder.TIME_OUT),
        (None, fake_cinder.BROKEN_OFF),
    ]
)


class Killed(BaseException):
    """A worker process that is killed: nothing of ours catches it, and nothing is cleaned up."""


@dataclasses.dataclass
class Sent:
    """A reset that reached Cinder.

    :param in_queue: whether it may still be applied
    :param applied: when it, or one like it, was applied last after it had been sent
    """

    target: str
    in_queue: bool = True
    applied: int = -1


class LifeOfAReset(stateful.RuleBasedStateMachine):
    """One stuck backup, two administrators, and everybody else who may write its status."""

    def __init__(self):
        super().__init__()
        cache.clear()
        self.clock = itertools.count()
        self.cloud = FakeCinder()
        self.cloud.applies = False
        self.cloud.moves_to = "node-2"
        self.network = self.cloud.installed()
        self.network.start()
        self.people = [Client(), Client()]
        self.shown = [None, None]
        self.sent = []
        self.watched = [None, None]
        self.job_lives = True

    def teardown(self):
        if hasattr(self, "backup") and self.is_there:
            self.there_is_a_way_on()
        POOL.wait_until_idle(30)
        self.network.stop()

    @stateful.initialize(kind=st.sampled_from(sorted(KINDS)))
    def begin(self, kind):
        self.kind = kind
        self.backup = self.cloud.add_backup(**KINDS[kind])
        self.volume = self.cloud.volumes[self.backup["volume_id"]]
        self.target = self.cloud.add_volume(status="restoring-backup")
        if kind == "restore":
            self.cloud.hide(self.backup["id"], restore_volume_id=self.target["id"])

    def moment(self):
        """A time stamp later than the one before: Cinder's have a second, and steps of this test take less."""
        return stamp(10_000 - next(self.clock))

    @property
    def seldom(self):
        return [
            self.somebody_opens_the_dialog_and_goes_for_coffee,
            self.a_worker_is_killed_while_it_watches,
            self.somebodys_session_is_over,
        ]

    # --- Cinder ------------------------------------------------------------------------------------------------------

    @property
    def is_there(self):
        return self.backup["id"] in self.cloud.backups

    def take_in(self, is_idle=False):
        """Put what was just accepted into the queue, unless it was applied at once."""
        for row_id, target in self.cloud.resets:
            if row_id == self.backup["id"]:
                self.sent.append(Sent(target, in_queue=not is_idle))
                self.backup["updated_at"] = self.moment()
                if is_idle:
                    self.note_applied(target)
        self.cloud.resets.clear()

    def note_applied(self, target):
        """A reset to that status was applied: of two that are alike, nobody can tell which."""
        for each in self.sent:
            if each.target == target:
                each.applied = next(self.clock)

    @stateful.rule(data=st.data())
    def something_happens(self, data):
        """One rule for all: Hypothesis leaves out whole rules now and then, which would part cause from effect."""
        actor = data.draw(st.sampled_from([self.in_cinder] * 4 + [self.somebody_resets_it] * 4 + self.seldom))
        actor(data)

    def in_cinder(self, data):
        looks = data.draw(LOOKS)
        happens = {
            self.a_reset_is_applied: any(each.in_queue for each in self.sent) and self.is_there,
            self.a_message_is_lost: any(each.in_queue for each in self.sent),
            self.the_job_ends: self.job_lives and self.is_there,
            self.the_delete_succeeds: self.job_lives and self.is_there and self.kind.startswith("delete"),
            self.the_host_is_started: self.is_there and self.backup["status"] == "creating",
            self.the_next_backup_of_the_volume_begins: self.is_there and self.volume["status"] == "available",
        }
        possible = [event for event, is_possible in happens.items() if is_possible]
        if possible:
            data.draw(st.sampled_from(possible))()
            self.people_look(looks)

    def a_reset_is_applied(self):
        """The latest first: each may be at another host."""
        reset = [each for each in self.sent if each.in_queue][-1]
        reset.in_queue = False
        self.backup.update(status=reset.target, updated_at=self.moment())
        self.note_applied(reset.target)

    def a_message_is_lost(self):
        next(each for each in self.sent if each.in_queue).in_queue = False

    def the_job_ends(self):
        self.job_lives = False
        now = self.moment()
        if self.kind.endswith("create"):
            self.volume.update(status="available", updated_at=now)
            self.cloud.hide(self.volume["id"], previous_status="backing-up")
            self.backup.update(status="available", updated_at=now)
        elif self.kind == "restore":
            self.target.update(status="available", updated_at=now)
            self.backup.update(status="available", updated_at=now)
        else:
            self.backup.update(status="error", fail_reason="[Errno 39] Directory not empty", updated_at=now)

    def the_delete_succeeds(self):
        self.job_lives = False
        del self.cloud.backups[self.backup["id"]]

    def the_host_is_started(self):
        """Its start cleans up what names it; a reset was given to another host."""
        self.job_lives = False
        if self.cloud.hidden[self.backup["id"]]["host"] == "node-1":
            self.volume.update(status="available", updated_at=self.moment())
            self.backup.update(status="error", fail_reason=RESTART, updated_at=self.moment())

    def the_next_backup_of_the_volume_begins(self):
        self.volume.update(status="backing-up", updated_at=self.moment())
        self.cloud.hide(self.volume["id"], previous_status="available")

    # --- people ------------------------------------------------------------------------------------------------------

    def somebody_resets_it(self, data):
        """From a dialog that they just opened, or from one that was open while something happened."""
        who, choice = data.draw(PEOPLE), data.draw(CHOICES)
        on_the_way, is_idle, is_fresh = data.draw(ON_THE_WAY), data.draw(IDLE), data.draw(IDLE)
        if is_fresh or self.shown[who] is None:
            self.shown[who] = opened(self.people[who], self.backup["id"])
        self.somebody_submits_what_they_were_shown(who, choice, on_the_way, is_idle)

    def somebody_opens_the_dialog_and_goes_for_coffee(self, data):
        who = data.draw(PEOPLE)
        self.shown[who] = opened(self.people[who], self.backup["id"])

    def somebody_submits_what_they_were_shown(self, who, choice, on_the_way, is_idle):
        """With every box ticked: whoever looks for a way to do harm ticks them all.

        :param is_idle: whether a cinder-backup applies it at once
        """
        dialog, self.shown[who] = self.shown[who], None
        if dialog is None:
            return
        choice = choice if choice in dialog.choices else next(iter(dialog.choices), None)
        if choice not in ("available", "error"):
            return
        before, after = on_the_way
        if before is not None:
            self.cloud.trouble["POST", "/backups/.*/action"] = before
        self.cloud.after_reset = after
        self.cloud.applies = is_idle
        since = next(self.clock)
        result = dialog.submit(choice=choice, ticks=sorted(dialog.boxes("ticks")))
        self.cloud.trouble.clear()
        self.cloud.after_reset, self.cloud.applies = None, False
        self.take_in(is_idle)
        self.told(who, result, choice, since)

    def a_worker_is_killed_while_it_watches(self, data):
        who, choice = data.draw(PEOPLE), data.draw(CHOICES)
        dialog = opened(self.people[who], self.backup["id"])
        if choice not in dialog.choices:
            return
        with pytest.MonkeyPatch.context() as process:
            process.setattr("backup_reset_panel.cinder.resets.look", _killed)
            process.setattr(pending.Claim, "end", lambda self, outcome: None)
            try:
                dialog.submit(choice=choice, ticks=sorted(dialog.boxes("ticks")))
            except Killed:
                self.watched[who] = None
        self.take_in()
        # A claim that nobody ends is over after half a minute.
        cache.delete(f"backup_reset_panel.claim.{self.backup['id']}")

    def people_look(self, looks):
        """What the page does by itself while an outcome is open."""
        for who in (0, 1):
            if looks and self.watched[who]:
                dialog, choice, since = self.watched[who]
                self.told(who, dialog.submit(), choice, since)

    def somebodys_session_is_over(self, data):
        self.people[0] = Client()

    def told(self, who, result, choice, since):
        """What somebody is told has to be true, and leave a way on."""
        self.watched[who] = None
        if result.find("#backup-reset-outcome") is None:
            return
        if result.ending == "applied":
            assert any(each.target == choice and each.applied > since for each in self.sent), "Done, but it was not"
        if result.find("input[name=token]") is not None:
            self.watched[who] = result, choice, since

    def there_is_a_way_on(self):
        """Whatever was sent, the same can be sent again at any time, and the opposite with a word."""
        dialog = opened(self.people[1], self.backup["id"])
        assert set(dialog.choices) >= {"available", "error"} - {self.backup["status"]} - self.refused()

    def refused(self):
        """Available is not to be had while a host that may hold a delete does not answer (DESIGN section 3, row 4)."""
        return {"available"} if self.kind.startswith("delete") else set()


def _killed(*args, **kwargs):
    raise Killed


@pytest.fixture(autouse=True)
def quick(settings):
    """Nobody waits between looks at a fake."""
    settings.BACKUP_RESET_PANEL = {"FOLLOW_SECONDS": 0.06}


def test_nothing_is_called_done_that_was_not_and_there_is_always_a_way_on(admin):
    stateful.run_state_machine_as_test(
        LifeOfAReset,
        settings=hypothesis.settings(max_examples=tries(40), stateful_step_count=12, deadline=None),
    )
