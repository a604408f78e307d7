-- Views for people who open only the file: plain SQLite, no function of ours.
-- A view that changed is made again when a loader next writes to the archive.

-- Every column of quotes by its decimals: tools that pass over generated columns read them here.
create view quote_history as
select
    instruments.symbol,
    trading_days.date as trading_day,
    boards.first_captured_at,
    boards.last_captured_at,
    quotes.price,
    quotes.change,
    quotes.percent,
    quotes.previous_price,
    quotes.direction,
    quotes.sign_ok,
    quotes.percent_ok,
    quotes.percent_error,
    quotes.within_daily_limit,
    quotes.position,
    quotes.board_id,
    quotes.instrument_id
from quotes
join instruments on instruments.id = quotes.instrument_id
join boards on boards.id = quotes.board_id
left join trading_days on trading_days.id = boards.trading_day_id;

-- The board seen last on the latest known day; where no board is dated, the one under the
-- latest date line, else captured last; where none has a time either, the one with the greatest
-- digest, so that the answer does not depend on the order of loading.
create view latest_board as
select
    quotes.position,
    instruments.symbol,
    instruments.name,
    instruments.kind,
    quotes.price,
    quotes.change,
    quotes.percent,
    quotes.direction,
    quotes.previous_price,
    trading_days.date as trading_day,
    boards.first_captured_at,
    quotes.percent_ok,
    quotes.board_id
from quotes
join instruments on instruments.id = quotes.instrument_id
join boards on boards.id = quotes.board_id
left join trading_days on trading_days.id = boards.trading_day_id
where quotes.board_id = coalesce(
    (
        select id from boards
        where not is_single_quote and trading_day_id is not null
        order by trading_day_id desc, first_captured_at desc, digest desc
        limit 1
    ),
    (
        select boards.id
        from boards
        left join snapshots on snapshots.board_id = boards.id
        where not boards.is_single_quote
        group by boards.id
        order by max(snapshots.masthead_date) desc, boards.last_captured_at desc,
            boards.digest desc
        limit 1
    )
)
order by quotes.position;

create view movers as
select
    cast(row_number() over (order by percent desc, symbol) as integer) as rank,
    symbol,
    name,
    price,
    change,
    percent,
    direction,
    trading_day,
    first_captured_at,
    board_id
from latest_board
where kind = 'share';

create view article_list as
select
    articles.id,
    coalesce(articles.headline, substr(articles.body, 1, 80) || '…') as title,
    cast(articles.headline is not null as integer) as has_headline,
    articles.dateline,
    articles.section,
    articles.byline,
    articles.agency,
    articles.article_kind,
    articles.article_date,
    articles.article_date_basis,
    articles.published_at,
    articles.updated_at,
    articles.word_count,
    pages.url,
    cast((select count(*) from snapshots where snapshots.article_id = articles.id) as integer)
        as capture_count,
    (select min(captured_at) from snapshots where snapshots.article_id = articles.id)
        as first_captured_at
from articles
left join pages on pages.id = articles.page_id;

-- The rows of tables in texts, each a JSON array: `cells ->> '$[1]'` is the second cell. Casts let
-- addresses filter by numbers, which come as text.
create view article_table_rows as
select
    article_tables.article_id,
    articles.headline,
    articles.article_date,
    article_tables.number,
    article_tables.position,
    cast(json_each.key + 1 as integer) as row_number,
    cast(json_each.key < article_tables.header_count as integer) as is_header,
    json_each.value as cells
from article_tables
join articles on articles.id = article_tables.article_id
join json_each(article_tables.cells);

-- What an article is, by the first of these that tells, and which that was; none where nothing does.
create view article_kinds as
select
    article_id,
    substr(told, 1, instr(told, '|') - 1) as kind,
    substr(told, instr(told, '|') + 1) as basis
from (
    select id as article_id, coalesce(
        case when article_kind in ('text', 'speech', 'statement') then 'transcript'
            else article_kind end || '|says so in the dateline''s place',
        case lower(section)
            when 'editorials' then 'editorial' when 'editorial' then 'editorial'
            when 'letters' then 'letter' when 'letters to the editor' then 'letter'
            when 'opinion' then 'opinion' when 'perspectives' then 'opinion'
            when 'br research' then 'research'
        end || '|section',
        case lower(byline) when 'press release' then 'press release'
            when 'pr' then 'press release' when 'br research' then 'research' end || '|byline',
        case when agency = 'PR' then 'press release|mark at the end' end,
        case when headline like 'text of %' or headline like 'full text%'
            or headline like 'transcript%' then 'transcript|headline' end,
        case when (select 2 * sum(paragraph_count) from article_tables where article_id = id)
            >= 1 + (length(body) - length(replace(body, char(10, 10), ''))) / 2
            then 'table|tables in the text' end,
        case when exists (
            select 1 from stated_values join instruments using (symbol)
            where article_id = articles.id and measure = 'close' and kind = 'index'
        ) then 'market report|closes of indices in the text' end,
        case when (headline like '% profit%' or headline like '% net loss%'
            or headline like '% earnings%' or headline like '% eps%' or headline like '% results%')
            and exists (
                select 1 from mention_spans join instruments on instruments.id = instrument_id
                where article_id = articles.id and part = 0 and kind = 'share'
            )
            then 'company result|headline' end
    ) as told
    from articles
)
where told is not null;

