# SPDX-License-Identifier: Apache-2.0
"""The command line: a thin layer over ``tests.lab.Lab``."""

import argparse
import json
import sys
import textwrap

from tests.lab import demo, state
from tests.lab.errors import LabError
from tests.lab.lab import Lab, say_on_stderr
from tests.lab.situations import catalogue


def main(argv: list[str] | None = None) -> int:
    """Run one command; return its exit status."""
    options = parser().parse_args(argv)
    try:
        options.run(options)
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("lab: interrupted, nothing is left running", file=sys.stderr)
        return 130
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of ``python -m tests.lab``."""
    top = argparse.ArgumentParser(prog="python -m tests.lab", description="A real block storage cloud on loopback.")
    verbs = top.add_subparsers(required=True, metavar="COMMAND")
    up = verb(verbs, "up", cmd_up, "bring a lab up; return when it is ready")
    up.add_argument("--shape", choices=state.SHAPES, default="embedded", help="embedded needs no server (default)")
    up.add_argument("--stock", action="store_true", help="a second Horizon, without the plugin, on the same cloud")
    up.add_argument("--backup-hosts", type=int, default=1, metavar="N", help="cinder-backup hosts (services shape)")
    up.add_argument("--port", type=int, metavar="N", help="of Horizon; any free one by default")
    up.add_argument(
        "--mib-per-gib",
        type=int,
        default=state.DEFAULT_MIB_PER_GIB,
        metavar="N",
        help="MiB of file for each GiB of volume (default %(default)s; 1024 is life size)",
    )
    up.add_argument("--json", action="store_true", help="print lab.json's public part")
    show = verb(verbs, "demo", demo.run, "a cloud with stuck backups, until Ctrl-C; embedded shape")
    show.add_argument("--port", type=int, metavar="N", help="of Horizon; any free one by default")
    verb(verbs, "down", cmd_down, "end a lab: no process, port or folder is left")
    make = verb(verbs, "make", cmd_make, "make stuck backups; print their ids")
    make.formatter_class = argparse.RawDescriptionHelpFormatter
    make.epilog = situations_help()
    make.add_argument("situation", nargs="+", metavar="SITUATION", choices=sorted(catalogue()), help="see below")
    make.add_argument("--count", type=int, default=1, metavar="N", help="how many of each")
    make.add_argument("--leave-down", action="store_true", help="leave no cinder-backup up")
    make.add_argument("--json", action="store_true", help="print a list of records in place of ids")
    return top


def verb(verbs, name: str, run, text: str) -> argparse.ArgumentParser:
    """Add a command; each takes ``--state``."""
    command = verbs.add_parser(name, help=text, description=text)
    command.add_argument(
        "--state", metavar="DIR", default=str(state.default_folder()), help="the lab's folder (default %(default)s)"
    )
    command.set_defaults(run=run)
    return command


def cmd_up(options: argparse.Namespace) -> None:
    """Bring a lab up."""
    lab = Lab(
        options.state,
        port=options.port,
        shape=options.shape,
        stock=options.stock,
        backup_hosts=options.backup_hosts,
        mib_per_gib=options.mib_per_gib,
    )
    info = lab.up()
    if options.json:
        print(json.dumps(info, indent=2))
    else:
        say_on_stderr(f"Horizon: {info['horizon']}  user {info['admin']['user']}  password {info['admin']['password']}")


def cmd_down(options: argparse.Namespace) -> None:
    """End a lab."""
    Lab.load(options.state).down()


def cmd_make(options: argparse.Namespace) -> None:
    """Make stuck backups."""
    lab = Lab.load(options.state)
    with lab.state.locked():
        records = lab.make(*options.situation, count=options.count, leave_down=options.leave_down)
    if options.json:
        print(json.dumps(records, indent=2))
    else:
        print("\n".join(record["backup_id"] for record in records))


def situations_help() -> str:
    """Return how each situation is made."""
    parts = []
    for name, one in sorted(catalogue().items()):
        shapes = "" if len(one.shapes) > 1 else f" ({one.shapes[0]} shape only)"
        parts.append(f"{name}{shapes}\n" + textwrap.indent(textwrap.fill(" ".join(one.text.split()), 100), "    "))
    return "situations:\n\n" + "\n\n".join(parts)
