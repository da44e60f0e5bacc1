# SPDX-License-Identifier: Apache-2.0
"""A Horizon from PyPI in a virtual environment of its own, as an operator has it before our plugin comes."""

import contextlib
import dataclasses
import json
import os
import pathlib
import queue
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request

from tests.packaging import apache

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
CONSTRAINTS = REPOSITORY / "tests" / "lab" / "constraints.txt"
HORIZON = "horizon==27.0.0"
LISTENING = re.compile(r"Listening at: (http://[0-9.:]+)")
START_SECONDS = 60
#: The path that Horizon is served below, as the charm and DevStack have it.
WEBROOT = "/horizon"

SETTINGS = """
import os
DEBUG = False
ALLOWED_HOSTS = ["*"]
SECRET_KEY = "packaging-test"
OPENSTACK_HOST = "127.0.0.1"
OPENSTACK_KEYSTONE_URL = "http://127.0.0.1:9/v3"  # the discard port: the log-in page asks nobody
OPENSTACK_API_VERSIONS = {{"identity": 3, "volume": 3}}
OPENSTACK_CINDER_FEATURES = {{"enable_backup": True}}
WEBROOT = {webroot!r}
MEMCACHED = os.environ["TEST_MEMCACHED"]
CACHES = {{
    "default": {{"BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache", "LOCATION": MEMCACHED}}
    if MEMCACHED
    else {{"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": {cache!r}}}
}}
LOGGING = {{
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {{"console": {{"class": "logging.StreamHandler"}}}},
    "loggers": {{}},
    "root": {{"handlers": ["console"], "level": "INFO"}},
}}
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
STATIC_ROOT = {static!r}
COMPRESS_OFFLINE = os.environ["TEST_COMPRESS_OFFLINE"] == "yes"
"""


def run(command, **kwargs):
    """Run a command; return its output, or fail with it."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=600, **kwargs
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}"
    return done.stdout


@dataclasses.dataclass
class CleanHorizon:
    """One virtual environment with Horizon, its settings and its collected static files below ``folder``."""

    folder: pathlib.Path
    offline: bool = True
    memcached: str = ""

    @property
    def bin(self):
        return self.folder / "env" / "bin"

    @property
    def static(self):
        return self.folder / "static"

    @property
    def environment(self):
        path = os.pathsep.join([str(self.bin), os.environ["PATH"]])
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COVERAGE"))}
        of_settings = {
            "TEST_COMPRESS_OFFLINE": "yes" if self.offline else "no",
            "TEST_MEMCACHED": self.memcached,
        }
        return {**clean, **of_settings, "PATH": path, "VIRTUAL_ENV": str(self.folder / "env")}

    def python(self, *arguments):
        """Run the environment's Python in an empty folder, so that nothing comes from the repository."""
        empty = self.folder / "empty"
        empty.mkdir(exist_ok=True)
        return run([str(self.bin / "python"), *arguments], env=self.environment, cwd=empty)

    def manage(self, *arguments):
        return self.python("-m", "django", *arguments, "--settings", "openstack_dashboard.settings")

    def packages(self):
        """Every installed distribution, as ``name==version``."""
        listed = json.loads(self.python("-m", "pip", "list", "--format", "json"))
        return sorted(f"{each['name']}=={each['version']}" for each in listed)

    def install(self):
        """Make the environment, the settings, the static files and the manifest of offline compression."""
        run([apache.python_of_mod_wsgi() or sys.executable, "-m", "venv", str(self.folder / "env")])
        self.python("-m", "pip", "install", "-q", "-c", str(CONSTRAINTS), HORIZON, "gunicorn", "pymemcache")
        (self.local / "local_settings.py").write_text(
            SETTINGS.format(cache=str(self.folder / "cache"), static=str(self.static), webroot=f"{WEBROOT}/")
        )
        self.collect_and_compress()

    def collect_and_compress(self):
        """What a deployer does once, and after each change of Horizon itself."""
        self.manage("collectstatic", "--noinput")
        self.manage("compress", "--force")

    @property
    def local(self):
        [found] = self.folder.glob("env/lib/python3*/site-packages/openstack_dashboard/local")
        return found

    @property
    def enabled(self):
        return self.local / "enabled"

    def describe(self):
        """Return what this Horizon makes of the admin Volume Backups panel; see ``describe.py``."""
        return json.loads(self.python(str(pathlib.Path(__file__).with_name("describe.py"))).splitlines()[-1])

    @contextlib.contextmanager
    def serving(self):
        """Serve this Horizon on a free port of loopback; gives its URL, the web root included."""
        command = [str(self.bin / "gunicorn"), "--bind", "127.0.0.1:0", "openstack_dashboard.wsgi:application"]
        with subprocess.Popen(
            command,
            env=self.environment | {"SCRIPT_NAME": WEBROOT},
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as server:
            try:
                yield f"{_url(server)}{WEBROOT}"
            finally:
                server.terminate()
                server.wait(timeout=START_SECONDS)


def _url(server):
    """The URL that gunicorn says it listens at; fails with its words if it ends, or says nothing for a minute."""
    lines: queue.Queue = queue.Queue()

    def read():
        for line in server.stdout:
            lines.put(line)
        lines.put("")

    threading.Thread(target=read, daemon=True).start()
    words = []
    while True:
        line = lines.get(timeout=START_SECONDS)
        words.append(line)
        found = LISTENING.search(line)
        if found:
            return found[1]
        assert line, "".join(words)


def get(url):
    """Return status and body of a GET, also of a failed one."""
    try:
        with urllib.request.urlopen(url, timeout=START_SECONDS) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