-- Whom articles name as their authors, desks and agencies; a name in the byline and in the mark at the
-- end of one article counts once.
create view article_credits as
select
    articles.id as article_id,
    credits.kind,
    credits.slug,
    credits.name,
    articles.headline,
    articles.article_date,
    articles.section,
    credits.place,
    credits.printed
from credits
cross join articles on articles.byline = credits.printed
where credits.place = 'byline'
union all
select
    articles.id,
    credits.kind,
    credits.slug,
    credits.name,
    articles.headline,
    articles.article_date,
    articles.section,
    credits.place,
    credits.printed
from credits
cross join articles on articles.agency = credits.printed
where credits.place = 'agency' and not exists (
    select 1 from credits as signed
    where signed.place = 'byline' and signed.printed = articles.byline
        and signed.slug = credits.slug
);

-- Each author, desk and agency once, under the spelling that most articles have.
create view credited_names as
select
    kind,
    slug,
    name,
    article_count,
    cast(json_array_length(spellings) as integer) as spelling_count,
    spellings
from (
    select
        kind,
        slug,
        name, -- of the row with the maximum
        max(article_count * 2 + (name <> upper(name))),
        cast(sum(article_count) as integer) as article_count,
        json_group_array(distinct name) as spellings
    from credits
    where article_count > 0
    group by slug, kind
);

create view authors as
select slug, name, kind, article_count, spelling_count, spellings
from credited_names
where kind <> 'agency';

create view agencies as
select slug, name, article_count, spelling_count, spellings
from credited_names
where kind = 'agency';

-- Tags whose spellings differ in case, blanks and marks alone are one topic, under the spelling that
-- most articles have.
create view tag_topics as
select
    id as tag_id,
    name,
    first_value(name) over (partition by spelling order by article_count desc, name) as topic,
    article_count
