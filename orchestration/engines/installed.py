"""What Spark needs on this machine: the optional packages, and Java.

Belongs here: finding both, and saying what is missing. Not here: starting anything (`cluster.py`).
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from orchestration.errors import PipelineError

# Spark 4 runs on these (its documentation, "Downloading").
OLDEST_JAVA = 17
_VERSION = re.compile(r'version "(?:1\.)?(\d+)')  # Java 8 calls itself 1.8
_GET_JAVA = "Install Java 17 or later (Debian: apt install openjdk-17-jre-headless), or name one with JAVA_HOME."


@dataclass(frozen=True)
class Spark:
    """The folder of Spark's own programs, and the Java they run on."""

    home: Path
    java: Path

    @property
    def environment(self) -> dict[str, str]:
        """What Spark's programs are told by their environment: where both are, and to stay on this machine."""
        return {"SPARK_HOME": str(self.home), "JAVA_HOME": str(self.java.parent.parent), "SPARK_LOCAL_IP": "127.0.0.1"}


def require_spark() -> Spark:
    """Spark as it is installed. Raises PipelineError naming what is missing, with the command that installs it."""
    found = find_spec("pyspark"), find_spec("dbt.adapters.spark")
    if not all(found) or found[0] is None or found[0].origin is None:
        raise PipelineError(
            "Spark is not installed: the packages pyspark and dbt-spark are optional.",
            "Install them with: make setup SPARK=1 (without make: pip install 'probation-outcomes[spark]').",
        )
    return Spark(Path(found[0].origin).parent, _require_java())


def _require_java() -> Path:
    home = os.environ.get("JAVA_HOME")
    program = str(Path(home, "bin", "java")) if home else shutil.which("java")
    if program is None or not Path(program).is_file():
        raise PipelineError("Spark needs Java, and none was found.", _GET_JAVA, "JAVA_HOME" if home else "")
    said = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
    version = _VERSION.search(said)
    if version is None or int(version[1]) < OLDEST_JAVA:
        which = f"Java {version[1]}" if version else "of a version that it does not tell"
        raise PipelineError(
            f"Spark needs Java {OLDEST_JAVA} or later, and the one here is {which}.", _GET_JAVA, str(program)
        )
    return Path(program).resolve()
