-- What crawls bring besides pages, and which sources this file has read to their end.

-- A crawler's note that a page was still as an earlier capture has it. That capture is the
-- snapshot of target_page_id taken at refers_to_at, if it was ever loaded.
create table revisits (
    id integer primary key,
    digest text not null unique,
    page_id integer references pages (id),
    captured_at text,
    url text not null,
    target_page_id integer references pages (id),
    refers_to_at text,
    refers_to_url text not null,
    source_id integer not null references sources (id),
    source_offset integer,
    load_id integer references loads (id)
) strict;
create index revisits_page on revisits (page_id);
create index revisits_target on revisits (target_page_id, refers_to_at);
create index revisits_source on revisits (source_id);
create index revisits_load on revisits (load_id);

-- Bookkeeping of this file, not content: what a second run need not read again.
create table read_sources (
    location text primary key,
    size integer,
    modified_at text,
    etag text,
    digest text,
    read_with text not null
) strict, without rowid;

-- The index takes in a whole batch before it writes (16 MB of memory), and merges its pieces
-- when there are 16 of a size and not with every batch: two thirds of the time of a load.
insert into articles_fts (articles_fts, rank) values ('hashsize', 16777216);
insert into articles_fts (articles_fts, rank) values ('automerge', 0);
