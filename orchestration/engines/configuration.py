"""How Spark is configured: for one machine, for few and large tables, and to tell nobody anything.

Belongs here: every setting of Spark's, with its reason. Not here: who starts what (`cluster.py`, `session.py`).
"""

import secrets
from pathlib import Path

from orchestration.engines.places import Places
from orchestration.storage.files import make_private_folder, write_private_file

LOOPBACK = "127.0.0.1"
_SETTINGS = "spark-defaults.conf"
_LOGGING = Path(__file__).parent / "log4j2.properties"
# Whoever reached the master could have code run in the owner's name: nobody does without the secret, which stands in
# a file and on no command line. The web pages cannot be switched off, but ask for a token that nobody is given.
_CLOSED = {
    "spark.authenticate": "true",
    "spark.ui.enabled": "false",
    "spark.ui.killEnabled": "false",
    "spark.ui.filters": "org.apache.spark.ui.JWSFilter",
    "spark.ui.showConsoleProgress": "false",
    "spark.eventLog.enabled": "false",
    "spark.log.level": "OFF",
    "spark.master.rest.enabled": "false",
    "spark.driver.host": LOOPBACK,
    "spark.driver.bindAddress": LOOPBACK,
    "spark.port.maxRetries": "0",  # a port that is taken is told, not avoided
    "spark.hadoop.fs.permissions.umask-mode": "077",
}
# What it computes with stands in dbt's profile. Adaptive execution joins small partitions and cuts large ones.
_FAST = {
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.adaptive.skewJoin.enabled": "true",
    "spark.sql.shuffle.partitions": "32",
    "spark.sql.files.maxPartitionBytes": "32m",
}
# Java's own traces of a process, which any user could list, and its own temporary files.
JAVA_OPTIONS = '-XX:-UsePerfData -Djava.io.tmpdir="{folder}"'
# The driver plans some hundred statements once each: the second compiler would cost it more than it saves. Without it
# Java keeps room for less code than three layers take, and would then compile nothing any more.
_PLANS_ONLY = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC"


def write_configuration(places: Places, memory: str) -> None:
    """Write Spark's two files of settings, for the owner alone, with a new secret. Raises OSError."""
    make_private_folder(places.conf, places.root)
    settings = _CLOSED | _FAST | _of_this_folder(places, memory) | _secrets()
    lines = [f"{name} {value}\n" for name, value in settings.items()]
    write_private_file(places.conf / _SETTINGS, "".join(lines).encode())
    write_private_file(places.conf / _LOGGING.name, _LOGGING.read_bytes())


def read_configuration(places: Places) -> dict[str, str]:
    """Every setting that the data folder's cluster was started with, secrets among them. Raises OSError."""
    lines = (places.conf / _SETTINGS).read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines if line)


def _of_this_folder(places: Places, memory: str) -> dict[str, str]:
    return {
        "spark.driver.memory": memory,
        "spark.executor.memory": memory,
        "spark.executor.cores": "1",
        "spark.local.dir": str(places.scratch),
        "spark.sql.warehouse.dir": str(places.warehouse),
        "spark.driver.extraJavaOptions": f"{_PLANS_ONLY} {JAVA_OPTIONS.format(folder=places.scratch)}",
        "spark.executor.extraJavaOptions": JAVA_OPTIONS.format(folder="."),
    }


def _secrets() -> dict[str, str]:
    return {
        "spark.authenticate.secret": secrets.token_hex(32),
        "spark.org.apache.spark.ui.JWSFilter.param.secretKey": secrets.token_urlsafe(48),
    }
