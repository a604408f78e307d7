-- The text index is merged a part with each batch, not all of it in one transaction.
insert into articles_fts (articles_fts, rank) values ('automerge', 16);

-- No query looks for evidence by its day alone.
drop index if exists day_witnesses_date;
