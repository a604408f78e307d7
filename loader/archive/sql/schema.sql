-- The tables of an archive, as they are today; older files come here by the steps in migrations/.
--
-- Rows are found by the digest of their content; ids are local to the file and mean nothing
-- elsewhere. An integer that ends in _hundredths holds hundredths of the unit (rupees, points or
-- per cent); the column of the same name without the ending is generated from it. Times and every
-- column: docs/schema.md.

create table loads (
    id integer primary key,
    started_at text not null,
    finished_at text,
    loader_version text not null,
    parser_version integer not null,
    capture_count integer not null default 0,
    snapshot_count integer not null default 0,
    duplicate_count integer not null default 0,
    problem_count integer not null default 0
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
    board_count integer not null default 0,
    first_captured_at text,
    last_captured_at text,
    -- The board that shows the day latest, and the same for its indices alone.
    last_board_id integer references boards (id),
    index_board_id integer references boards (id),
    -- The days before and after that the archive knows; 1 session since means none is missing.
    previous_date text,
    next_date text,
    sessions_since_previous integer
) strict;
create index trading_days_last_board on trading_days (last_board_id);
create index trading_days_index_board on trading_days (index_board_id);

create table boards (
    id integer primary key,
    digest text not null unique,
    -- The day whose indices the board shows. trading_day_id is the same, but empty where the
    -- shares are of another day: before the opening, in its first minutes, or with stale bases.
    trading_day_id integer references trading_days (id),
    index_day_id integer references trading_days (id),
    first_captured_at text,
    last_captured_at text,
    quote_count integer not null,
    advancer_count integer not null,
    decliner_count integer not null,
    unchanged_count integer not null,
    is_pre_open integer not null check (is_pre_open in (0, 1)),
    is_single_quote integer not null check (is_single_quote in (0, 1)),
    has_stale_shares integer check (has_stale_shares in (0, 1)),
    -- What the board is of its day (docs/dating.md): whole, pre-open, opening, stale shares or
    -- frozen; empty where nothing tells. The detail is what was compared, empty for whole ones.
    state text check (state in ('whole', 'pre-open', 'opening', 'stale shares', 'frozen')),
    state_detail text
) strict;
create index boards_day_and_time on boards (trading_day_id, first_captured_at);
create index boards_index_day on boards (index_day_id);
create index boards_time on boards (first_captured_at);

-- One integer column each for what is printed: a quote takes half the room of decimals, and
-- sums and comparisons are exact. Tables with generated columns have no checks, since SQLite 3.40
-- cannot `vacuum into` a copy of both from a connection that only reads, and begin with their
-- keys, since its integrity check else finds NULL where there is none.
create table quotes (
    board_id integer not null references boards (id),
    instrument_id integer not null references instruments (id),
    position integer not null,
    direction text generated always as
        (case direction_sign when 1 then 'up' when -1 then 'down' else 'flat' end) virtual,
    price real generated always as (price_hundredths / 100.0) virtual,
    change real generated always as (change_hundredths / 100.0) virtual,
    percent real generated always as (percent_hundredths / 100.0) virtual,
    previous_price real generated always as ((price_hundredths - change_hundredths) / 100.0) virtual,
    sign_ok integer generated always as (case direction_sign
        when 1 then change_hundredths > 0 and percent_hundredths >= 0
        when -1 then change_hundredths < 0 and percent_hundredths <= 0
        else change_hundredths = 0 and percent_hundredths = 0
    end) virtual,
    percent_ok integer generated always as
        (coalesce(percent_error_hundredths between -1 and 1, 0)) virtual,
    percent_error real generated always as (percent_error_hundredths / 100.0) virtual,
    within_daily_limit integer,
    direction_sign integer not null,
    price_hundredths integer not null,
    change_hundredths integer not null,
    percent_hundredths integer not null,
    percent_error_hundredths integer,
    primary key (board_id, instrument_id)
) strict, without rowid;
create index quotes_instrument on quotes (instrument_id, board_id);
-- Quotes that fail a check are few among millions: counting and listing them reads only them.
create index quotes_percent_failed on quotes (board_id) where not percent_ok;
create index quotes_sign_failed on quotes (board_id) where not sign_ok;
create index quotes_limit_failed on quotes (board_id) where within_daily_limit = 0;

