# SPDX-License-Identifier: Apache-2.0
"""Apache with mod_wsgi, as a distribution has it, and memcached: processes of ours on free ports of loopback."""

import contextlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time

MODULES = pathlib.Path("/usr/lib/apache2/modules")
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin"
START_SECONDS = 60

#: What Horizon's own documentation has, in a configuration that stands alone.
CONFIGURATION = """
ServerRoot {folder}
ServerName localhost
PidFile {folder}/apache.pid
Listen 127.0.0.1:{port}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule alias_module {modules}/mod_alias.so
LoadModule mime_module {modules}/mod_mime.so
LoadModule wsgi_module {modules}/mod_wsgi.so
TypesConfig /etc/mime.types
ErrorLog {folder}/error.log
{user}
WSGISocketPrefix {folder}/wsgi
WSGIDaemonProcess horizon processes=2 threads=4 python-home={environment}
WSGIProcessGroup horizon
WSGIApplicationGroup %{{GLOBAL}}
WSGIScriptAlias {webroot} {script}
Alias {webroot}/static {static}
<Directory />
  Require all granted
</Directory>
"""


def python_of_mod_wsgi():
    """Path of the Python that mod_wsgi was built with; None where there is none."""
    versions = [re.search(r"3\.\d+$", path.name) for path in MODULES.glob("mod_wsgi.so-3.*")]
    return shutil.which(f"python{versions[0][0]}", path="/usr/bin") if versions else None


def free_port():
    """A port of loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_port(port, process, words):
    """Return once somebody listens at the port; fails if the process ends before, or a minute goes by."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.05)
            break
    raise AssertionError(f"{process.args[0]} does not listen: {words()}")


@contextlib.contextmanager
def running(command, port, words=lambda: "", **kwargs):
    """A process that listens at a port, until the end of the block."""
    with subprocess.Popen(command, **kwargs) as process:
        try:
            await_port(port, process, words)
            yield
        finally:
            process.terminate()
            process.wait(timeout=START_SECONDS)


@contextlib.contextmanager
def memcached():
    """A memcached of ours; gives its address."""
    port = free_port()
    user = ["-u", "root"] if os.geteuid() == 0 else []
    command = [shutil.which("memcached", path=PATH), "-l", "127.0.0.1", "-p", str(port), "-U", "0", *user]
    with running(command, port):
        yield f"127.0.0.1:{port}"


@contextlib.contextmanager
def serving(horizon, folder, script, webroot):
    """Serve a CleanHorizon below a path by Apache and two processes; gives the server's URL.

    :param folder: for Apache's own files, such as ``error.log``
    :param script: what mod_wsgi loads
    """
    port = free_port()
    configuration = folder / "apache.conf"
    # Apache started by root gives up root's rights, as on a controller.
    user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
    configuration.write_text(
        CONFIGURATION.format(
            environment=horizon.folder / "env",
            folder=folder,
            modules=MODULES,
            port=port,
            script=script,
            static=horizon.static,
            user=user,
            webroot=webroot,
        )
    )
    log = folder / "error.log"
    command = [shutil.which("apache2", path=PATH), "-f", str(configuration), "-DFOREGROUND"]
    with running(command, port, lambda: log.read_text() if log.exists() else "", env=horizon.environment):
        yield f"http://127.0.0.1:{port}"
