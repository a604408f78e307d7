-- The tables of an archive. Rows are found by the digest of their content; ids are local
-- to the file and mean nothing elsewhere. Times: docs/schema.md.

create table loads (
    id integer primary key,
    started_at text not null,
    finished_at text,
    loader_version text not null,
    captures integer not null default 0,
    snapshots integer not null default 0,
    duplicates integer not null default 0,
    problems integer not null default 0
) strict;

create table sources (
    id integer primary key,
    location text not null unique,
    kind text not null
) strict;

create table pages (
    id integer primary key,
    url text not null unique,
    news_id integer unique
) strict;

create table instruments (
    id integer primary key,
    symbol text not null unique,
    kind text not null check (kind in ('share', 'index')),
    name text,
    sector text
) strict;

create table instrument_events (
    id integer primary key,
    instrument_id integer not null references instruments (id),
    event text not null,
    new_instrument_id integer references instruments (id),
    date_from text,
    date_to text,
    source text not null
) strict;
create index instrument_events_instrument on instrument_events (instrument_id);
create index instrument_events_new_instrument on instrument_events (new_instrument_id);

-- The id is the date as a number, 20240503: the same in every archive, and sortable.
create table trading_days (
    id integer primary key,
    date text not null unique,
    basis text not null,
    candidates text
) strict;

create table boards (
    id integer primary key,
    digest text not null unique,
    trading_day_id integer references trading_days (id),
    first_captured_at text,
    last_captured_at text,
    quotes integer not null,
    advancers integer not null,
    decliners integer not null,
    unchanged integer not null,
    is_pre_open integer not null check (is_pre_open in (0, 1)),
    is_one_line integer not null check (is_one_line in (0, 1)),
    is_stale integer check (is_stale in (0, 1))
) strict;
create index boards_day_and_time on boards (trading_day_id, first_captured_at);
create index boards_time on boards (first_captured_at);

create table quotes (
    board_id integer not null references boards (id),
    instrument_id integer not null references instruments (id),
    position integer not null,
    direction text not null check (direction in ('up', 'down', 'flat')),
    price real not null,
    change real not null,
    percent real not null,
    previous_price real not null,
    sign_ok integer not null check (sign_ok in (0, 1)),
    percent_ok integer not null check (percent_ok in (0, 1)),
    percent_error real,
    limit_ok integer check (limit_ok in (0, 1)),
    primary key (board_id, instrument_id)
) strict, without rowid;
create index quotes_instrument on quotes (instrument_id, board_id);

-- The long body stands last, so that reading a headline does not read it.
create table articles (
    id integer primary key,
    digest text not null unique,
    page_id integer references pages (id),
    headline text,
    section text,
    byline text,
    agency text,
    dateline text,
    published_at text,
    updated_at text,
    print_date text,
    word_count integer not null,
    tags_line text,
    caption text,
    summary text,
    body text not null
) strict;
create index articles_page on articles (page_id);
create index articles_published on articles (published_at);

-- What each capture says of an article besides its text, once for each distinct answer.
-- articles holds the one that the order-free rule picks from these.
create table article_claims (
    id integer primary key,
    article_id integer not null references articles (id),
    headline text,
    section text,
    byline text,
    agency text,
    published_at text,
    updated_at text,
    print_date text,
    tags_line text,
    caption text,
    summary text
) strict;
create index article_claims_article on article_claims (article_id);

create table tags (
    id integer primary key,
    name text not null unique
) strict;

create table article_tags (
    article_id integer not null references articles (id),
    tag_id integer not null references tags (id),
    primary key (article_id, tag_id)
) strict, without rowid;
create index article_tags_tag on article_tags (tag_id);

create table teasers (
    id integer primary key,
    article_id integer not null references articles (id),
    position integer not null,
    headline text not null,
    page_id integer references pages (id),
    unique (article_id, headline)
) strict;
create index teasers_page on teasers (page_id);

create table snapshots (
    id integer primary key,
    digest text not null unique,
    page_id integer references pages (id),
    board_id integer references boards (id),
    article_id integer references articles (id),
    claim_id integer references article_claims (id),
    captured_at text,
    captured_basis text,
    masthead_date text,
    corpus_date text,
    layout text,
    url text,
    source_id integer not null references sources (id),
    source_offset integer,
    load_id integer not null references loads (id)
) strict;
create index snapshots_page on snapshots (page_id);
create index snapshots_board on snapshots (board_id);
create index snapshots_article on snapshots (article_id);
create index snapshots_claim on snapshots (claim_id);
create index snapshots_captured on snapshots (captured_at);
create index snapshots_source on snapshots (source_id);
create index snapshots_load on snapshots (load_id);

create table covid_counters (
    snapshot_id integer primary key references snapshots (id),
    deaths integer,
    deaths_24h integer,
    cases integer,
    cases_24h integer,
    positivity_percent real,
    provinces text not null
) strict;

create table raw_dictionaries (
    id integer primary key,
    digest text not null unique,
    data blob not null
) strict;

create table raw_captures (
    snapshot_id integer primary key references snapshots (id),
    media_type text not null,
    charset text,
    size integer not null,
    dictionary_id integer references raw_dictionaries (id),
    data blob not null
) strict;

create table problems (
    id integer primary key,
    digest text not null unique,
    kind text not null,
    detail text not null,
    excerpt text,
    source_id integer references sources (id),
    source_offset integer,
    snapshot_id integer references snapshots (id),
    article_id integer references articles (id),
    load_id integer references loads (id)
) strict;
create index problems_kind on problems (kind);
create index problems_source on problems (source_id);
create index problems_snapshot on problems (snapshot_id);
create index problems_article on problems (article_id);
create index problems_load on problems (load_id);

create virtual table articles_fts using fts5 (
    headline, body, summary, dateline, byline,
    content = 'articles', content_rowid = 'id', tokenize = 'porter unicode61'
);

create trigger articles_fts_delete after delete on articles begin
    insert into articles_fts (articles_fts, rowid, headline, body, summary, dateline, byline)
    values ('delete', old.id, old.headline, old.body, old.summary, old.dateline, old.byline);
end;

create trigger articles_fts_update
after update of headline, body, summary, dateline, byline on articles begin
    insert into articles_fts (articles_fts, rowid, headline, body, summary, dateline, byline)
    values ('delete', old.id, old.headline, old.body, old.summary, old.dateline, old.byline);
    insert into articles_fts (rowid, headline, body, summary, dateline, byline)
    values (new.id, new.headline, new.body, new.summary, new.dateline, new.byline);
end;
