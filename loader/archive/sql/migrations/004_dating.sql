-- Which trading day a board shows, and why (docs/dating.md). All of it but what a user
-- brought (closes, session_changes) is worked out from the captures and can be made again.

-- The exchange's trading days of the years the captures need. On a day the site shows the
-- session before until opens_at, either until settled_at, then the day's own. Times of that
-- day in UTC, `04:32`.
create table sessions (
    date text primary key,
    opens_at text not null,
    settled_at text not null,
    source text not null
) strict, without rowid;

-- What `loader date --holidays` brought: days on which the calendar is wrong.
create table session_changes (
    date text primary key,
    is_open integer not null check (is_open in (0, 1)),
    source text not null
) strict, without rowid;

-- What `loader date --closes` brought, and nothing else: closing values of the user's files.
-- They are the user's: no copy of the archive carries them unless asked to.
create table closes (
    symbol text not null,
    date text not null,
    close real not null,
    source text not null,
    primary key (symbol, date, close)
) strict, without rowid;

-- Closing values that the archive's own articles state, with the place in the body. The
-- text means the day `date`, or one from `date_from` to `date` where it leaves that open.
create table stated_closes (
    article_id integer not null references articles (id),
    span_start integer not null,
    span_end integer not null,
    symbol text not null,
    value real not null,
    date_from text not null,
    date text not null,
    primary key (article_id, span_start)
) strict, without rowid;

-- Boards that count from the same index bases and so show one trading day. `digest` is the
-- smallest of its boards' digests. Bases in hundredths of a point, smallest and largest.
create table board_groups (
    id integer primary key,
    digest text not null unique,
    boards integer not null,
    kse100_low integer not null,
    kse100_high integer not null,
    kse30_low integer,
    kse30_high integer,
    br100_low integer,
    br100_high integer,
    br30_low integer,
    br30_high integer,
    trading_day_id integer references trading_days (id),
    basis text,
    reason text,
    candidates text
) strict;
create index board_groups_base on board_groups (kse100_low);
create index board_groups_day on board_groups (trading_day_id);

-- The index lines of each board that has KSE100, in hundredths of a point, sorted for
-- finding its group and its neighbours; and a number for its set of share prices and bases.
create table board_indices (
    board_id integer primary key references boards (id),
    group_id integer references board_groups (id),
    kse100 integer not null,
    kse30 integer,
    br100 integer,
    br30 integer,
    kse100_base integer not null,
    kse30_base integer,
    br100_base integer,
    br30_base integer,
    share_prices integer not null,
    share_bases integer not null
) strict;
create index board_indices_base on board_indices (kse100_base);
create index board_indices_price on board_indices (kse100);
create index board_indices_group on board_indices (group_id, kse100);

-- Facts about two groups: what boards of the first show is what the second counts from
-- (next; near when the base is provisional), or both count from nearly the same (twin).
create table group_links (
    group_id integer not null references board_groups (id),
    next_group_id integer not null references board_groups (id),
    kind text not null check (kind in ('next', 'near', 'twin')),
    indices integer not null,
    shares_equal integer not null,
    shares_common integer not null,
    primary key (group_id, next_group_id)
) strict, without rowid;
create index group_links_next on group_links (next_group_id);

-- Every piece of evidence for the day of a group: that it is one from date_from to date.
-- The weight is in decibans (10 is ten to one); that of captures is weighed as a whole.
create table day_witnesses (
    id integer primary key,
    group_id integer not null references board_groups (id),
    board_id integer references boards (id),
    kind text not null check (kind in ('close', 'stated', 'capture', 'masthead', 'neighbour')),
    date_from text not null,
    date text not null,
    captures integer,
    weight integer,
    detail text not null,
    article_id integer references articles (id),
    span_start integer,
    span_end integer,
    accepted integer not null default 0 check (accepted in (0, 1))
) strict;
create index day_witnesses_group on day_witnesses (group_id);
create index day_witnesses_board on day_witnesses (board_id);
create index day_witnesses_article on day_witnesses (article_id);
create index day_witnesses_date on day_witnesses (date);

-- Up to which snapshot the days have been worked out.
create table dating_state (
    id integer primary key check (id = 1),
    last_snapshot_id integer not null
) strict;

-- The day whose indices a board shows. trading_day_id is the same, but empty where the
-- shares are of another day: before the opening, or counted from stale bases.
alter table boards add column index_day_id integer references trading_days (id);
create index boards_index_day on boards (index_day_id);

alter table trading_days drop column candidates;
alter table trading_days add column boards integer not null default 0;
alter table trading_days add column first_captured_at text;
alter table trading_days add column last_captured_at text;
-- The board that shows the day latest, and the same for its indices alone.
alter table trading_days add column last_board_id integer references boards (id);
alter table trading_days add column index_board_id integer references boards (id);
-- The days before and after that the archive knows; 1 session since means none is missing.
alter table trading_days add column previous_date text;
alter table trading_days add column next_date text;
alter table trading_days add column sessions_since_previous integer;
create index trading_days_last_board on trading_days (last_board_id);
create index trading_days_index_board on trading_days (index_board_id);
