# SPDX-License-Identifier: Apache-2.0
"""Commands that run to their end while a lab is made."""

import pathlib
import subprocess
import threading

from tests.lab import environment
from tests.lab.errors import LabError
from tests.lab.processes import TAIL_LINES
from tests.lab.state import State


class Runner:
    """Runs commands in a lab's environment; ``abort`` ends those that still run."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._running: set[subprocess.Popen] = set()
        self._lock = threading.Lock()
        self.aborted = False

    def __call__(self, argv: list[str], log_name: str, env: dict[str, str] | None = None, seconds: float = 300) -> None:
        """Run a command, its output going to the end of a log.

        :raises LabError: when it fails, takes longer than ``seconds`` or is aborted; with the end of its log
        """
        log = self.state.log(log_name)
        with open(log, "ab") as output:
            with self._lock:
                if self.aborted:
                    raise LabError("The start of the lab was given up.")
                process = subprocess.Popen(
                    argv,
                    env=environment.base(self.state) | (env or {}),
                    cwd=self.state.folder,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
                self._running.add(process)
            try:
                code = process.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise LabError(f"{argv[0]} did not end within {seconds:g} s; see {log}.") from None
            finally:
                self._running.discard(process)
        if code:
            tail = "\n".join(pathlib.Path(log).read_text(errors="replace").splitlines()[-TAIL_LINES:])
            raise LabError(f"{' '.join(argv)} ended with {code}\n--- last lines of {log}\n{tail}")

    def abort(self) -> None:
        """Kill what still runs and let nothing more start."""
        with self._lock:
            self.aborted = True
            for process in list(self._running):
                process.kill()
