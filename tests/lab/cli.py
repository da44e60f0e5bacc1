# SPDX-License-Identifier: Apache-2.0
"""The command line: a thin layer over ``tests.lab.Lab``."""

import argparse
import json
import signal
import sys
import textwrap

from tests.lab import demo
from tests.lab import state
from tests.lab.errors import LabError
from tests.lab.lab import Lab
from tests.lab.lab import say_on_stderr
from tests.lab.situations import catalogue

ACTIONS = ("stop", "start", "kill", "freeze", "thaw")


def main(argv: list[str] | None = None) -> int:
    """Run one command; return its exit status."""
    options = parser().parse_args(argv)
    # What ends a command from outside (tox, a closed terminal) shall clean up as Ctrl-C does; and Ctrl-C shall do so
    # even where a shell started us with SIGINT ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        options.run(options)
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("lab: interrupted", file=sys.stderr)
        return 130
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of ``python -m tests.lab``."""
    top = argparse.ArgumentParser(prog="python -m tests.lab", description="A real block storage cloud on loopback.")
    verbs = top.add_subparsers(required=True, metavar="COMMAND")
    up = verb(verbs, "up", cmd_up, "bring a lab up; return when it is ready")
    add_lab_options(up)
    add_cinder_options(up)
    up.add_argument("--json", action="store_true", help="print addresses, credentials and process ids as JSON")
    verb(verbs, "down", cmd_down, "end a lab: no process, port or folder is left")
    status = verb(verbs, "status", cmd_status, "print addresses, credentials and process ids as JSON")
    status.set_defaults(json=True)
    make = verb(verbs, "make", cmd_make, "make stuck backups; print their ids")
    make.formatter_class = argparse.RawDescriptionHelpFormatter
    make.epilog = situations_help()
    make.add_argument("situation", nargs="+", metavar="SITUATION", choices=sorted(catalogue()), help="see below")
    make.add_argument("--count", type=int, default=1, metavar="N", help="how many of each")
    make.add_argument("--leave-down", action="store_true", help="leave no cinder-backup up")
    make.add_argument("--json", action="store_true", help="print a list of records in place of ids")
    seed = verb(verbs, "seed", cmd_seed, "put rows for scale tests into the database; print the stuck backups' ids")
    seed.add_argument("--volumes", type=int, required=True, metavar="N", help="how many volumes")
    seed.add_argument("--backups", type=int, required=True, metavar="N", help="how many backups")
    seed.add_argument("--stuck", type=int, default=0, metavar="N", help="how many of the backups are stuck")
    seed.add_argument("--projects", type=int, default=20, metavar="N", help="over how many projects (default 20)")
    service = verb(verbs, "service", cmd_service, "stop, start, kill, freeze or thaw one service")
    service.add_argument("action", choices=ACTIONS)
    service.add_argument("name", metavar="NAME", help="as in the process ids that status prints")
    show = verb(verbs, "demo", demo.run, "a cloud with stuck backups, until Ctrl-C; embedded shape")
    show.add_argument("--port", type=int, metavar="N", help="of Horizon; any free one by default")
    return top


def verb(verbs, name: str, run, text: str) -> argparse.ArgumentParser:
    """Add a command; each takes ``--state``."""
    command = verbs.add_parser(name, help=text, description=text)
    command.add_argument(
        "--state", metavar="DIR", default=str(state.default_folder()), help="the lab's folder (default %(default)s)"
    )
    command.set_defaults(run=run)
    return command


def add_lab_options(command: argparse.ArgumentParser) -> None:
    """Add what describes a new lab."""
    command.add_argument("--shape", choices=state.SHAPES, default="embedded", help="embedded needs no server (default)")
    _store_options(command)
    command.add_argument("--stock", action="store_true", help="a second Horizon, without the plugin, on the same cloud")
    command.add_argument(
        "--backup-hosts", type=int, default=1, metavar="N", help="cinder-backup hosts (services shape)"
    )
    command.add_argument("--port", type=int, metavar="N", help="of Horizon; any free one by default")
    command.add_argument(
        "--mib-per-gib",
        type=int,
        default=state.DEFAULT_MIB_PER_GIB,
        metavar="N",
        help="MiB of file for each GiB of volume (default %(default)s; 1024 is life size)",
    )
    command.add_argument(
        "--service-down-time",
        type=int,
        default=state.DEFAULT_SERVICE_DOWN_TIME,
        metavar="SECONDS",
        help="of silence, after which Cinder shows a service as down (default %(default)s; Cinder's own is 60)",
    )
    command.add_argument("--backup-workers", type=int, default=1, metavar="N", help="processes of each cinder-backup")
    command.add_argument(
        "--backup-use-same-host", action="store_true", help="Cinder asks only the host last asked for a backup"
    )
    command.add_argument("--horizon-workers", type=int, metavar="N", help="processes of Horizon (embedded 1, else 2)")


def add_cinder_options(command: argparse.ArgumentParser) -> None:
    """Add which Cinder it is."""
    command.add_argument(
        "--cinder",
        choices=state.CINDERS,
        help="another release of Cinder; the first time its packages are installed (default: the one installed here)",
    )
    command.add_argument(
        "--cinder-max", metavar="MICROVERSION", help="the highest that Cinder serves, as one of an older release"
    )


def _store_options(command: argparse.ArgumentParser) -> None:
    """Add where backups are written."""
    command.add_argument(
        "--store",
        choices=state.STORES,
        help="where cinder-backup writes, and Horizon may look: files (posix), a real Swift, or Swift by its S3 API; "
        "the first time Swift's packages are installed (default: files, and Horizon may not look)",
    )
    command.add_argument(
        "--swift-auth",
        choices=state.SWIFT_AUTHS,
        default=state.SWIFT_AUTHS[0],
        help="whose account of Swift holds a backup: its project's, or Cinder's own (default %(default)s)",
    )


def new_lab(options: argparse.Namespace) -> Lab:
    """Return the lab that a command line describes."""
    return Lab(
        options.state,
        port=options.port,
        shape=options.shape,
        stock=options.stock,
        cinder=options.cinder,
        cinder_max=options.cinder_max,
        check_storage=options.store is not None,
        store=options.store or state.STORES[0],
        swift_auth=options.swift_auth,
        backup_hosts=options.backup_hosts,
        mib_per_gib=options.mib_per_gib,
        service_down_time=options.service_down_time,
        backup_workers=options.backup_workers,
        backup_use_same_host=options.backup_use_same_host,
        horizon_workers=options.horizon_workers,
    )


def cmd_up(options: argparse.Namespace) -> None:
    """Bring a lab up."""
    info = new_lab(options).up()
    if options.json:
        print(json.dumps(info, indent=2))
    else:
        say_on_stderr(log_in(info))


def log_in(info: dict) -> str:
    """Return what a person needs to log in."""
    urls = [info["horizon"], *([f"{info['stock_horizon']} (without the plugin)"] if info["stock_horizon"] else [])]
    return f"Horizon: {' and '.join(urls)}; user {info['admin']['user']}, password {info['admin']['password']}"


def cmd_down(options: argparse.Namespace) -> None:
    """End a lab."""
    Lab.load(options.state).down()


def cmd_status(options: argparse.Namespace) -> None:
    """Tell what runs where."""
    print(json.dumps(Lab.load(options.state).info, indent=2))


def cmd_make(options: argparse.Namespace) -> None:
    """Make stuck backups."""
    lab = Lab.load(options.state)
    with lab.state.locked():
        records = lab.make(*options.situation, count=options.count, leave_down=options.leave_down)
    if options.json:
        print(json.dumps(records, indent=2))
    else:
        print("\n".join(record["backup_id"] for record in records))


def cmd_seed(options: argparse.Namespace) -> None:
    """Put rows for scale tests into the database."""
    from tests.lab.seed import Seed

    lab = Lab.load(options.state)
    with lab.state.locked():
        stuck = Seed(lab, options.projects).fill(options.volumes, options.backups, options.stuck)
    if stuck:
        print("\n".join(one.id for one in stuck))


def cmd_service(options: argparse.Namespace) -> None:
    """Do something to one service."""
    lab = Lab.load(options.state)
    with lab.state.locked():
        getattr(lab, options.action)(options.name)


def situations_help() -> str:
    """Return how each situation is made."""
    parts = []
    for name, one in sorted(catalogue().items()):
        shapes = "" if len(one.shapes) > 1 else f" ({one.shapes[0]} shape only)"
        parts.append(f"{name}{shapes}\n" + textwrap.indent(textwrap.fill(" ".join(one.text.split()), 100), "    "))
    return "situations:\n\n" + "\n\n".join(parts)
