"""The page "How robust are the findings".

Belongs here: what a referee would ask of Bulletin 2023/04, laid out and put into words. Not here: the checks
(`methods/robustness`), the bulletin's own page.
"""
