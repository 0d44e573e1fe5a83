"""What may go out.

Belongs here: which parts of a release stand, building it, publishing, comparing and withdrawing it, and the
back-test. Not here: the content: no sentence, table or figure of a publication is made here.
"""