from (
    select
        tags.*,
        coalesce(nullif(lower(
            replace(replace(replace(replace(replace(replace(replace(
            replace(replace(replace(replace(replace(replace(
                replace(name, '&', 'and')
            , ' ', ''), char(160), ''), '-', ''), '–', ''), '.', ''), ',', '')
            , '_', ''), '#', ''), '''', ''), '‘', ''), '’', ''), char(8206), ''), char(8207), '')
        ), ''), name) as spelling,
        cast((select count(*) from article_tags where tag_id = tags.id) as integer)
            as article_count
    from tags
);

-- Texts that also ran elsewhere: copies, and later wraps that keep most of one (near), each pair
-- both ways round. Texts of one page are its versions, and none of these. First was the one of the
-- earlier day or time; where dates do not tell, the one captured earlier; else nobody knows.
create view article_links as
select
    article_likenesses.article_id,
    article_likenesses.other_article_id,
    article_likenesses.kind,
    cast(article_likenesses.common_per_mille / 1000.0 as real) as common_share,
    cast(case
        when substr(articles.article_date, 1, 10) < substr(others.article_date, 1, 10)
            then articles.id
        when substr(articles.article_date, 1, 10) > substr(others.article_date, 1, 10)
            then others.id
        when min(length(articles.article_date), length(others.article_date)) > 10
            and articles.article_date < others.article_date then articles.id
        when min(length(articles.article_date), length(others.article_date)) > 10
            and articles.article_date > others.article_date then others.id
        when (select min(captured_at) from snapshots where article_id = articles.id)
            < (select min(captured_at) from snapshots where article_id = others.id) then articles.id
        when (select min(captured_at) from snapshots where article_id = articles.id)
            > (select min(captured_at) from snapshots where article_id = others.id) then others.id
    end as integer) as first_article_id,
    articles.headline,
    others.headline as other_headline,
    articles.article_date,
    others.article_date as other_article_date,
    pages.url,
    other_pages.url as other_url
from article_likenesses -- few, so first: a planner without counts begins with all articles
cross join articles on articles.id = article_likenesses.article_id
cross join articles as others on others.id = article_likenesses.other_article_id
left join pages on pages.id = articles.page_id
left join pages as other_pages on other_pages.id = others.page_id
where articles.page_id is null or articles.page_id is not others.page_id;

-- Each address under which a text was captured: one text on several pages is one article.
create view article_addresses as
select
    snapshots.article_id,
    pages.url,
    pages.news_id,
    cast(pages.id is articles.page_id as integer) as is_main,
    min(snapshots.captured_at) as first_captured_at,
    cast(count(*) as integer) as capture_count,
    snapshots.page_id
from snapshots
join articles on articles.id = snapshots.article_id
join pages on pages.id = snapshots.page_id
group by snapshots.article_id, snapshots.page_id;

-- Of each trading day and symbol the quote of the board that shows the day latest, and what
-- the next trading day's board says that price was. No price here is an official close.
-- A page prints an index in whole points and its change in tenths, so that an index agrees
-- within half a point and half a tenth (the slacks of loader/page/checks.py); a share is exact.
create view daily_prices as
select
    instruments.symbol,
    trading_days.date,
    quotes.price as last_price,
    boards.first_captured_at as last_seen_at,
    quotes.change,
    quotes.percent,
    quotes.previous_price,
    quotes.percent_ok,
    next_quotes.previous_price as price_told_next_day,
    cast(
        abs(quotes.price_hundredths - next_quotes.price_hundredths + next_quotes.change_hundredths)
        <= case instruments.kind when 'index' then 50 + 5 else 0 end as integer
    ) as next_day_agrees,
    trading_days.board_count,
    trading_days.previous_date,
    trading_days.sessions_since_previous,
    boards.id as board_id,
    instruments.id as instrument_id
from trading_days
join boards on boards.id = trading_days.last_board_id
join quotes on quotes.board_id = boards.id
join instruments on instruments.id = quotes.instrument_id
left join trading_days as next_days
    on next_days.date = trading_days.next_date and next_days.sessions_since_previous = 1
left join quotes as next_quotes
    on next_quotes.board_id = next_days.last_board_id
    and next_quotes.instrument_id = quotes.instrument_id;

-- Shares whose base moved by more than 1 % overnight while that of most others is the last price
-- seen: an ex-date (dividend, bonus, split, rights) is suspected. The index of the day before was
-- seen at its end, so that no later price of the share is missing.
create view corporate_actions as
select
    shares.symbol,
    instruments.name,
    trading_days.next_date as ex_date,
    shares.date as last_date,
    shares.last_price,
    shares.price_told_next_day as base,
    round(shares.price_told_next_day - shares.last_price, 2) as base_change,
    round((shares.price_told_next_day / shares.last_price - 1) * 100, 2) as base_change_percent,
    shares.board_id as last_board_id,
    next_days.last_board_id as ex_board_id,
    shares.instrument_id
from daily_prices as shares
join instruments on instruments.id = shares.instrument_id and instruments.kind = 'share'
join trading_days on trading_days.date = shares.date
join trading_days as next_days on next_days.date = trading_days.next_date
join boards as ex_boards
    on ex_boards.id = next_days.last_board_id and ex_boards.has_stale_shares = 0
join daily_prices as market
    on market.date = shares.date and market.symbol = 'KSE100' and market.next_day_agrees
where abs(shares.price_told_next_day - shares.last_price) > 0.01 * shares.last_price
order by ex_date, shares.symbol;

-- One row for each symbol and session with a price, ready for statistics: of a board of that day,
-- or where no board of it shows the symbol, the base from which the next session counts. A symbol
-- that was renamed goes on under its new name. The price is what the next session told, except
-- where a corporate action is suspected; an index keeps its last level where both agree.
-- The natural logarithm is the series of 2 artanh((p - q) / (p + q)), since SQLite may be built
-- without ln(): right to nine digits for prices that at most doubled or halved, else empty.
create view daily_returns as
with recursive names (instrument_id, last_id) as (
    select id, id from instruments
    union
    select names.instrument_id, instrument_events.new_instrument_id
    from names
    join instrument_events
        on instrument_events.instrument_id = names.last_id and instrument_events.event = 'rename'
),
joined as (
    select symbols.id, symbols.symbol, symbols.kind, names.last_id
    from names
    join instruments as symbols on symbols.id = names.instrument_id
    where not exists (
        select 1 from instrument_events
        where instrument_events.instrument_id = names.last_id
            and instrument_events.event = 'rename'
    )
),
days as (
    select
        id, date, last_board_id, index_board_id, next_date,
        (select max(sessions.date) from sessions where sessions.date < trading_days.date)
            as session_before
    from trading_days
),
-- Not materialized, so that a question for one symbol reads its quotes alone.
seen as not materialized (
    select
        instruments.symbol,
        symbols.symbol as printed_symbol,
        instruments.sector,
        days.date,
        days.session_before,
        quotes.price as last_price,
        quotes.previous_price as base,
        next_quotes.previous_price as told,
        abs(quotes.price_hundredths - next_quotes.price_hundredths + next_quotes.change_hundredths)
            as told_apart,
        symbols.kind,
        boards.state = 'frozen' as is_stale,
        not (quotes.percent_ok and quotes.sign_ok and coalesce(quotes.within_daily_limit, 1))
            as failed_check,
        boards.id as board_id,
        symbols.id as instrument_id,
        symbols.last_id
    from days
    join boards on boards.id = coalesce(days.last_board_id, days.index_board_id)
    join quotes on quotes.board_id = boards.id
    join joined as symbols
        on symbols.id = quotes.instrument_id
        and (days.last_board_id is not null or symbols.kind = 'index')
    join instruments on instruments.id = symbols.last_id
    left join days as next_days
        on next_days.date = days.next_date and next_days.session_before = days.date
    left join quotes as next_quotes
        on next_quotes.board_id = case symbols.kind
            when 'index' then coalesce(next_days.last_board_id, next_days.index_board_id)
            else next_days.last_board_id
        end
        and next_quotes.instrument_id = quotes.instrument_id
),
compared as (
    select
        seen.*,
        -- Looked up where the prices differ at all: an action is a difference.
        told_apart > 0 and exists (
            select 1 from corporate_actions
            where corporate_actions.instrument_id = seen.instrument_id
                and corporate_actions.last_date = seen.date
        ) as has_action
    from seen
),
-- Cast: SQLite 3.40 takes figures without decimals out of a union as integers, and divides so.
prices as (
    select
        symbol, printed_symbol, sector, date, session_before, cast(base as real) as base, board_id,
        failed_check, is_stale,
        cast(case
            when told is null or has_action then last_price
            when kind = 'index' and told_apart <= 50 + 5 then last_price
            else told
        end as real) as price,
        case
            when told is null then 'last seen'
            when has_action then 'last seen, base of the next session differs'
            when told_apart <= case kind when 'index' then 50 + 5 else 0 end
                then 'last seen, as the next session tells'
            else 'next session'
        end as price_basis,
        told is not null as is_settled,
        0 as is_filled
    from compared
    union all
    select
        seen.symbol, seen.printed_symbol, seen.sector, seen.session_before, null, null,
        seen.board_id, 0,
        before.id is not null,
        cast(seen.base as real), 'base of the next session, no board', 1, 1
    from seen
    left join trading_days as before on before.date = seen.session_before
    where seen.session_before is not null and not exists (
        select 1
        from joined as own
        join quotes
            on quotes.board_id = case own.kind
                when 'index' then coalesce(before.last_board_id, before.index_board_id)
                else before.last_board_id
            end
            and quotes.instrument_id = own.id
        where own.last_id = seen.last_id
    )
),
ordered as (
    select
        prices.*,
        lag(date) over by_symbol as known_date,
        lag(price) over by_symbol as known_price
    from prices
    window by_symbol as (partition by symbol order by date)
),
paired as (
    select
        ordered.*,
        case when is_filled then known_date else session_before end as from_date,
        case when is_filled then known_price else base end as from_price
    from ordered
)
select
    symbol,
    printed_symbol,
    sector,
    date,
    price,
    price_basis,
    cast(is_settled as integer) as is_settled,
    cast(is_filled as integer) as is_filled,
    from_date as previous_date,
    cast(from_price as real) as previous_price,
    cast(price / from_price - 1 as real) as simple_return,
    cast(case when price between from_price / 2 and from_price * 2 then
        2 * z * (1 + z * z * (1.0 / 3 + z * z * (1.0 / 5 + z * z * (1.0 / 7 + z * z * (1.0 / 9
            + z * z * (1.0 / 11 + z * z * (1.0 / 13 + z * z * (1.0 / 15))))))))
    end as real) as log_return,
    cast(
        (
            select count(*) from sessions
            where sessions.date > from_date and sessions.date < paired.date
        ) as integer
    ) as sessions_skipped,
    cast(
        exists (
            select 1 from sessions
            where sessions.date > from_date and sessions.date < paired.date
        ) as integer
    ) as has_gap,
    cast(coalesce(not is_filled and known_date = session_before
        and abs(base - known_price) > 0.01 * known_price, 0) as integer) as base_differs,
    cast(is_stale as integer) as is_stale,
    cast(failed_check as integer) as failed_check,
    board_id
from (select paired.*, (price - from_price) / (price + from_price) as z from paired) as paired;

-- For each article the session that could first react to it: its own day until the close, else the
-- next one. `timing` says why; where the clock time is not known, a morning paper counts as out before
-- the opening, and any other text for its own day. Empty where hours or calendar are not known.
-- Hours of closing in Karachi: facts/closing_hours.csv, held together by a test.
create view article_sessions as
with closing_hours (date_from, date_to, closes_at, closes_at_on_friday) as (
    values
        ('2019-05-07', '2019-06-04', null, null),
        ('2020-03-16', '2020-07-12', null, null),
        ('2021-04-14', '2021-04-29', '14:00', '13:00'),
        ('2021-04-30', '2021-05-16', null, null),
        ('2022-04-03', '2022-04-17', null, null),
        ('2022-04-18', '2022-05-02', '13:30', '12:30'),
        ('2023-03-23', '2023-04-21', '13:30', '12:30'),
        ('2024-03-12', '2024-04-09', '13:30', '12:30'),
        ('2025-03-02', '2025-03-31', null, null)
),
dated as (
    select
        articles.id as article_id,
        articles.article_date_basis,
        substr(articles.article_date, 1, 10) as day,
        case when length(articles.article_date) > 10 then substr(articles.article_date, 12, 5) end
            as clock,
        sessions.date is not null as is_session,
        case
            when closing_hours.date_from is null then
                case strftime('%w', sessions.date) when '5' then '16:30' else '15:30' end
            else case strftime('%w', sessions.date)
                when '5' then closes_at_on_friday else closes_at end
        end as closes_at
    from articles
    left join sessions on sessions.date = substr(articles.article_date, 1, 10)
    left join closing_hours on sessions.date between date_from and date_to
    where articles.article_date is not null
),
timed as (
    select
        dated.*,
        case
            when not is_session then 'no session that day'
            when clock is null then
                case article_date_basis when 'print' then 'morning paper' else 'time not known' end
            when clock < coalesce(closes_at, '12:30') then 'before the close'
            when clock >= coalesce(closes_at, '16:30') then 'after the close'
            else 'hours not known'
        end as timing
    from dated
)
select
    article_id,
    timing,
    case timing
        when 'hours not known' then null
        when 'after the close' then (select min(date) from sessions where date > day)
        when 'no session that day' then (
            select min(date) from sessions
            where date > day and day >= (select min(date) from sessions)
        )
        else day
    end as session
from timed;

-- What the instruments that an article names did: the session before the one that could first react
-- (offset -1), that one (0) and the five after, one row for each whether or not a board shows it.
-- Prices are those of the session's own board: what the next session counts from, or the last one seen
-- where that base is another for an index or after a corporate action, as in daily_returns. Returns
-- are over the base on the board, 0.01 is one per cent.
create view article_reactions as
with steps (session_offset) as (values (-1), (0), (1), (2), (3), (4), (5)),
named as (
    select
        article_sessions.article_id,
        article_sessions.timing,
        article_sessions.session as first_session,
        mentions.instrument_id,
        steps.session_offset,
        case
            when steps.session_offset < 0
                then (select max(date) from sessions where date < article_sessions.session)
            else (
                select date from (
                    select date, row_number() over (order by date) as place
                    from sessions
                    where date between article_sessions.session
                        and date(article_sessions.session, '+30 days')
                )
                where place = steps.session_offset + 1
            )
        end as session
    from mentions
    join article_sessions on article_sessions.article_id = mentions.article_id
    cross join steps
    where article_sessions.session is not null
),
boarded as (
    select
        named.*,
        instruments.symbol,
        instruments.kind,
        case instruments.kind when 'index'
            then coalesce(days.last_board_id, days.index_board_id) else days.last_board_id
        end as board_id,
        case instruments.kind when 'index'
            then coalesce(next_days.last_board_id, next_days.index_board_id)
            else next_days.last_board_id
        end as next_board_id,
        coalesce(days.last_board_id, days.index_board_id) as index_board_id,
        coalesce(next_days.last_board_id, next_days.index_board_id) as next_index_board_id
    from named
    join instruments on instruments.id = named.instrument_id
    left join trading_days as days on days.date = named.session
    left join trading_days as next_days
        on next_days.date = (select min(date) from sessions where date > named.session)
),
seen as (
    select
        boarded.*,
        own.price_hundredths as last_seen,
        own.price_hundredths - own.change_hundredths as base,
        later.price_hundredths - later.change_hundredths as told,
        kse100.price_hundredths as index_seen,
        kse100.price_hundredths - kse100.change_hundredths as index_base,
        later_kse100.price_hundredths - later_kse100.change_hundredths as index_told
    from boarded
    join instruments as indices on indices.symbol = 'KSE100'
    left join quotes as own
        on own.board_id = boarded.board_id and own.instrument_id = boarded.instrument_id
    left join quotes as later
        on later.board_id = boarded.next_board_id and later.instrument_id = boarded.instrument_id
    left join quotes as kse100
        on kse100.board_id = boarded.index_board_id and kse100.instrument_id = indices.id
    left join quotes as later_kse100
        on later_kse100.board_id = boarded.next_index_board_id
        and later_kse100.instrument_id = indices.id
),
settled as (
    select
        seen.*,
        case
            when last_seen is null or told is null then last_seen
            when kind = 'index' and abs(last_seen - told) <= 50 + 5 then last_seen
            when kind = 'share' and abs(told - last_seen) * 100 > last_seen
                and abs(index_seen - index_told) <= 50 + 5 then last_seen
            else told
        end as price,
        case when index_told is null or abs(index_seen - index_told) <= 50 + 5
            then index_seen else index_told end as index_price
    from seen
)
select
    article_id,
    symbol,
    cast(session_offset as integer) as session_offset,
    session,
    cast(price / 100.0 as real) as last_price,
    cast(price * 1.0 / base - 1 as real) as session_return,
    cast(index_price * 1.0 / index_base - 1 as real) as kse100_return,
    cast(price * 1.0 / base - index_price * 1.0 / index_base as real) as excess_return,
    case
        when price is null then null
        when told is null then 'last seen'
        when abs(last_seen - told) <= case kind when 'index' then 50 + 5 else 0 end
            then 'last seen, as the next session tells'
        when price = last_seen then 'last seen, base of the next session differs'
        else 'next session'
    end as basis,
    timing,
    first_session,
    cast(board_id as integer) as board_id,
    instrument_id
from settled;

-- The indices of each trading day, from the board that shows them latest; what was counted
-- of the shares, from the latest board whose shares are of that day too.
create view market_days as
select
    trading_days.date,
    cast(max(case when instruments.symbol = 'KSE100' then quotes.price end) as real) as kse100,
    cast(max(case when instruments.symbol = 'KSE100' then quotes.percent end) as real) as kse100_percent,
    cast(max(case when instruments.symbol = 'KSE30' then quotes.price end) as real) as kse30,
    cast(max(case when instruments.symbol = 'BR100' then quotes.price end) as real) as br100,
    cast(max(case when instruments.symbol = 'BR30' then quotes.price end) as real) as br30,
    share_boards.advancer_count,
    share_boards.decliner_count,
    share_boards.unchanged_count,
    trading_days.board_count,
    boards.first_captured_at as last_seen_at,
    trading_days.basis,
    trading_days.first_captured_at,
    trading_days.last_captured_at,
    trading_days.previous_date,
    trading_days.sessions_since_previous,
    boards.id as board_id
from trading_days
join boards on boards.id = coalesce(trading_days.last_board_id, trading_days.index_board_id)
left join boards as share_boards on share_boards.id = trading_days.last_board_id
left join quotes on quotes.board_id = boards.id
left join instruments on instruments.id = quotes.instrument_id and instruments.kind = 'index'
group by trading_days.id;

-- Boards without a trading day: why, and which days come nearest (with their decibans).
create view undated_boards as
select
    boards.id as board_id,
    case
        when boards.is_single_quote then 'one share line, no index'
        when board_indices.board_id is null then 'no KSE100 line to tell the day by'
        when boards.index_day_id is not null and boards.state = 'pre-open'
            then 'before the opening: ' || boards.state_detail
        when boards.index_day_id is not null
            then boards.state || ': ' || boards.state_detail
        else board_groups.reason
    end as reason,
    board_groups.candidates,
    index_days.date as index_day,
    (
        select group_concat(
            kind || ' ' || date_from || case
                when date_to is null then ' or later'
                when date_to > date_from then ' to ' || date_to
                else ''
            end,
            '; '
        )
        from (
            select kind, date_from, date_to from day_witnesses
            where day_witnesses.group_id = board_groups.id
            order by kind, date_from, date_to
        )
    ) as witnesses,
    cast(board_indices.kse100_hundredths / 100.0 as real) as kse100,
    boards.quote_count,
    boards.first_captured_at,
    boards.last_captured_at,
    boards.is_pre_open,
    boards.is_single_quote,
    boards.has_stale_shares,
    boards.state,
    boards.state_detail,
    board_indices.group_id
from boards
left join board_indices on board_indices.board_id = boards.id
left join board_groups on board_groups.id = board_indices.group_id
left join trading_days as index_days on index_days.id = boards.index_day_id
where boards.trading_day_id is null;

-- Articles beside the market of their day, where the archive knows both: never the board that
-- happened to stand above the text.
create view articles_with_market as
select
    articles.id as article_id,
    articles.headline,
    articles.article_date,
    articles.article_date_basis,
    articles.published_at,
    market_days.date as trading_day,
    market_days.kse100,
    market_days.kse100_percent,
    market_days.advancer_count,
    market_days.decliner_count,
    market_days.board_id
from articles
left join market_days on market_days.date = substr(articles.article_date, 1, 10);

-- What listing pages said of a story beside what its own captures say. Of several listings
-- the one captured first; where the article has no headline or time, the listing's stand in.
create view listed_articles as
select
    pages.news_id,
    pages.url,
    coalesce(articles.headline, listed.headline) as headline,
    coalesce(articles.published_at, listed.listed_at) as published_at,
    articles.headline as article_headline,
    listed.headline as listed_headline,
    articles.published_at as article_published_at,
    listed.listed_at,
    listed.summary as listed_summary,
    articles.id as article_id,
    listed.snapshot_id as listing_snapshot_id
from (
    select
        listings.*,
        row_number() over (
            partition by listings.page_id
            order by snapshots.captured_at is null, snapshots.captured_at, snapshots.digest,
                listings.position
        ) as place
    from listings
    join snapshots on snapshots.id = listings.snapshot_id
    where listings.page_id is not null
) as listed
join pages on pages.id = listed.page_id
left join articles on articles.page_id = listed.page_id
where listed.place = 1;

create view load_report as
select
    loads.id,
    loads.started_at,
    loads.finished_at,
    loads.loader_version,
    loads.parser_version,
    loads.capture_count,
    loads.snapshot_count,
    loads.duplicate_count,
    loads.problem_count,
    cast(loads.finished_at is null as integer) as was_interrupted
from loads
order by loads.id desc;

create view quality as
select 'boards' as measure, count(*) as value from boards
union all
select 'boards with a trading day', count(*) from boards where trading_day_id is not null
union all
select 'boards whose indices alone have a trading day', count(*) from boards
where trading_day_id is null and index_day_id is not null
union all
select 'quotes', coalesce(sum(quote_count), 0) from boards
union all
select 'quotes whose percentage does not follow', count(*) from quotes where not percent_ok
union all
select 'quotes whose word and sign disagree', count(*) from quotes where not sign_ok
union all
select 'quotes that moved more than a day allows', count(*) from quotes where within_daily_limit = 0
union all
select 'articles', count(*) from articles
union all
select 'articles with a headline', count(headline) from articles
union all
select 'articles with a publication date', count(published_at) from articles
union all
select 'articles with a date', count(article_date) from articles
union all
select 'pairs of copies and wraps', count(*) / 2 from article_links
union all
select 'passages too common to find copies by', count(*) from crowded_sketches
union all
select 'snapshots', count(*) from snapshots
union all
select 'snapshots with a capture time', count(captured_at) from snapshots
union all
select 'problems', count(*) from problems;

-- What articles state of a day beside the board that shows that day latest, each with its
-- sentence. A close counts as known from the next session's bases too, which are the better
-- witness; moves only from a board of after the session. `agrees` is 1 or 0; volumes stand on no
-- board. Indices are printed in whole points.
create view stated_values_on_boards as
select
    compared.article_id,
    compared.headline,
    compared.symbol,
    compared.measure,
    compared.day,
    compared.value,
    compared.board_value,
    cast(abs(compared.value - compared.board_value) <= compared.tolerance as integer) as agrees,
    compared.sentence,
    cast(compared.board_id as integer) as board_id
from (
    select
        stated_values.article_id,
        articles.headline,
        stated_values.symbol,
        stated_values.measure,
        stated_values.day,
        stated_values.value,
        case stated_values.measure
            when 'close' then coalesce(next_quotes.previous_price, quotes.price)
            when 'change' then quotes.change
            when 'percent' then quotes.percent
        end as board_value,
        case
            when stated_values.measure = 'percent' then 0.0501
            when instruments.kind = 'index' then 1.0001
            else 0.0001
        end as tolerance,
        substr(articles.body, stated_values.sentence_start + 1,
            stated_values.sentence_end - stated_values.sentence_start) as sentence,
        case
            when stated_values.measure = 'close' and next_quotes.board_id is not null
            then next_quotes.board_id
            else quotes.board_id
        end as board_id
    from stated_values
    join articles on articles.id = stated_values.article_id
    join instruments on instruments.symbol = stated_values.symbol
    join trading_days on trading_days.date = stated_values.day
    left join boards on boards.id = case
        when instruments.kind = 'index'
        then coalesce(trading_days.last_board_id, trading_days.index_board_id)
        else trading_days.last_board_id
    end and boards.last_captured_at >= trading_days.date || 'T11:30'
    left join quotes on quotes.board_id = boards.id and quotes.instrument_id = instruments.id
    left join trading_days as next_days
        on next_days.date = trading_days.next_date and next_days.sessions_since_previous = 1
    left join quotes as next_quotes
        on next_quotes.board_id = next_days.last_board_id
        and next_quotes.instrument_id = instruments.id
    where stated_values.measure <> 'volume'
) as compared
where compared.board_value is not null;

-- Every place at which an article names an instrument, with the words that stand there.
create view named_places as
select
    mention_spans.article_id,
    instruments.symbol,
    case mention_spans.part when 0 then 'headline' when 1 then 'summary' else 'body' end as part,
    mention_spans.span_start,
    mention_spans.span_end,
    substr(
        case mention_spans.part
            when 0 then articles.headline when 1 then articles.summary else articles.body
        end,
        mention_spans.span_start + 1,
        mention_spans.span_end - mention_spans.span_start
    ) as words
from mention_spans
join instruments on instruments.id = mention_spans.instrument_id
join articles on articles.id = mention_spans.article_id;

-- Every text of a page that an editor changed, from 1; of a page with one text that alone. What
-- changed is said beside the version before. Texts that differ by extraction alone (white space,
-- marks, lines that a corpus lost, a text cut off) are one version: loader/articles.
create view article_versions as
select
    text_versions.page_id,
    text_versions.version,
    text_versions.article_id,
    text_versions.headline,
    text_versions.first_seen_at,
    text_versions.last_seen_at,
    nullif(
        substr(
            iif(text_versions.headline_changed, ', headline', '')
                || iif(text_versions.body_changed, ', body', '')
                || iif(text_versions.dates_changed, ', dates', ''),
            3
        ),
        ''
    ) as changed,
    text_versions.headline_changed,
    text_versions.body_changed,
    text_versions.dates_changed,
    text_versions.words_added,
    text_versions.words_removed,
    text_versions.is_silent,
    text_versions.published_at,
    text_versions.updated_at,
    pages.news_id,
    pages.url
from text_versions
join pages on pages.id = text_versions.page_id
union all
select
    pages.id,
    cast(1 as integer),
    articles.id,
    articles.headline,
    min(snapshots.captured_at),
    max(snapshots.captured_at),
    null,
    cast(0 as integer),
    cast(0 as integer),
    cast(0 as integer),
    cast(0 as integer),
    cast(0 as integer),
    null,
    articles.published_at,
    articles.updated_at,
    pages.news_id,
    pages.url
from pages
join snapshots on snapshots.page_id = pages.id
join articles on articles.id = snapshots.article_id
where not exists (select 1 from text_versions where text_versions.page_id = pages.id)
group by pages.id, pages.news_id, pages.url;

-- For each text that differs from a version by extraction alone the text that tells it: a search
-- shows one of them.
create view version_tellers as
select
    version_forms.article_id,
    text_versions.article_id as told_by_article_id,
    version_forms.page_id,
    version_forms.version
from version_forms
join text_versions using (page_id, version);

-- Pages that an editor changed, with how much of their words.
create view changed_pages as
select
    pages.id as page_id,
    pages.news_id,
    pages.url,
    newest.headline,
    changes.version_count,
    changes.words_added,
    changes.words_removed,
    changes.headline_changes,
    changes.silent_changes,
    changes.first_seen_at,
    changes.last_seen_at,
    newest.article_id
from (
    select
        page_id,
        cast(count(*) as integer) as version_count,
        cast(sum(words_added) as integer) as words_added,
        cast(sum(words_removed) as integer) as words_removed,
        cast(sum(headline_changed) as integer) as headline_changes,
        cast(sum(coalesce(is_silent, 0)) as integer) as silent_changes,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from text_versions
    group by page_id
    having count(*) > 1
) as changes
-- Crossed, so that the first rows come before all pages are summed up.
cross join text_versions as newest
    on newest.page_id = changes.page_id and newest.version = changes.version_count
cross join pages on pages.id = changes.page_id;

-- Versions whose words changed while the page went on saying the same time of update.
create view silent_changes as
select
    pages.id as page_id,
    pages.news_id,
    pages.url,
    text_versions.version,
    text_versions.headline,
    before.headline as headline_before,
    text_versions.words_added,
    text_versions.words_removed,
    text_versions.first_seen_at,
    before.last_seen_at as before_seen_until,
    text_versions.updated_at,
    text_versions.article_id,
    before.article_id as article_id_before
from text_versions
join text_versions as before
    on before.page_id = text_versions.page_id and before.version = text_versions.version - 1
join pages on pages.id = text_versions.page_id
where text_versions.is_silent = 1;

-- Who leads to a page: articles by a teaser or within a sentence, listing pages by a line. A teaser without an address
-- leads to the one page whose text has that headline.
create view cited_by as
select
    teasers.page_id,
    pages.news_id,
    pages.url,
    'teaser' as kind,
    'number' as resolved_by,
    teasers.headline,
    teasers.article_id,
    citing.headline as citing_headline,
    citing.article_date as cited_at,
    cast(null as integer) as snapshot_id
from teasers
join pages on pages.id = teasers.page_id
join articles as citing on citing.id = teasers.article_id
union all
select
    pages.id,
    pages.news_id,
    pages.url,
    'teaser',
    'headline',
    teasers.headline,
    teasers.article_id,
    citing.headline,
    citing.article_date,
    cast(null as integer)
from pages
join articles as cited on cited.page_id = pages.id
cross join teasers on teasers.headline = cited.headline and teasers.page_id is null
join articles as citing on citing.id = teasers.article_id
where cited.headline is not null and not exists (
    select 1 from articles as other
    where other.headline = cited.headline
        and (other.page_id is not cited.page_id or other.id < cited.id)
)
union all
select
    text_links.page_id,
    pages.news_id,
    pages.url,
    'text',
    'number',
    text_links.words,
    text_links.article_id,
    citing.headline,
    citing.article_date,
    cast(null as integer)
from text_links
join pages on pages.id = text_links.page_id
join articles as citing on citing.id = text_links.article_id
union all
select
    listings.page_id,
    pages.news_id,
    pages.url,
    'listing',
    'number',
    listings.headline,
    cast(null as integer),
    null,
    coalesce(listings.listed_at, snapshots.captured_at),
    listings.snapshot_id
from listings
join pages on pages.id = listings.page_id
join snapshots on snapshots.id = listings.snapshot_id;

-- Pages that articles or listings lead to and of which no capture is in the archive. Nothing is
-- grouped, so that the first rows are read without the others.
create view wanted_pages as
select
    pages.id as page_id,
    pages.news_id,
    pages.url,
    coalesce(
        (select min(headline) from teasers where teasers.page_id = pages.id),
        (select min(headline) from listings where listings.page_id = pages.id),
        (select min(words) from text_links where text_links.page_id = pages.id)
    ) as headline,
    cast(
        (select count(*) from teasers where teasers.page_id = pages.id) as integer
    ) as teaser_count,
    cast(
        (select count(*) from text_links where text_links.page_id = pages.id) as integer
    ) as text_link_count,
    cast(
        (select count(*) from listings where listings.page_id = pages.id) as integer
    ) as listing_count,
    cast(
        (select count(*) from teasers where teasers.page_id = pages.id)
        + (select count(*) from text_links where text_links.page_id = pages.id)
        + (select count(*) from listings where listings.page_id = pages.id) as integer
    ) as link_count
from pages
where not exists (select 1 from snapshots where snapshots.page_id = pages.id)
    and (
        exists (select 1 from teasers where teasers.page_id = pages.id)
        or exists (select 1 from text_links where text_links.page_id = pages.id)
        or exists (select 1 from listings where listings.page_id = pages.id)
    );
