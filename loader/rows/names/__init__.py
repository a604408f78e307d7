"""Which instruments a text names, and where: lexicon, neighbours, recognition."""
