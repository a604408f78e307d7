"""`loader export`: write articles, their tables and quotes for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from loader.cli.options import FOLDER, db_option, timeout_option
from loader.cli.output import print_next_step, print_table
from loader.maintain.export import TABLES, Format, Table, export
from loader.maintain.migrated_copy import reading_at_present_schema


@click.command("export")
@click.argument("folder", type=FOLDER)
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(Format)),
    default="parquet",
    show_default=True,
    help="File format; parquet needs the extra of that name.",
)
@click.option(
    "--table",
    "tables",
    type=click.Choice(TABLES),
    multiple=True,
    help="Only this table; may be repeated.",
)
@db_option
@timeout_option
def export_command(
    folder: Path, form: Format, tables: tuple[Table, ...], db: Path, timeout: float
) -> None:
    """Write articles, their tables, and quotes below FOLDER, one file per year, such as
    articles/year=2024/articles.parquet.

    Articles have the form of a corpus: the text without the board above it, each of its dates,
    and the most reliable date with its basis. A row of an article's table is a JSON array of
    cells. A quote has its board, its trading day and the basis of that day. DuckDB, pandas and R
    can read the folder.

    \b
    Example:
        loader export out/
        duckdb -c "select year, count(*) from 'out/articles/*/*.parquet' group by 1"
        loader export csv/ --format csv --table quotes
    """
    with reading_at_present_schema(db, timeout) as conn:
        counts = export(conn, folder, tables or TABLES, form)
    print_table(list(counts.items()))
    print_next_step("ls {}", folder)
