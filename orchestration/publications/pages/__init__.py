"""How any publication becomes a page.

Belongs here: the templates and their style, filling them, what every page says alike. Not here: what a page says
(the publication's own room), and its figures (`drawing`).
"""
