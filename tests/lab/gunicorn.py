# SPDX-License-Identifier: Apache-2.0
"""Web services under gunicorn.

Every option goes into ``gunicorn.conf.py`` in the working folder: Keystone and Cinder parse ``sys.argv`` of the
worker and would die on gunicorn's own arguments.
"""

import pathlib
import sys

from tests.lab.processes import Service
from tests.lab.state import State

CONF = """\
wsgi_app = {application!r}
bind = "127.0.0.1:{port}"
workers = {workers}
worker_class = "gthread"
threads = {threads}
preload_app = {preload}
timeout = 300
graceful_timeout = 5
keepalive = 5
accesslog = {access_log!r}
access_log_format = '%(t)s %(p)s "%(r)s" %(s)s %(b)s %(M)s'
worker_tmp_dir = {tmp!r}
control_socket_disable = True
"""


def service(
    state: State,
    name: str,
    *,
    application: str,
    folder: pathlib.Path,
    workers: int,
    env: dict[str, str],
    threads: int = 8,
    preload: bool = True,
    python: str = sys.executable,
) -> Service:
    """Write a folder's ``gunicorn.conf.py`` and return the service that runs it.

    :param preload: whether the application is loaded once, before the workers are forked off; not for one that starts
        threads or connections as it is loaded
    :param python: that of the environment that the application is in

    Each request is a line of ``logs/NAME.access.log``: time, worker, request line, status, bytes, milliseconds.
    """
    (folder / "gunicorn.conf.py").write_text(
        CONF.format(
            application=application,
            port=state.ports[name.removesuffix("-api").replace("-", "_")],
            workers=workers,
            threads=threads,
            preload=preload,
            access_log=str(state.path("logs", f"{name}.access.log")),
            tmp=str(folder),
        )
    )
    return Service(name=name, argv=[python, "-m", "gunicorn"], cwd=str(folder), log=state.log(name), env=env)
