# SPDX-License-Identifier: Apache-2.0
"""What the documentation gives to copy: alert rules that promtool takes and that fire when they should, units that
systemd takes. Each is skipped where its tool is not there (Debian: prometheus, systemd).
"""

import pathlib
import re
import shutil
import subprocess
import textwrap

import pytest

DOCS = pathlib.Path(__file__).parents[3] / "doc" / "source" / "user"
RULES = DOCS / "backup_reset.rules.yml"
#: Once a minute for an hour: nothing is wrong.
WELL = {
    'backup_reset_stuck_backups{region="R"}': "0x60",
    'backup_reset_locked_volumes{region="R"}': "0x60",
    'backup_reset_complete{region="R"}': "1x60",
    'backup_reset_last_run_timestamp_seconds{region="R"}': "0+60x60",
}
STUCK = 'backup_reset_stuck_backups{region="R", verdict="complete", status="creating", zone="z", host="h"}'


def needs(tool):
    """Skip where a tool is not there."""
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


def run(*command):
    """Run a tool; it has to be content."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@needs("promtool")
def test_promtool_takes_the_rules():
    assert "SUCCESS" in run("promtool", "check", "rules", str(RULES))


@pytest.mark.parametrize(
    ("series", "fires"),
    [
        ({}, set()),
        ({STUCK: "2x60"}, {"BackupsStuck"}),
        ({'backup_reset_locked_volumes{region="R"}': "1x60"}, {"BackupVolumesLocked"}),
        ({'backup_reset_complete{region="R"}': "0x60"}, {"BackupCheckBlind"}),
        ({'backup_reset_last_run_timestamp_seconds{region="R"}': "0x60"}, {"BackupCheckBlind"}),
        ("none", {"BackupCheckMissing"}),
    ],
    ids=["well", "stuck", "locked", "incomplete", "stopped", "gone"],
)
@needs("promtool")
def test_rules_fire_for_what_they_say_and_for_nothing_else(tmp_path, series, fires):
    values = {} if series == "none" else WELL | series
    known = re.findall(r"alert: (\w+)", RULES.read_text())
    lines = [f"rule_files: [{RULES}]", "tests:", "  - interval: 1m", "    input_series:"]
    lines += [f"      - series: '{name}'\n        values: '{value}'" for name, value in values.items()]
    lines[3] += "" if values else " []"
    # Names of alerts alone: labels and words are the site's.
    lines.append("    promql_expr_test:")
    for name in known:
        expected = "[{value: 1}]" if name in fires else "[]"
        lines.append(f"      - expr: count(ALERTS{{alertname='{name}', alertstate='firing'}})")
        lines.append(f"        eval_time: 55m\n        exp_samples: {expected}")
    test = tmp_path / "test.yml"
    test.write_text("\n".join(lines) + "\n")
    run("promtool", "test", "rules", str(test))


def test_all_metrics_of_the_rules_are_written_and_documented():
    told = (DOCS / "monitoring.rst").read_text()
    for name in re.findall(r"backup_reset_\w+", RULES.read_text().replace("name: backup_reset", "")):
        assert f"``{name}``" in told


def units():
    """The units of the documentation: name to text."""
    text = (DOCS / "monitoring.rst").read_text()
    block = re.search(r"code-block:: ini\n\n((?: {3}.*\n|\n)+)", text)[1]
    parts = re.split(r"# /etc/systemd/system/(\S+)\n", textwrap.dedent(block))[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@needs("systemd-analyze")
def test_systemd_takes_the_units(tmp_path):
    assert set(units()) == {"backup-reset-check.service", "backup-reset-check.timer"}
    for name, text in units().items():
        # Who runs it and where are of the site; the machine that tests has neither.
        known = re.sub("(?m)^(User|WorkingDirectory)=.*\n", "", text).replace("/usr/bin/python3", "/bin/true")
        (tmp_path / name).write_text(known)
    told = run("systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in units()))
    assert "backup-reset-check" not in told


def test_cron_line_has_five_times_a_user_and_the_command():
    text = (DOCS / "monitoring.rst").read_text()
    line = re.search(r"(?m)^ +(\*/5 .*)$", text)[1]
    assert re.fullmatch(r"(\S+ ){5}horizon cd /\S+ && OS_CLOUD=\w+ python3 manage\.py backup_reset_check", line)