-- The long body stands last, so that reading a headline does not read it.
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
create index articles_page on articles (page_id);
create index articles_date on articles (article_date);
create index articles_section on articles (section, article_date);
create index articles_agency on articles (agency, article_date);
create index articles_byline on articles (byline, article_date);
create index articles_dateline on articles (dateline, article_date);
-- Teasers find their article by its headline.
create index articles_headline on articles (headline);
-- The filters alone, by id: a search reads these few bytes of each match, not its text.
create index articles_filters on articles (id, article_date, section, agency, dateline);

-- What each capture says of an article besides its text, once for each distinct answer; articles
-- holds the one that the order-free rule picks from these.
create table article_claims (
    id integer primary key,
    digest text not null unique,
    article_id integer not null references articles (id),
    headline text,
    section text,
    byline text,
    agency text,
    article_kind text,
    published_at text,
    updated_at text,
    print_date text,
    tags_line text,
    caption text,
    summary text,
    unique (article_id, id)
) strict;

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

-- Tables of the body whose columns are certain, in the form of the text that is kept. They stand in
-- paragraph_count paragraphs from position on; cells is a JSON array of rows, each an array of
-- cells, of which the first header_count name the columns.
create table article_tables (
    article_id integer not null references articles (id),
    number integer not null,
    position integer not null,
    paragraph_count integer not null,
    header_count integer not null,
    cells text not null,
    primary key (article_id, number)
) strict, without rowid;

-- Addresses of pictures and of the pages of authors; captures of one text add up.
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
create index article_authors_name on article_authors (name);

-- Whom a byline or the mark of an agency names: `printed` is what the column `place` of articles
-- has, `name` the part of it that is the name. Names that differ in spelling alone have one slug. The
-- rule: loader/rows/credits.py. Articles are counted by the triggers of article_counts, one with a
-- name in both places only for its byline.
create table credits (
    place text not null check (place in ('byline', 'agency')),
    printed text not null,
    slug text not null,
    kind text not null check (kind in ('author', 'desk', 'agency')),
    name text not null,
    position integer not null,
    article_count integer not null default 0,
    primary key (place, printed, slug)
) strict, without rowid;
create index credits_slug on credits (slug, kind, name, article_count);

-- Number of articles of each byline, agency, year and section: far fewer rows than
-- articles. Triggers keep it, whoever changes `articles`.
create table article_counts (
    id integer primary key,
    byline text,
    agency text,
    year text,
    section text,
    article_count integer not null
) strict;
create index article_counts_byline on article_counts (byline, agency, year, section);
create index article_counts_agency on article_counts (agency, byline);

create table teasers (
    id integer primary key,
    article_id integer not null references articles (id),
    position integer not null,
    headline text not null,
    page_id integer references pages (id),
    unique (article_id, headline)
) strict;
create index teasers_page on teasers (page_id);
-- A teaser without an address is found from the page that has its headline.
create index teasers_unlinked on teasers (headline) where page_id is null;

-- Links within the sentences of a body, by the page they lead to.
create table text_links (
    article_id integer not null references articles (id),
    page_id integer not null references pages (id),
    words text not null,
    primary key (article_id, page_id)
) strict, without rowid;
create index text_links_page on text_links (page_id);

-- Where an article names an instrument: characters of its headline (part 0), summary (1) or
-- body (2). The rule: loader/rows/names.
create table mention_spans (
    article_id integer not null references articles (id),
    part integer not null check (part in (0, 1, 2)),
    span_start integer not null,
    span_end integer not null,
    instrument_id integer not null references instruments (id),
    primary key (article_id, part, span_start)
) strict, without rowid;
create index mention_spans_instrument on mention_spans (instrument_id, article_id);

