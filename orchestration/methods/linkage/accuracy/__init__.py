"""How good the links are.

Belongs here: precision and recall from truth or from clerical review, the links lost and why, and how many cases each
rule linked. Not here: drawing and reading a reviewer's workbook (`orchestration/linkage/review`).
"""
