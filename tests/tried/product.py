# SPDX-License-Identifier: Apache-2.0
"""The product as one administrator uses it over HTTP; and what it must never do, counted over all that it says."""

import dataclasses
import json
import time
from collections.abc import Iterable
from urllib.parse import urlencode

from tests.lab import Lab
from tests.pages import said
from tests.pages.said import Dialog
from tests.pages.said import Outcome
from tests.pages.said import Page
from tests.pages.web import Dashboard

PAGE = "admin/backup_reset/"
DEAD = "process_dead"
SLOW = ("Cinder answers slowly", "Cinder is slow to answer", "Cinder did not answer in time")
PATIENCE_SECONDS = 30
#: What names a way on in the words of a refusal.
WAYS_ON = (
    "again",
    "start",
    "decide",
    "tick",
    "resume",
    "cinder-manage",
    "enable one",
    "wait",
    "ask ",
    "repeat",
    "give",
)


@dataclasses.dataclass
class Counts:
    """What must never have happened, over all rows."""

    untrue_successes: list[str] = dataclasses.field(default_factory=list)
    unsound_available: list[str] = dataclasses.field(default_factory=list)
    harm_to_live_jobs: list[str] = dataclasses.field(default_factory=list)
    dead_ends: list[str] = dataclasses.field(default_factory=list)
    false_all_well: list[str] = dataclasses.field(default_factory=list)

    def told(self) -> dict[str, int]:
        """Return the counts in words."""
        return {
            "successes told that did not happen": len(self.untrue_successes),
            "unsound backups made available without the override": len(self.unsound_available),
            "volumes, targets or temporary resources freed, or restores cancelled, without the consent": len(
                self.harm_to_live_jobs
            ),
            "refusals without a way on": len(self.dead_ends),
            "“No backup needs attention” while one was stuck": len(self.false_all_well),
        }


