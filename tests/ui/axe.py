# SPDX-License-Identifier: Apache-2.0
"""axe-core in the browser: the barriers of a page, and which of them are ours.

What stock Horizon has as well, by the same run on a stock page and dialog, is not held against us: only outside of what
is ours, and only where rule and place are the same.
"""

import os
import pathlib
import re
import typing

from tests.pages.horizon import Horizon

ROOT = pathlib.Path(__file__).parents[2]
#: Where ``tox -e ui`` puts it; see ``tools/axe_core.py``.
SCRIPT = pathlib.Path(os.environ.get("AXE_CORE", ROOT / ".tox" / "axe" / "node_modules" / "axe-core" / "axe.min.js"))
#: What differs between places that are the same on another page, or in another row.
OF_ONE_PAGE = re.compile(r"\[[^]]*\]|:nth-child\(\d+\)|(?:\\3\w\s?)?[0-9a-f]+(?:-[0-9a-f]+){4}|(?<=action_)\w+")
#: Everything that comes from templates of ours; our actions in Horizon's table look as its own do.
OURS = ".backup-reset, #backup_reset_dialog"
RUN = """
const [ours, done] = arguments;
const told = (rule, node) => {
  const element = document.querySelector(node.target[0]);
  const why = [...node.any, ...node.all, ...node.none].map(check => check.message).join("; ");
  return { rule, place: node.target.join(" "), why, html: node.html, is_ours: Boolean(element?.closest(ours)) };
};
axe.run(document, { resultTypes: ["violations"] })
  .then(found => done(found.violations.flatMap(({ id, nodes }) => nodes.map(node => told(id, node)))))
  .catch(error => done(String(error)));
"""


class Barrier(typing.NamedTuple):
    """What axe-core calls a violation, at one element.

    ``rule`` is axe-core's name of it, ``place`` a CSS selector, ``why`` its words, ``html`` the element's own.
    """

    rule: str
    place: str
    why: str
    html: str
    is_ours: bool

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same as one of another page: neither which row it is in, nor where a link leads, nor which
        action a button of Horizon's table is.
        """
        return self.rule, OF_ONE_PAGE.sub("", self.place)


def barriers(horizon: Horizon) -> list[Barrier]:
    """Return all that axe-core finds on the page that is open, Horizon's own included."""
    if not horizon.driver.execute_script("return Boolean(window.axe)"):
        assert SCRIPT.exists(), f"There is no {SCRIPT}: run tools/axe_core.py, as tox -e ui does."
        horizon.driver.execute_script(SCRIPT.read_text())
    found = horizon.driver.execute_async_script(RUN, OURS)
    assert isinstance(found, list), found
    return [Barrier(**each) for each in found]


def not_of_stock(found: list[Barrier], stock: set[tuple[str, str]]) -> list[str]:
    """Return in words what is ours, or new outside of it.

    :param stock: keys of the barriers of stock pages
    """
    return [
        f"{each.rule} at {each.place}: {each.why} {each.html[:300]}"
        for each in found
        if each.is_ours or each.key not in stock
    ]
