-- Fill the tables recreated by 009 from the old ones (old_<name>): hundredths instead of decimals,
-- clearer names of columns, a digest for each claim, a subject for each problem.

drop index if exists sources_kind;
drop index if exists raw_captures_charset;

-- The version that reparsed a load's captures was within loader_version; parsers had no number.
insert into loads
select
    id, started_at, finished_at,
    substr(loader_version, 1, instr(loader_version || ', parsed again by ', ', parsed again by ') - 1),
    0, captures, snapshots, duplicates, problems
from old_loads;

insert into trading_days
select
    id, date, basis, boards, first_captured_at, last_captured_at, last_board_id, index_board_id,
    previous_date, next_date, sessions_since_previous
from old_trading_days;

insert into boards
select
    id, digest, trading_day_id, index_day_id, first_captured_at, last_captured_at, quotes,
    advancers, decliners, unchanged, is_pre_open, is_one_line, is_stale
from old_boards;

insert into quotes (
    board_id, instrument_id, position, within_daily_limit, direction_sign, price_hundredths,
    change_hundredths, percent_hundredths, percent_error_hundredths
)
select
    board_id, instrument_id, position, limit_ok,
    case direction when 'up' then 1 when 'down' then -1 else 0 end,
    cast(round(price * 100) as integer), cast(round(change * 100) as integer),
    cast(round(percent * 100) as integer), cast(round(percent_error * 100) as integer)
from old_quotes
order by board_id, instrument_id;

-- Earlier parsers did not determine the kind of an article.
insert into articles
select
    id, digest, page_id, headline, section, byline, agency, null, dateline, published_at,
    updated_at, print_date, word_count, tags_line, caption, summary, body
from old_articles;

-- A copy shared without texts may have duplicate claims, since it lost their differences.
create temp table claim_digests as
select
    old_article_claims.id,
    claim_digest(
        articles.digest, old_article_claims.headline, old_article_claims.section,
        old_article_claims.byline, old_article_claims.agency, null,
        old_article_claims.published_at,
        old_article_claims.updated_at, old_article_claims.print_date,
        old_article_claims.tags_line, old_article_claims.caption, old_article_claims.summary
    ) as digest
from old_article_claims
join articles on articles.id = old_article_claims.article_id;
create index temp.claim_digests_digest on claim_digests (digest);

insert into article_claims
select
    old_article_claims.id, digest, article_id, headline, section, byline, agency, null,
    published_at, updated_at, print_date, tags_line, caption, summary
from old_article_claims
join temp.claim_digests using (id)
where id = (select min(id) from temp.claim_digests as equal where equal.digest = claim_digests.digest);

insert into mentions select article_id, instrument_id, count from old_mentions;

insert into snapshots
select
    id, old_snapshots.digest, page_id, board_id, article_id,
    (
        select min(equal.id)
        from temp.claim_digests
        join temp.claim_digests as equal using (digest)
        where claim_digests.id = claim_id
    ),
    captured_at, captured_basis, masthead_date, corpus_date, layout, url, source_id,
    source_offset, load_id
from old_snapshots;
drop table temp.claim_digests;

insert into covid_counters (
    snapshot_id, deaths, deaths_24h, cases, cases_24h, provinces, positivity_percent_hundredths
)
select
    snapshot_id, deaths, deaths_24h, cases, cases_24h, provinces,
    cast(round(positivity_percent * 100) as integer)
from old_covid_counters;

insert into revisits
select
    id, digest, page_id, captured_at, url, target_page_id, refers_to_at, refers_to_url,
    source_id, source_offset, load_id
from old_revisits;

-- A conflict between days named its board only in its text.
insert into problems
select id, digest, kind, detail, excerpt, source_id, source_offset, snapshot_id, article_id,
    board_id, load_id
from (
    select
        *,
        case when kind = 'day-conflict' then (
            select min(boards.id) from boards
            where boards.digest between substr(detail, instr(detail, 'of board ') + 9, 12)
                and substr(detail, instr(detail, 'of board ') + 9, 12) || 'g'
        ) end as board_id
    from old_problems
)
where coalesce(source_id, snapshot_id, article_id, board_id) is not null;

insert into session_overrides select date, is_open, source from old_session_changes;

insert into closes (symbol, date, close_hundredths, source)
select symbol, date, cast(round(close * 100) as integer), min(source)
from old_closes
group by symbol, date, cast(round(close * 100) as integer);

insert into stated_closes (
    article_id, span_start, span_end, symbol, date_from, date_to, value_hundredths
)
select
    article_id, span_start, span_end, symbol, date_from, date, cast(round(value * 100) as integer)
from old_stated_closes;

insert into board_groups
select
    id, digest, boards, kse100_low, kse100_high, kse30_low, kse30_high, br100_low, br100_high,
    br30_low, br30_high, trading_day_id, basis, reason, candidates
from old_board_groups;

insert into board_indices select * from old_board_indices;

insert into group_links select * from old_group_links;

insert into day_witnesses
select
    id, group_id, board_id, kind, date_from, date, captures, weight, detail, article_id,
    span_start, span_end, accepted
from old_day_witnesses;

-- These sources were read by a parser without a number, and are read again.
insert into read_sources
select
    location, size, modified_at, etag, digest,
    iif(instr(read_with, ' {'), substr(read_with, instr(read_with, ' {') + 1), ''), 0
from old_read_sources;

insert into provenance
select
    id, made_at, loader_version, left_out,
    trim(
        iif(instr(left_out, 'captures not from '), 'times,', '')
        || iif(instr(left_out, 'quotes of other symbols'), 'symbols,', '')
        || iif(instr(left_out, 'raw captures'), 'raw,', '')
        || iif(instr(left_out, 'texts of articles'), 'text,', '')
        || iif(instr(left_out, 'closes that'), 'closes,', ''),
        ','
    ),
    snapshots, boards, quotes, articles
from old_provenance;
