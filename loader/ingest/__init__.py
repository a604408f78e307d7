"""Load many captures: several readers and parsers, one writer."""
