"""Bulletin 2020/03 as readers get it.

Belongs here: its findings, caveats, tables and figures, in its words, read from its results tables. Not here: what
any publication needs (`publications/shared`) and how a figure is drawn (`publications/drawing`).
"""
