# SPDX-License-Identifier: Apache-2.0
"""Add up what the test runs in a log of tox said: ``python tools/totals.py LOG``.

Prints each run's own closing line behind the name of its environment, then "N passed, N failed" over all of them.
Standard library only.
"""

import collections
import pathlib
import re
import sys

ENVIRONMENT = re.compile(r"^(?P<name>[\w.-]+): commands\[\d+\]> ")
CLOSING = re.compile(r"^=+ (?P<counts>(?:no tests ran|\d+ \w+)(?:, \d+ \w+)*) in [\d.]+s.* =+$")
COUNT = re.compile(r"(\d+) (\w+)")
#: node's own closing lines, one a count.
NODE = re.compile(r"^(?:#|\u2139) (?P<word>pass|fail|cancelled|skipped) (?P<number>\d+)$")
NODE_WORDS = {"pass": "passed", "fail": "failed", "cancelled": "failed", "skipped": "skipped"}
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
#: Words of pytest's closing line; what is neither passed nor failed nor error did not run to its end.
FAILED = ("failed", "error", "errors")


def closing_lines(log):
    """Yield (environment, counts by word) of each run of pytest or node in the text of a log."""
    environment = "?"
    for line in COLOUR.sub("", log).splitlines():
        started = ENVIRONMENT.match(line)
        if started:
            environment = started["name"]
        counted = NODE.match(line.strip())
        if counted and int(counted["number"]):
            yield environment, {NODE_WORDS[counted["word"]]: int(counted["number"])}
        closed = CLOSING.match(line.strip())
        if closed:
            yield environment, {word: int(number) for number, word in COUNT.findall(closed["counts"])}


def main():
    total = collections.Counter()
    for environment, counts in closing_lines(pathlib.Path(sys.argv[1]).read_text(errors="replace")):
        print(f"{environment}: {', '.join(f'{number} {word}' for word, number in counts.items()) or 'no tests ran'}")
        total.update(counts)
    failed = sum(total[word] for word in FAILED)
    skipped = total["skipped"]
    print(f"{total['passed']} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))


if __name__ == "__main__":
    main()