-- How many of these an article has for each instrument: lists and searches read this alone.
create table mentions (
    article_id integer not null references articles (id),
    instrument_id integer not null references instruments (id),
    mention_count integer not null,
    primary key (article_id, instrument_id)
) strict, without rowid;
create index mentions_instrument on mentions (instrument_id, article_id);

-- Numbers by which copies of a text are found (loader/articles/sketch.py): an index of the bodies,
-- which give the numbers of an article when it is deleted. And those that too many texts have to
-- tell anything: boilerplate.
create table article_sketches (
    number integer not null,
    article_id integer not null,
    primary key (number, article_id)
) strict, without rowid;

create table crowded_sketches (
    number integer primary key
) strict;

-- Texts of which one tells nothing that the other does not (copy), or one keeps most of the other
-- and tells more (near): both ways round. The rule: loader/articles/likeness.py. Common are runs of
-- five words, of a thousand that either text has.
create table article_likenesses (
    article_id integer not null references articles (id),
    other_article_id integer not null references articles (id),
    kind text not null check (kind in ('copy', 'near')),
    common_per_mille integer not null,
    primary key (article_id, other_article_id)
) strict, without rowid;
create index article_likenesses_other on article_likenesses (other_article_id);

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
create index snapshots_page on snapshots (page_id);
-- When a board or a text was first and last captured, without reading the snapshots.
create index snapshots_board on snapshots (board_id, captured_at);
create index snapshots_article on snapshots (article_id, captured_at);
create index snapshots_claim on snapshots (claim_id);
create index snapshots_captured on snapshots (captured_at);
create index snapshots_place on snapshots (source_id, source_offset);
create index snapshots_load on snapshots (load_id);

create table covid_counters (
    snapshot_id integer primary key references snapshots (id),
    deaths integer,
    deaths_24h integer,
    cases integer,
    cases_24h integer,
    positivity_percent real generated always as (positivity_percent_hundredths / 100.0) virtual,
    provinces text not null,
    positivity_percent_hundredths integer
) strict;

-- What listing pages (latest news, sections, trends) say of the stories they name. page_id is
-- the page of the story, not of the listing: that one is the snapshot's.
create table listings (
    snapshot_id integer not null references snapshots (id),
    position integer not null,
    page_id integer references pages (id),
    headline text not null,
    summary text,
    listed_at text,
    primary key (snapshot_id, position)
) strict, without rowid;
create index listings_page on listings (page_id);

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

-- A crawler's note that a page was still as an earlier capture has it. That capture is the
-- snapshot of target_page_id taken at refers_to_at, if it was ever loaded.
create table revisits (
    id integer primary key,
    digest text not null unique,
    page_id integer references pages (id),
    captured_at text,
    reported_url text not null,
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
    board_id integer references boards (id),
    load_id integer references loads (id),
    check (coalesce(source_id, snapshot_id, article_id, board_id) is not null)
) strict;
create index problems_kind on problems (kind);
create index problems_source on problems (source_id);
create index problems_snapshot on problems (snapshot_id);
create index problems_article on problems (article_id);
create index problems_board on problems (board_id);
create index problems_load on problems (load_id);

-- Which trading day a board shows, and why (docs/dating.md). All of it but what a user brought
-- (closes, session_overrides) is worked out from the captures and can be made again.

-- The exchange's trading days of the years the captures need. On a day the site shows the
-- session before until opens_at, either until settled_at, then the day's own. Times of that
-- day in UTC, `04:32`. `unconfirmed` names the holiday by the moon that may fall on the day.
create table sessions (
    date text primary key,
    opens_at text not null,
    settled_at text not null,
    source text not null,
    unconfirmed text
) strict, without rowid;

-- What `loader date --holidays` brought: days on which the calendar is wrong.
create table session_overrides (
    date text primary key,
    is_open integer not null check (is_open in (0, 1)),
    source text not null
) strict, without rowid;

