"""Find mentions of instruments in texts: lexicon, neighbours, recognition."""
