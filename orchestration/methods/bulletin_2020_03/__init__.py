"""The results of Bulletin 2020/03, clause by clause.

Belongs here: what this bulletin alone counts, models and states, as results tables. Not here: its layout and words
(`methods/layouts`), and the stepwise regression itself (`methods/statistics`).
"""
