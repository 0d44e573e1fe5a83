"""The inspection samples: how many cases, which, and what they stand for.

Belongs here: sample sizes, allocation, the draw, design weights, and the achieved sample against its caseload. Not
here: reading a list or writing a sample (`orchestration/samples`).
"""
