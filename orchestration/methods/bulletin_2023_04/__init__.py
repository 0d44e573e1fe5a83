"""The results of Bulletin 2023/04, clause by clause.

Belongs here: what this bulletin counts, models and states, as results tables. Not here: its layout and words
(`methods/layouts`), and the regressions themselves (`methods/statistics`).
"""
