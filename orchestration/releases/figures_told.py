"""What the figures of the bulletins show, for disclosure control.

Belongs here: the figures' own catalogues, put so that each bar names its people. Not here: the catalogues
(`publications/`), and what follows for a release (`disclosure/`).
"""

from orchestration.disclosure.text_claims import Figures
from orchestration.publications.bulletin_2020_03.figure_data import CELL_FIGURES, HEAT_MAP, RATINGS_FIGURE
from orchestration.publications.bulletin_2023_04.figure_catalogue import COMBINED, FIGURES, REASON_SERIES

FIGURES_TOLD = Figures(
    cells={(f.figure_id, series, bar): (*cell,) for f in CELL_FIGURES for series, bar, *cell in f.bars},  # type: ignore[misc]
    judged={figure.figure_id: (figure.judgement, figure.outcome) for figure in FIGURES if figure.judgement},
    ended=REASON_SERIES,
    reasons="figure_2",
    numbers="figure_3",
    combined=COMBINED,
    pairs=HEAT_MAP,
    providers=RATINGS_FIGURE,
)