-- What `loader date --closes` brought, and nothing else: closing values of the user's files.
-- They are the user's: no copy of the archive carries them unless asked to.
create table closes (
    symbol text not null,
    date text not null,
    close_hundredths integer not null,
    source text not null,
    close real generated always as (close_hundredths / 100.0) virtual,
    primary key (symbol, date, close_hundredths)
) strict, without rowid;

-- Closing values that the archive's own articles state, with the place in the body. The
-- text means the day `date_to`, or one from `date_from` to it where it leaves that open. Of the
-- kind `less move` is the close before, which follows from a value of the next day and its move.
create table stated_closes (
    article_id integer not null references articles (id),
    span_start integer not null,
    span_end integer not null,
    symbol text not null,
    value real generated always as (value_hundredths / 100.0) virtual,
    date_from text not null,
    date_to text not null,
    value_hundredths integer not null,
    kind text not null default 'close',
    primary key (article_id, span_start)
) strict, without rowid;

-- Values that the archive's own articles state of an instrument on a day: span_start to span_end
-- of the body runs from the name to the number. `measure` is close, change, percent or volume;
-- `unit` points, rupees, percent or shares. The rules: loader/market/values.
create table stated_values (
    article_id integer not null references articles (id),
    span_start integer not null,
    span_end integer not null,
    symbol text not null,
    measure text not null,
    value real generated always as (value_hundredths / 100.0) virtual,
    unit text not null,
    day text generated always as (case when date_from = date_to then date_to end) virtual,
    date_from text not null,
    date_to text not null,
    sentence_start integer not null,
    sentence_end integer not null,
    value_hundredths integer not null,
    primary key (article_id, span_start, span_end)
) strict, without rowid;
create index stated_values_symbol on stated_values (symbol, date_to);

-- Moves of an index in a day that headlines and texts state without its level: of an article
-- (`place` headline or body, with the characters), or of a story that a listing page names
-- (`place` is its position there). Points or per cent, as exact as they were printed.
create table stated_moves (
    id integer primary key,
    article_id integer references articles (id),
    snapshot_id integer references snapshots (id),
    place text not null,
    span_start integer not null,
    span_end integer not null,
    symbol text not null,
    points_hundredths integer,
    points_slack_hundredths integer,
    percent_hundredths integer,
    percent_slack_hundredths integer,
    date_from text not null,
    date_to text not null
) strict;
create index stated_moves_article on stated_moves (article_id);
create index stated_moves_snapshot on stated_moves (snapshot_id);

-- Boards that count from the same index bases and so show one trading day. `digest` is the
-- smallest of its boards' digests.
create table board_groups (
    id integer primary key,
    digest text not null unique,
    board_count integer not null,
    kse100_base_min_hundredths integer not null,
    kse100_base_max_hundredths integer not null,
    kse30_base_min_hundredths integer,
    kse30_base_max_hundredths integer,
    br100_base_min_hundredths integer,
    br100_base_max_hundredths integer,
    br30_base_min_hundredths integer,
    br30_base_max_hundredths integer,
    trading_day_id integer references trading_days (id),
    basis text,
    reason text,
    candidates text
) strict;
create index board_groups_base on board_groups (kse100_base_min_hundredths);
create index board_groups_day on board_groups (trading_day_id);

-- The index lines of each board that has KSE100, sorted for finding its group and its
-- neighbours; and a number for its set of share prices and for that of their bases.
create table board_indices (
    board_id integer primary key references boards (id),
    group_id integer references board_groups (id),
    kse100_hundredths integer not null,
    kse30_hundredths integer,
    br100_hundredths integer,
    br30_hundredths integer,
    kse100_base_hundredths integer not null,
    kse30_base_hundredths integer,
    br100_base_hundredths integer,
    br30_base_hundredths integer,
    share_prices_hash integer not null,
    share_bases_hash integer not null,
    -- The daily limit in hundredths of a per cent that the third largest move of a share needs.
    third_move_hundredths integer
) strict;
create index board_indices_base on board_indices (kse100_base_hundredths);
create index board_indices_price on board_indices (kse100_hundredths);
create index board_indices_group on board_indices (group_id, kse100_hundredths);

