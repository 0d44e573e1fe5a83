"""The cases as files for SPSS, R and others, asked for by hand, for those inside.

Belongs here: the analysis file as SPSS, Parquet and CSV, its codebook, and a script that fits the published models
again. Not here: the labels (`orchestration/methods/layouts/codebook.py`), and anything that goes outside (`releases/`).
"""
