"""The linkage page: how far the links behind the bulletins can be trusted.

Belongs here: an auditor's questions, their answers in words, tables and figures, from results tables that hold counts
alone. Not here: the studies themselves (`orchestration/methods/linkage`), and any record.
"""