-- Facts about two groups: what boards of the first show is what the second counts from
-- (next; near when the base is provisional), or both count from nearly the same (twin).
create table group_links (
    group_id integer not null references board_groups (id),
    next_group_id integer not null references board_groups (id),
    kind text not null check (kind in ('next', 'near', 'twin')),
    index_count integer not null,
    equal_share_count integer not null,
    common_share_count integer not null,
    primary key (group_id, next_group_id)
) strict, without rowid;
create index group_links_next on group_links (next_group_id);

-- Every piece of evidence for the day of a group: that it is one from date_from to date_to;
-- without date_to, that it is date_from or later (published).
-- The weight is in decibans (10 is ten to one); that of captures is weighed as a whole.
create table day_witnesses (
    id integer primary key,
    group_id integer not null references board_groups (id),
    board_id integer references boards (id),
    kind text not null check (kind in
        ('close', 'stated', 'moved', 'capture', 'masthead', 'published', 'neighbour')),
    date_from text not null,
    date_to text,
    capture_count integer,
    weight integer,
    detail text not null,
    article_id integer references articles (id),
    span_start integer,
    span_end integer,
    is_accepted integer not null default 0 check (is_accepted in (0, 1))
) strict;
create index day_witnesses_group on day_witnesses (group_id);
create index day_witnesses_board on day_witnesses (board_id);
create index day_witnesses_article on day_witnesses (article_id);

-- Texts of a page that has several, each told apart by an editor's hand (loader/articles); the view
-- article_versions adds the pages of one text. What changed is said beside the version before.
create table text_versions (
    page_id integer not null references pages (id),
    version integer not null,
    article_id integer not null references articles (id),
    headline text,
    published_at text,
    updated_at text,
    first_seen_at text,
    last_seen_at text,
    headline_changed integer not null,
    body_changed integer not null,
    dates_changed integer not null,
    words_added integer not null,
    words_removed integer not null,
    is_silent integer,
    primary key (page_id, version)
) strict, without rowid;
create index text_versions_article on text_versions (article_id);

-- Other texts of these versions, which differ from theirs by what extraction alone changes.
create table version_forms (
    page_id integer not null references pages (id),
    version integer not null,
    article_id integer not null references articles (id),
    primary key (page_id, version, article_id)
) strict, without rowid;
create index version_forms_article on version_forms (article_id);

-- Up to which snapshot days and versions have been worked out.
create table dating_state (
    id integer primary key check (id = 1),
    last_snapshot_id integer not null
) strict;

-- Bookkeeping of this file, not content: what a second run need not read again. With row ids, since
-- rows in a key's own tree go to pages of their own when they are longer than a fifth of one.
create table read_sources (
    location text not null primary key,
    size integer,
    modified_at text,
    etag text,
    digest text,
    options text not null,
    parser_version integer not null
) strict;

-- What `loader share` left out of a copy, and when; empty in an archive that was loaded here.
create table provenance (
    id integer primary key,
    made_at text not null,
    loader_version text not null,
    left_out text not null,
    left_out_kinds text not null,
    snapshot_count integer not null,
    board_count integer not null,
    quote_count integer not null,
    article_count integer not null
) strict;

-- A second copy of what no digest covers and no raw capture can give back, so that `verify`
-- sees when one of the two is damaged. No query reads these indexes.
create index snapshots_reported_checksum on snapshots (reported_url, captured_basis);
create index sources_kind_checksum on sources (kind);
create index raw_captures_charset_checksum on raw_captures (charset) where charset is not null;
create index closes_checksum on closes (date, symbol, close_hundredths, source);
create index session_overrides_checksum on session_overrides (is_open, date, source);

