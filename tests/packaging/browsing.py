# SPDX-License-Identifier: Apache-2.0
"""A Horizon behind Apache, and whoever opens its pages."""

import contextlib
import dataclasses
import html.parser
import http.cookiejar
import re
import shutil
import urllib.parse
import urllib.request

from tests.packaging import apache
from tests.packaging import clean_horizon

#: The id of the stuck backup in served.py.
BACKUP = "11111111-1111-4111-8111-111111111111"
#: What the fake cloud needs; "--no-deps", since the rest comes with Horizon.
TOOLS = ("requests-mock", "fixtures")
ADDRESS_ATTRIBUTES = {"href", "src", "action"}


@contextlib.contextmanager
def served(horizon):
    """Serve a CleanHorizon by Apache, with a cloud that is not there, and whoever a cookie names; gives its URL."""
    folder = horizon.folder / "apache"
    (folder / "lib" / "tests").mkdir(parents=True)
    horizon.python(
        *("-m", "pip", "install", "-q", "--no-deps", "-c", str(clean_horizon.CONSTRAINTS)),
        *("--target", str(folder / "lib"), *TOOLS),
    )
    for name in ("__init__.py", "fake_cinder.py", "people.py"):
        shutil.copy(clean_horizon.REPOSITORY / "tests" / name, folder / "lib" / "tests")
    script = shutil.copy(clean_horizon.REPOSITORY / "tests" / "packaging" / "served.py", folder)
    with (
        apache.memcached() as address,
        apache.serving(dataclasses.replace(horizon, memcached=address), folder, script, clean_horizon.WEBROOT) as url,
    ):
        yield url


class Page(html.parser.HTMLParser):
    """An answer: ``addresses`` are those it names, ``fields`` what its form would send."""

    def __init__(self, answer):
        super().__init__()
        self.status, self.url = answer.status, answer.url
        self.process = answer.headers["X-Test-Process"]
        self.text = answer.read().decode()
        self.addresses, self.fields = [], []
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        for name, value in attrs:
            if value and (name in ADDRESS_ATTRIBUTES or re.fullmatch(r"data-.*url", name)):
                self.addresses.append(value)
        is_sent = found.get("type") not in ("radio", "checkbox") or "checked" in found
        if tag == "input" and found.get("name") and is_sent:
            self.fields.append((found["name"], found.get("value") or ""))


class Browser:
    """Keeps cookies, follows redirects."""

    def __init__(self, url, logged_in):
        self.url = url
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        if logged_in:
            host = urllib.parse.urlsplit(url).hostname
            whole = (None, False, host, True, False, "/", True, False, None, True, None, None, {})
            self.jar.set_cookie(http.cookiejar.Cookie(0, "test-logged-in", "yes", *whole))

    def opens(self, path, data=None):
        """:param path: from the server's root"""
        return Page(self.opener.open(urllib.parse.urljoin(self.url, path), data, timeout=60))
