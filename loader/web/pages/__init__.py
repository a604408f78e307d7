"""One module for each page of the front end."""
