# SPDX-License-Identifier: Apache-2.0
"""Run test runs side by side: ``python tools/side_by_side.py e2e tried,faults``.

Each argument is a lane: folders of ``tests`` whose runs follow one another. What a run prints is shown when it has
ended, all at once, under the line with which tox begins it, so that ``totals.py`` knows whose it is. Ends with 0 if
every run did. Standard library only, as all of these tools.
"""

import concurrent.futures
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
#: Time for a run to take its cloud down.
END_SECONDS = 60


class Runs:
    """The runs that are under way, and whether they were broken off."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen] = set()
        self.is_over = False

    def lane(self, names: list[str]) -> int:
        """Run some folders one after the other, to the first that fails; return how that ended."""
        for name in names:
            code = self._run(name)
            if code:
                return code
        return 0

    def _run(self, name: str) -> int:
        command = [sys.executable, "-m", "pytest", f"tests/{name}"]
        with tempfile.TemporaryFile() as output:
            with self._lock:
                if self.is_over:
                    return 1
                # A group of its own: Ctrl-C reaches it once, by ``stop``.
                run = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, start_new_session=True)
                self._running.add(run)
            code = run.wait()
            output.seek(0)
            with self._lock:
                self._running.discard(run)
                sys.stdout.write(f"{name}: commands[0]> {' '.join(command)}\n")
                sys.stdout.flush()
                sys.stdout.buffer.write(output.read())
                sys.stdout.write(f"{name}: ended with {code}\n")
                sys.stdout.flush()
        return code

    def stop(self) -> None:
        """Break off all that runs, as Ctrl-C would, and wait for its end."""
        with self._lock:
            self.is_over = True
            running = list(self._running)
        for run in running:
            run.send_signal(signal.SIGINT)
        for run in running:
            try:
                run.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                run.kill()


def main(lanes: list[str]) -> int:
    runs = Runs()

    def interrupted(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupted)
    # A shell lets what it begins in the background ignore this, and so would all that is begun from here.
    signal.signal(signal.SIGINT, interrupted)
    print(f"Side by side, shown when they have ended: {'; '.join(lanes)}", flush=True)
    with concurrent.futures.ThreadPoolExecutor(len(lanes)) as pool:
        jobs = [pool.submit(runs.lane, lane.split(",")) for lane in lanes]
        try:
            return max(job.result() for job in jobs)
        except KeyboardInterrupt:
            runs.stop()
            return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
