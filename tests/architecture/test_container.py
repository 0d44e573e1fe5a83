"""The container as it would be built and started: the locked packages, no data, and no more rights than a run needs."""

import json
import re

import pytest
import yaml

from orchestration.commands.parser import probation_outcomes
from orchestration.commands.service import UI_HOST
from orchestration.settings import PROJECT_DIR

PROGRAM = {"orchestration", "expectations", "dbt_project"}
WHAT_IS_INSTALLED = {"Makefile", "requirements.lock"}
COMPOSE = yaml.safe_load((PROJECT_DIR / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]


def _instructions() -> list[tuple[str, str]]:
    """Of the Containerfile, in their order: its name and what it is given, continued lines joined."""
    text = (PROJECT_DIR / "deploy" / "Containerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    return [(name, given) for name, _, given in (line.partition(" ") for line in lines if line)]


def _given(name: str) -> list[str]:
    return [given for instruction, given in _instructions() if instruction == name]


def test_it_holds_the_program_and_nothing_of_the_data():
    copied = {source for given in _given("COPY") if "--from" not in given for source in given.split()[:-1]}
    assert copied == PROGRAM | WHAT_IS_INSTALLED
    assert _given("ADD") == []
    assert _given("VOLUME") == [], "a nameless volume would keep identifiers"


def test_packages_are_held_to_the_hashes_of_the_lock():
    installing = [run for run in _given("RUN") if re.search(r"make setup|\b(pip|uv)\b", run)]
    assert installing == ["make setup"]
    makefile = (PROJECT_DIR / "Makefile").read_text(encoding="utf-8")
    installers = re.findall(r"^\w+_INSTALL := .*", makefile, re.MULTILINE)
    assert len(installers) == 2
    assert all("--require-hashes" in line for line in installers)


def test_it_starts_the_program_itself_as_another_account_than_root():
    last = [name for name, _ in _instructions()][-3:]
    assert last == ["USER", "ENTRYPOINT", "CMD"]
    (user,) = _given("USER")
    assert int(user) > 0
    assert json.loads(_given("ENTRYPOINT")[0]) == [".venv/bin/python", "-E", "-m", "orchestration"]
    assert json.loads(_given("CMD")[0])[0] in probation_outcomes.commands


@pytest.mark.parametrize("name", SERVICES)
def test_it_may_do_no_more_than_it_needs(name):
    service = SERVICES[name]
    assert service["command"][0] in probation_outcomes.commands
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges"]
    assert not {"privileged", "cap_add", "devices", "pid", "ipc"} & service.keys()
    (data,) = service["volumes"]
    assert data.removesuffix(":Z").endswith(":" + dict(g.split("=") for g in _given("ENV"))["PROBATION_DATA_DIR"])
    # the account that starts it is the one that the image runs as, so that the data stay its own
    (user,) = _given("USER")
    assert service["userns_mode"] == f"keep-id:uid={user},gid={user}"


def test_nobody_reaches_it_but_over_the_loopback_of_its_host():
    assert UI_HOST == "127.0.0.1"
    assert [name for name, service in SERVICES.items() if "ports" in service or "expose" in service] == []
    assert {name: service["network_mode"] for name, service in SERVICES.items()} == {"ui": "host", "bulletin": "none"}
