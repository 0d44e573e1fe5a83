"""Where everything of Spark's lies: one folder of the data folder, closed to others.

Belongs here: names of files and folders. Not here: what they hold.
"""

from dataclasses import dataclass
from pathlib import Path

from orchestration.settings import Settings


@dataclass(frozen=True)
class Places:
    """The folders of a cluster (`conf`, one a daemon) and of the layer that is being built there (`build`)."""

    root: Path

    @classmethod
    def of(cls, settings: Settings) -> "Places":
        return cls(settings.spark_dir)

    @property
    def record(self) -> Path:
        """Which processes the cluster is."""
        return self.root / "cluster.json"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def conf(self) -> Path:
        """What Spark calls SPARK_CONF_DIR."""
        return self.root / "conf"

    def daemon(self, name: str) -> Path:
        """The folder in which a master or worker works, with its log."""
        return self.root / name

    @property
    def build(self) -> Path:
        """Identifiers lie here while a layer is built, and nowhere else of Spark's but in the workers' folders."""
        return self.root / "build"

    @property
    def mould(self) -> Path:
        """The layer without rows; called as the warehouse is, whose name dbt writes into its SQL."""
        return self.build / "warehouse.duckdb"

    @property
    def sources(self) -> Path:
        """What the layer reads, as Parquet: `<schema>/<table>.parquet`."""
        return self.build / "sources"

    @property
    def warehouse(self) -> Path:
        """What Spark makes of it: `<schema>.db/<table>`."""
        return self.build / "warehouse"

    @property
    def scratch(self) -> Path:
        """What the driver does not keep in memory."""
        return self.build / "scratch"
