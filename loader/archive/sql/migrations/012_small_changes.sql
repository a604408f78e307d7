-- Merge a part of the text index with each batch, instead of all of it in one transaction.
insert into articles_fts (articles_fts, rank) values ('automerge', 16);

-- No query looks up evidence only by its day.
drop index if exists day_witnesses_date;
