"""Drawing figures in the Analysis Function's style.

Belongs here: bars and squares from labels and numbers to SVG and PNG, the same bytes each time, with their words. Not
here: what any figure shows; a catalogue in the publication's own room says that.
"""
