"""Columns that mean the same in many tables.

Belongs here: a column that families of tables share, word for word. Not here: columns that only share a name.
"""

from orchestration.tables.table import BULLETIN, Column

OF_BULLETIN = Column(BULLETIN, "varchar", "`2023/04` or `2020/03`: whose row it is.")
OF_SOURCE = Column("source", "varchar", "`terminations` or `reoffending`.")
