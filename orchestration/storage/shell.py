"""What the shell says to the programs that this one is made of, and is not to say to this one.

A variable of another project's could switch a test off, move a file or change how text is read.

Belongs here: leaving it behind. Not here: our own settings (`settings.py`), and what is set for every process of ours
(`orchestration/__init__.py`).
"""

import locale
import os
import sys

NOT_FOR_US = (
    *("DBT_", "DAGSTER_", "DAGIT_", "GX_", "MPL", "MATPLOTLIB", "PYTHON", "LC_", "LANG"),
    *("SPARK_", "PYSPARK_", "HADOOP_", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"),
)
# They change how Python writes its own files and lines, and nothing that it computes.
HARMLESS = frozenset({"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"})


def leave_the_shell_behind() -> None:
    """Drop such variables; where Python itself has been told something, start the program again, and never return."""
    said = [name for name in os.environ if name.startswith(NOT_FOR_US) and name not in HARMLESS]
    was_python_told = any(name.startswith("PYTHON") for name in said) or locale.getencoding().lower() != "utf-8"
    for name in said:
        del os.environ[name]
    os.environ["LC_ALL"] = "C.UTF-8"
    if was_python_told and not sys.flags.ignore_environment:
        os.execv(sys.executable, [sys.executable, "-E", *sys.orig_argv[1:]])
