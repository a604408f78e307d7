"""Loading many captures: reading and parsing on one side, one writer on the other."""
