"""What every command is given: the settings, and whether a traceback is wanted.

Belongs here: what more than one command takes from the command line. Not here: any command.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import click

from orchestration.settings import Settings, read_settings

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def pass_settings(command: Callable[Concatenate[Settings, Given], Answer]) -> Callable[Given, Answer]:
    """Give a command the settings as its first argument; they are read once, when it is called and not for its help."""

    @wraps(command)
    def with_settings(*args: Given.args, **options: Given.kwargs) -> Answer:
        return command(read_settings(), *args, **options)

    return with_settings


def wants_traceback() -> bool:
    """Whether `--traceback` stood before the command's name."""
    return bool(click.get_current_context().find_root().params["traceback"])
