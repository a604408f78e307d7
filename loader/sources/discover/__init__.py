"""Find the sources at locations given by the user."""