-- The quotes around articles are those by which sqlite-utils and Datasette find the index.
create virtual table articles_fts using fts5 (
    headline, body, summary, dateline, byline,
    content="articles", content_rowid="id", tokenize='porter unicode61'
);
-- The index takes in a whole batch before it writes (16 MB of memory). It merges its pieces from 16
-- of a size on, each batch doing a part of that as large as what it adds itself: no more work than
-- merging 64 at once, which wrote the whole index in one transaction.
insert into articles_fts (articles_fts, rank) values ('hashsize', 16777216);
insert into articles_fts (articles_fts, rank) values ('automerge', 16);
insert into articles_fts (articles_fts, rank) values ('crisismerge', 64);
-- Words of a headline weigh most; every tool that orders by rank orders so.
insert into articles_fts (articles_fts, rank) values ('rank', 'bm25(8.0, 1.0, 2.0, 2.0, 1.0)');

create trigger articles_fts_insert after insert on articles begin
    insert into articles_fts (rowid, headline, body, summary, dateline, byline)
    values (new.id, new.headline, new.body, new.summary, new.dateline, new.byline);
end;

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

create trigger article_counts_insert after insert on articles begin
    insert into article_counts (byline, agency, year, section, article_count)
    select new.byline, new.agency, substr(new.article_date, 1, 4), new.section, 0
    where not exists (
        select 1 from article_counts
        where byline is new.byline and agency is new.agency
            and year is substr(new.article_date, 1, 4) and section is new.section
    );
    update article_counts set article_count = article_count + 1
    where byline is new.byline and agency is new.agency
        and year is substr(new.article_date, 1, 4) and section is new.section;
    update credits set article_count = article_count + 1
    where place = 'byline' and printed = new.byline;
    update credits set article_count = article_count + 1
    where place = 'agency' and printed = new.agency and not exists (
        select 1 from credits as signed
        where signed.place = 'byline' and signed.printed = new.byline
            and signed.slug = credits.slug
    );
end;

create trigger article_counts_delete after delete on articles begin
    update article_counts set article_count = article_count - 1
    where byline is old.byline and agency is old.agency
        and year is substr(old.article_date, 1, 4) and section is old.section;
    delete from article_counts
    where byline is old.byline and agency is old.agency
        and year is substr(old.article_date, 1, 4) and section is old.section
        and article_count = 0;
    update credits set article_count = article_count - 1
    where place = 'byline' and printed = old.byline;
    update credits set article_count = article_count - 1
    where place = 'agency' and printed = old.agency and not exists (
        select 1 from credits as signed
        where signed.place = 'byline' and signed.printed = old.byline
            and signed.slug = credits.slug
    );
end;

create trigger article_counts_update
after update of byline, agency, section, article_date on articles
when new.byline is not old.byline or new.agency is not old.agency
    or new.section is not old.section
    or substr(new.article_date, 1, 4) is not substr(old.article_date, 1, 4)
begin
    update article_counts set article_count = article_count - 1
    where byline is old.byline and agency is old.agency
        and year is substr(old.article_date, 1, 4) and section is old.section;
    delete from article_counts
    where byline is old.byline and agency is old.agency
        and year is substr(old.article_date, 1, 4) and section is old.section
        and article_count = 0;
    update credits set article_count = article_count - 1
    where place = 'byline' and printed = old.byline;
    update credits set article_count = article_count - 1
    where place = 'agency' and printed = old.agency and not exists (
        select 1 from credits as signed
        where signed.place = 'byline' and signed.printed = old.byline
            and signed.slug = credits.slug
    );
    insert into article_counts (byline, agency, year, section, article_count)
    select new.byline, new.agency, substr(new.article_date, 1, 4), new.section, 0
    where not exists (
        select 1 from article_counts
        where byline is new.byline and agency is new.agency
            and year is substr(new.article_date, 1, 4) and section is new.section
    );
    update article_counts set article_count = article_count + 1
    where byline is new.byline and agency is new.agency
        and year is substr(new.article_date, 1, 4) and section is new.section;
    update credits set article_count = article_count + 1
    where place = 'byline' and printed = new.byline;
    update credits set article_count = article_count + 1
    where place = 'agency' and printed = new.agency and not exists (
        select 1 from credits as signed
        where signed.place = 'byline' and signed.printed = new.byline
            and signed.slug = credits.slug
    );
end;
