"""What a referee would ask of the findings of Bulletin 2023/04: other sizes, other errors, other questions.

Belongs here: checks beside the published models, on their own cases, never in their place. Not here: the published
models (`bulletin_2023_04`), other links (`linkage`), and words.
"""
