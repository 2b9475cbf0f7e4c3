"""Invented data: the demo, and as many records as are asked for."""

# What apps above tell in the demo: dotted names of functions that get the demo and the number of its days and return
# acts by the day they are done, counted back.
CHAPTERS: list[str] = []
# What else `manage.py seed` makes: the name of the option, and the dotted name of a function that gets the colleagues
# who own, the number, and the seed, and yields the rows of each chunk.
SEEDS: dict[str, str] = {}
