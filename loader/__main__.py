"""`python -m loader` is the same command as `loader`."""

from loader.cli import main

main(prog_name="loader")
