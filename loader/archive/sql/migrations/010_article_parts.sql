-- Add the date of articles, and the section of a listing to snapshots. Both tables are recreated,
-- since the long body must be last and constraints come after the columns. Ids and the full-text
-- index are kept.

alter table articles rename to old_articles;

create table articles (
    id integer primary key,
    digest text not null unique,
    page_id integer references pages (id),
    headline text,
    section text,
    byline text,
    agency text,
    article_kind text,
    dateline text,
    -- The date by which it is found, and who says it (sql/article_dates.sql); published_at is what
    -- its own page prints.
    article_date text,
    article_date_basis text,
    published_at text,
    updated_at text,
    print_date text,
    word_count integer not null,
    tags_line text,
    caption text,
    summary text,
    body text not null
) strict;

insert into articles
select
    id, digest, page_id, headline, section, byline, agency, article_kind, dateline, null, null,
    published_at, updated_at, print_date, word_count, tags_line, caption, summary, body
from old_articles;

drop table old_articles;

alter table snapshots rename to old_snapshots;

create table snapshots (
    id integer primary key,
    digest text not null unique,
    page_id integer references pages (id),
    board_id integer references boards (id),
    article_id integer references articles (id),
    claim_id integer,
    captured_at text,
    captured_basis text,
    masthead_date text,
    corpus_date text,
    layout text,
    -- Of a listing; an article has its own.
    section text,
    reported_url text,
    source_id integer not null references sources (id),
    source_offset integer,
    load_id integer not null references loads (id),
    check ((article_id is null) = (claim_id is null)),
    -- A claim belongs to the article that its capture shows.
    foreign key (article_id, claim_id) references article_claims (article_id, id)
) strict;

insert into snapshots
select
    id, digest, page_id, board_id, article_id, claim_id, captured_at, captured_basis,
    masthead_date, corpus_date, layout, null, reported_url, source_id, source_offset, load_id
from old_snapshots;

drop table old_snapshots;

create table article_tables (
    article_id integer not null references articles (id),
    number integer not null,
    position integer not null,
    paragraph_count integer not null,
    header_count integer not null,
    cells text not null,
    primary key (article_id, number)
) strict, without rowid;

create table article_images (
    article_id integer not null references articles (id),
    url text not null,
    caption text,
    primary key (article_id, url)
) strict, without rowid;

create table article_authors (
    article_id integer not null references articles (id),
    name text not null,
    url text not null,
    primary key (article_id, name)
) strict, without rowid;
