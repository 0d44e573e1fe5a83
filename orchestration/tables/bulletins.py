"""The bulletins' ids, as the column `bulletin` of a shared results table holds them.

Belongs here: ids. Not here: what a bulletin consists of (`publications/`).
"""

BULLETIN_2023 = "2023/04"
BULLETIN_2020 = "2020/03"
