# SPDX-License-Identifier: Apache-2.0
"""The demo: a cloud with stuck backups, to look at and to click in, until Ctrl-C."""

import argparse
import functools
import signal
import textwrap
import time

from tests.lab.lab import Lab

#: What is shown, in the order in which it is told, and what to do about it.
SITUATIONS = {
    "creating-complete": "all data was written: make it Available",
    "creating-partial": "died half-way: make it Error",
    "creating-no-data": "died before the first byte: make it Error",
    "error-after-restart": "complete, but a restart of its service made it Error",
    "restoring": "it was Available before: make it Available",
    "never-started": "never reached cinder-backup: a reset of it is ignored",
}
PAGE = "admin/backups/"
INTERRUPTS = (signal.SIGINT, signal.SIGTERM)


def run(options: argparse.Namespace) -> None:
    """Bring a lab up, make the situations and wait for Ctrl-C (or SIGTERM); leave nothing behind.

    :raises LabError: when the lab does not start or a service of it ends
    """
    for number in INTERRUPTS:
        signal.signal(number, _interrupt)
    # On stdout: tox shows what comes on stderr in red.
    lab = Lab(options.state, port=options.port, check_storage=True, say=functools.partial(print, flush=True))
    started = time.monotonic()
    lab.up()
    try:
        lab.say("Making stuck backups, each by the failure that makes it")
        records = lab.make(*SITUATIONS)
        print(told(lab.info, records, time.monotonic() - started), flush=True)
        _wait_for_interrupt()
    except KeyboardInterrupt:
        pass
    finally:
        # A second Ctrl-C, or tox's own, must not leave half a cloud behind.
        for number in INTERRUPTS:
            signal.signal(number, signal.SIG_IGN)
        lab.say("Taking the cloud down")
        lab.down()
    lab.say("Nothing is left")


def told(info: dict, records: list[dict], seconds: float) -> str:
    """Return what stands on the terminal while the demo is up."""
    admin = info["admin"]
    lines = [f"{record['name']:24} {record['status']:10} {SITUATIONS[record['situation']]}" for record in records]
    return textwrap.dedent("""
        A cloud with stuck backups is up, after {seconds:.0f} s.

          Horizon   {url}
          user      {user}
          password  {password}
          domain    {domain}

        {backups}

        In the menu of a row: Update Backup Status. Ctrl-C takes it all down.
    """).format(
        seconds=seconds,
        url=info["horizon"] + PAGE,
        user=admin["user"],
        password=admin["password"],
        domain=admin["domain"],
        backups="\n".join(f"  {line}" for line in lines),
    )


def _interrupt(number: int, frame: object) -> None:
    """End the demo on SIGTERM as on Ctrl-C, also where a shell started it with SIGINT ignored."""
    raise KeyboardInterrupt


def _wait_for_interrupt() -> None:
    while True:
        signal.pause()
