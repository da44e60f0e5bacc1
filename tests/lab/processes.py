# SPDX-License-Identifier: Apache-2.0
"""Processes that outlive the command that started them, known by id and start time, each in a session of its own.

The start time guards against signalling a stranger that was given a recycled id; the session catches workers and
helpers that a service forks.
"""

import contextlib
import dataclasses
import errno
import os
import pathlib
import signal
import subprocess

from tests.lab import wait
from tests.lab.errors import LabError

TAIL_LINES = 25


@dataclasses.dataclass
class Service:
    """One process of the lab: how to start it, and the process that runs now, if any."""

    name: str
    argv: list[str]
    cwd: str
    log: str
    env: dict[str, str] = dataclasses.field(default_factory=dict)
    pid: int | None = None
    started: int | None = None
    log_start: int = 0

    def start(self, base_env: dict[str, str]) -> None:
        """Start the process; its output goes to the end of its log."""
        if self.alive():
            raise LabError(f"{self.name} is running already (process {self.pid}).")
        with open(self.log, "ab") as log:
            self.log_start = log.tell()
            process = subprocess.Popen(
                self.argv,
                cwd=self.cwd,
                env={**base_env, **self.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid = process.pid
        self.started = (_stat(process.pid) or ("", 0, 0, 0))[2]
        process.returncode = 0  # It is meant to outlive us: subprocess must not warn about that.

    def alive(self) -> bool:
        """Tell whether the process that was started last is still there."""
        if self.pid is None:
            return False
        _reap(self.pid)
        stat = _stat(self.pid)
        return stat is not None and stat[0] not in "ZX" and stat[2] == self.started

    def running(self) -> bool:
        """Tell whether the process is alive and not frozen."""
        return self.alive() and _stat(self.pid)[0] not in "Tt"

    def signal(self, number: int) -> None:
        """Send a signal to the process and to all that it started."""
        for pid in self._members():
            send(pid, number)

    def kill(self) -> None:
        """Kill the process and all that it started, and wait until they are gone."""
        self.signal(signal.SIGKILL)
        wait.until(lambda: not self._members(), f"{self.name} to be gone", seconds=20, poll=0.02)
        self.pid = self.started = None

    def terminate(self, seconds: float = 15) -> None:
        """Ask the process to end as an operator's service manager would, then kill what is left."""
        if self.alive():
            send(self.pid, signal.SIGTERM)
            # A service that ignores SIGTERM is killed below, like systemd does after its own time-out.
            with contextlib.suppress(LabError):
                wait.until(lambda: not self.alive(), f"{self.name} to end", seconds)
        self.kill()

    def read_log(self, this_life: bool = False) -> str:
        """Return what the service has logged, in all its lives or since its last start."""
        with open(self.log, "rb") as log:
            log.seek(self.log_start if this_life else 0)
            return log.read().decode(errors="replace")

    def tail(self, lines: int = TAIL_LINES) -> str:
        """Return the last lines of the log."""
        return "\n".join(self.read_log().splitlines()[-lines:])

    def failure(self, problem: str) -> LabError:
        """Make the error that says what went wrong with this service and shows its log."""
        return LabError(f"{self.name}: {problem}\n--- last lines of {self.log}\n{self.tail()}")

    def _members(self) -> list[int]:
        if self.pid is None:
            return []
        _reap(self.pid)
        members = []
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            stat = _stat(int(entry))
            if stat and stat[1] == self.pid and stat[0] not in "ZX" and stat[2] >= (self.started or 0):
                members.append(int(entry))
        return members


def _stat(pid: int) -> tuple[str, int, int, int] | None:
    """Return state, session id, start time (clock ticks since boot) and parent of a process, or None."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text[text.rindex(")") + 2 :].split()
    return fields[0], int(fields[3]), int(fields[19]), int(fields[1])


def children(parent: int | None) -> list[int]:
    """Return the ids of the processes that a process forked off, oldest first."""
    found = []
    for entry in os.listdir("/proc"):
        stat = _stat(int(entry)) if entry.isdigit() else None
        if stat and stat[3] == parent and stat[0] not in "ZX":
            found.append((stat[2], int(entry)))
    return [pid for _started, pid in sorted(found)]


def send(pid: int, number: int) -> None:
    """Signal one process, if it is still there."""
    # It may go by itself between our look and our signal: just what was wanted.
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _reap(pid: int) -> None:
    """Let a finished child of this very process go; it may well be no child of ours."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except OSError as error:
        if error.errno != errno.ECHILD:
            raise