class Product:
    """The plugin in a lab's Horizon, with the administrator logged in.

    :param lab: tests.lab.Lab
    :param counts: where it is noted what must never happen
    """

    def __init__(self, lab: Lab, counts: Counts) -> None:
        self.lab = lab
        self.counts = counts
        self.web = Dashboard(lab.info["horizon"], lab.info["admin"])
        #: Ids of backups whose data is known not to be whole.
        self.unsound: set[str] = set()

    def open(self, backup_id: str, is_patient: bool = True) -> Dialog:
        """Open the dialog.

        :param is_patient: whether to check again, as it says, where Cinder was slow to answer
        """
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            found = said.answer(backup_id, self.web.get(f"{PAGE}{backup_id}/update/", modal=True))
            if not (is_patient and any(words in found.text for words in SLOW)) or time.monotonic() > until:
                assert isinstance(found, Dialog), found
                return self._with_way_on(found)

    def submit(
        self, dialog: Dialog, choice: str | None = None, ticks: Iterable[str] = (), repairs: Iterable[str] = ()
    ) -> Dialog | Outcome:
        """Send a dialog; with what it has chosen beforehand if no choice is given."""
        fields = dialog.fields | {"ticks": list(ticks), "repairs": list(repairs)}
        fields.pop("csrfmiddlewaretoken", None)
        if choice or dialog.choice:
            fields["choice"] = choice or dialog.choice
        held = self._held(dialog.backup_id)
        answer = self.web.post(f"{PAGE}{dialog.backup_id}/update/", fields)
        assert answer.status_code == 200, answer.status_code
        found = said.answer(dialog.backup_id, answer.text)
        if isinstance(found, Dialog):
            return self._with_way_on(found)
        self._check(found.backup_id, fields.get("choice", ""), found.ending, set(ticks), held)
        if found.level in ("danger", "warning"):
            self._note_dead_end(found.backup_id, found.text, found.is_again or bool(found.token))
        return found

    def look(self, outcome: Outcome) -> Outcome:
        """Look again, as the result dialog does by itself."""
        answer = self.web.post(f"{PAGE}{outcome.backup_id}/outcome/", {"token": outcome.token})
        found = said.answer(outcome.backup_id, answer.text)
        assert isinstance(found, Outcome), found
        return found

    def end(self, outcome: Dialog | Outcome, seconds: float = 15) -> Outcome:
        """Look again until nothing is open any more, or for so long."""
        assert isinstance(outcome, Outcome), outcome
        until = time.monotonic() + seconds
        while outcome.token and time.monotonic() < until:
            time.sleep(0.3)
            outcome = self.look(outcome)
        return outcome

    def plan(self, ids: Iterable[str], dead: Iterable[str] = (), mode: str = "recommended") -> dict[str, dict]:
        """Plan a bulk run; return its rows by id."""
        fields = {"mode": mode, "dead": json.dumps(list(dead)), "ids": json.dumps(list(ids))}
        return {row["id"]: row for row in self._asked("plan", fields)["rows"]}

    def plan_all(self, **query: str) -> dict[str, dict]:
        """Plan for all that match a filter; return the rows by id."""
        rows, after = {}, ""
        while True:
            answer = self._asked("plan", query | {"mode": "recommended", "dead": "[]", "after": after})
            rows |= {row["id"]: row for row in answer["rows"]}
            rows |= self.plan(answer["ids"]) if answer["ids"] else {}
            after = answer.get("after")
            if not after:
                return rows

    def apply(self, rows: Iterable[dict]) -> dict:
        """Carry out rows of a plan as one chunk; return the answer, its results by id."""
        rows = list(rows)
        held = {row["id"]: self._held(row["id"]) for row in rows}
        answer = self._asked("apply", {"tokens": json.dumps([row["token"] for row in rows])})
        results = {each["id"]: each for each in answer.get("results", [])}
        for row in rows:
            result = results.get(row["id"])
            if result:
                # A word that was given for a host stands in the plan as something freed or unlocked.
                ticks = {DEAD} if row["also"] or row["target"] in ("remove", "repair") else set()
                self._check(row["id"], row["target"], result["class"], ticks, held[row["id"]])
        return answer | {"results": results}

    def _asked(self, name: str, fields: dict) -> dict:
        answer = self.web.post(f"{PAGE}bulk/{name}/", fields)
        assert answer.status_code == 200, (name, answer.status_code, answer.text[:300])
        return answer.json()

    def page(self, stuck: Iterable[str] = (), **query: str) -> Page:
        """Read the page as its own JavaScript does, and those after it.

        :param stuck: ids of what is known to be stuck
        """
        found = said.page(self.web.get(f"{PAGE}?{urlencode(query)}", modal=True))
        if found.is_well and list(stuck):
            self.counts.false_all_well.append(f"{list(stuck)}")
        pages = [found]
        while pages[-1].next_url:
            pages.append(said.page(self.web.get(PAGE + pages[-1].next_url, modal=True)))
        rows, below = ([each for page in pages for each in getattr(page, name)] for name in ("rows", "below"))
        return dataclasses.replace(found, rows=tuple(rows), below=tuple(below))

    def _with_way_on(self, found: Dialog) -> Dialog:
        if found.nothing:
            self._note_dead_end(found.backup_id, found.text, has_button=False)
        return found

    def _note_dead_end(self, backup_id: str, text: str, has_button: bool) -> None:
        if not has_button and not any(way in text.lower() for way in WAYS_ON):
            self.counts.dead_ends.append(f"{backup_id}: {text}")

    def _held(self, backup_id: str) -> dict[str, str]:
        """The statuses of what a backup may hold, now: what must not change without the consent."""
        row = self.lab.backup_row(backup_id)
        volumes = [row[name] for name in ("volume_id", "restore_volume_id", "temp_volume_id") if row[name]]
        held = {each: self.lab.volume_row(each)["status"] for each in volumes if set(each) - set("0-")}
        return held | ({row["snapshot_id"]: "snapshot"} if row["temp_snapshot_id"] else {})

    def _check(self, backup_id: str, choice: str, ending: str, ticks: set[str], held: dict[str, str]) -> None:
        """Hold an answer against the database, at once."""
        row = self.lab.backup_row(backup_id)
        if ending == "applied" and row["status"] != choice:
            self.counts.untrue_successes.append(f"{backup_id}: {choice} was told, it is {row['status']}")
        if ending == "removed" and not row["deleted"]:
            self.counts.untrue_successes.append(f"{backup_id}: its removal was told, it is {row['status']}")
        if row["status"] == "available" and backup_id in self.unsound and "override" not in ticks:
            self.counts.unsound_available.append(backup_id)
        if DEAD in ticks:
            return
        for volume_id, before in held.items():
            now = before if before == "snapshot" else self.lab.volume_row(volume_id)["status"]
            if now != before:
                self.counts.harm_to_live_jobs.append(f"{backup_id}: {volume_id} {before} → {now}")
