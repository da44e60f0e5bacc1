# SPDX-License-Identifier: Apache-2.0
"""axe-core in the browser: the barriers of a page, and which of them are ours.

What stock Horizon has as well, by the same run on a stock page and dialog, is not held against us: where the rule is
the same, and, within what is ours, the element is of the same kind, by its name and classes: what Horizon's tables and
forms draw there for us.
"""

import os
import pathlib
import typing

from tests.pages.horizon import Horizon

ROOT = pathlib.Path(__file__).parents[2]
#: Where ``tox -e ui`` puts it; see ``tools/axe_core.py``.
SCRIPT = pathlib.Path(os.environ.get("AXE_CORE", ROOT / ".tox" / "axe" / "node_modules" / "axe-core" / "axe.min.js"))
#: Everything that comes from templates of ours. Our actions in Horizon's table are drawn by Horizon, as its own are.
OURS = ".backup-reset, #backup_reset_dialog, .backup-reset-help"
RUN = """
const [ours, done] = arguments;
const told = (rule, node) => {
  const element = document.querySelector(node.target[0]);
  const why = [...node.any, ...node.all, ...node.none].map(check => check.message).join("; ");
  const kind = [element?.localName, ...[...(element?.classList ?? [])].sort()].join(".");
  return { rule, place: node.target.join(" "), why, html: node.html, kind, is_ours: Boolean(element?.closest(ours)) };
};
axe.run(document, { resultTypes: ["violations"] })
  .then(found => done(found.violations.flatMap(({ id, nodes }) => nodes.map(node => told(id, node)))))
  .catch(error => done(String(error)));
"""


class Barrier(typing.NamedTuple):
    """What axe-core calls a violation, at one element.

    ``rule`` is axe-core's name of it, ``place`` a CSS selector, ``why`` its words, ``html`` the element's own, ``kind``
    its name and classes.
    """

    rule: str
    place: str
    why: str
    html: str
    kind: str
    is_ours: bool

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same as one of another page."""
        return self.rule, self.kind


def barriers(horizon: Horizon) -> list[Barrier]:
    """Return all that axe-core finds on the page that is open, Horizon's own included."""
    if not horizon.driver.execute_script("return Boolean(window.axe)"):
        assert SCRIPT.exists(), f"There is no {SCRIPT}: run tools/axe_core.py, as tox -e ui does."
        horizon.driver.execute_script(SCRIPT.read_text())
    found = horizon.driver.execute_async_script(RUN, OURS)
    assert isinstance(found, list), found
    return [Barrier(**each) for each in found]


def not_of_stock(found: list[Barrier], stock: set[tuple[str, str]]) -> list[str]:
    """Return in words what stock Horizon has not.

    :param stock: keys of the barriers of stock pages
    """
    rules = {rule for rule, _kind in stock}
    return [
        f"{each.rule} at {each.place}: {each.why} {each.html[:300]}"
        for each in found
        if (each.key not in stock if each.is_ours else each.rule not in rules)
    ]
