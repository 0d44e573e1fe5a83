"""The service as systemd would run it: hardened, with a command that the program knows and that installs nothing."""

import configparser
import shlex
import shutil
import subprocess

import pytest

from orchestration.commands.parser import probation_outcomes
from orchestration.settings import PROJECT_DIR

UNIT = PROJECT_DIR / "deploy" / "probation-outcomes.service"
MOST_EXPOSURE = 3.0


def test_it_starts_a_command_of_the_program_itself():
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(UNIT)
    program, *arguments = shlex.split(unit["Service"]["ExecStart"])
    assert program.endswith(".venv/bin/python"), "make would install what is missing"
    assert arguments[:3] == ["-E", "-m", "orchestration"]
    assert arguments[3] in probation_outcomes.commands
    assert unit["Service"]["UMask"] == "0077"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze on this machine")
def test_it_is_little_exposed():
    command = ["systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSURE * 10:.0f}", str(UNIT)]
    judged = subprocess.run(command, capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stdout[-300:]
