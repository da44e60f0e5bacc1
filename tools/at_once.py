# SPDX-License-Identifier: Apache-2.0
"""Run several commands, some at a time, and show what each of them printed when it has ended.

``python tools/at_once.py 2 "e2e=python -m pytest tests/e2e" "tried=python -m pytest tests/tried" ...`` exits with 0 if
every one of them did, else with the first other status. What a command printed comes whole, behind a line that names it
as tox names its environments, so that ``tools/totals.py`` can tell them apart. A signal to end is handed on to the
commands, and their ends are waited for: they have clouds to take down. Standard library only.
"""

import contextlib
import shlex
import signal
import subprocess
import sys
import tempfile
import time

HEARTBEAT_SECONDS = 60
LOOK_SECONDS = 0.2


class Running:
    """One command, and what it prints.

    :param name: what it is called
    :param line: the command as a shell would take it
    """

    def __init__(self, name, line):
        self.name = name
        self.line = line
        self.begun = time.monotonic()
        self.output = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115  (closed when it has been shown)
        # A session of its own: Ctrl-C at a terminal reaches it once, from here.
        self.process = subprocess.Popen(
            shlex.split(line), stdout=self.output, stderr=subprocess.STDOUT, start_new_session=True
        )

    @property
    def seconds(self):
        """How long it has been running."""
        return time.monotonic() - self.begun

    def show(self):
        """Print what it printed."""
        print(f"{self.name}: commands[0]> {self.line}")
        self.output.seek(0)
        with self.output:
            for line in self.output:
                print(line, end="")
        print(f"{self.name}: ended with {self.process.returncode} after {self.seconds:.0f} s", flush=True)


def run(most, commands):
    """Run commands, so many at a time.

    :param commands: (name, line) pairs, in the order in which they are begun
    :returns: 0, or the first other exit status
    """
    waiting, running, status = list(commands), [], 0
    with handed_on(running):
        told = time.monotonic()
        while waiting or running:
            while waiting and len(running) < most:
                running.append(Running(*waiting.pop(0)))
            for ended in [each for each in running if each.process.poll() is not None]:
                running.remove(ended)
                ended.show()
                status = status or ended.process.returncode
            if time.monotonic() - told > HEARTBEAT_SECONDS:
                told = time.monotonic()
                print("at once:", ", ".join(f"{each.name} for {each.seconds:.0f} s" for each in running), flush=True)
            time.sleep(LOOK_SECONDS)
    return status


@contextlib.contextmanager
def handed_on(running):
    """A signal to end goes to all that run; it ends this once they have ended."""

    def hand_on(number, _frame):
        for each in running:
            if each.process.poll() is None:
                each.process.send_signal(number)
        for each in running:
            each.process.wait()
            each.show()
        sys.exit(128 + number)

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, hand_on) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main(arguments):
    """Read the command line, and run."""
    most, *named = arguments
    return run(int(most), [each.split("=", 1) for each in named])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
