-- One archive into another, by natural keys. `main` grows, `source` is attached read-only.
-- A map holds for each row of the source (old) its row here (new); is_new where it is added.
-- What is worked out from captures (days, conflicts) is not copied: merge.py has it made again.

create temp table snapshot_map (
    old integer primary key, new integer not null, is_new integer not null,
    gets_raw integer not null default 0, moves integer not null default 0
);
insert into temp.snapshot_map (old, new, is_new)
select
    theirs.id,
    coalesce(ours.id, (select coalesce(max(id), 0) from main.snapshots)
        + row_number() over (partition by ours.id is null order by theirs.id)),
    ours.id is null
from source.snapshots as theirs
left join main.snapshots as ours on ours.digest = theirs.digest;
create index temp.snapshot_map_new on snapshot_map (new);

-- A source without raw captures may have come first (loader share --without raw).
update temp.snapshot_map set gets_raw = 1
where not is_new
    and exists (select 1 from source.raw_captures where snapshot_id = snapshot_map.old)
    and not exists (select 1 from main.raw_captures where snapshot_id = snapshot_map.new);

-- One capture found in two places is recorded at the smaller one (Prepared.place).
update temp.snapshot_map set moves = 1
from source.snapshots as theirs
join source.sources as their_sources on their_sources.id = theirs.source_id,
    main.snapshots as ours
join main.sources as our_sources on our_sources.id = ours.source_id
where theirs.id = snapshot_map.old and ours.id = snapshot_map.new and not is_new and
    (their_sources.location, coalesce(theirs.source_offset, -1),
        coalesce(theirs.captured_basis, ''), coalesce(theirs.url, ''))
    < (our_sources.location, coalesce(ours.source_offset, -1),
        coalesce(ours.captured_basis, ''), coalesce(ours.url, ''));

insert into main.instruments (symbol, kind, name, sector)
select symbol, kind, name, sector from source.instruments where true order by id
on conflict (symbol) do update set kind = excluded.kind
where name is null and excluded.kind > kind;

create temp table instrument_map (old integer primary key, new integer not null);
insert into temp.instrument_map
select theirs.id, ours.id
from source.instruments as theirs
join main.instruments as ours on ours.symbol = theirs.symbol;

insert into main.pages (url, news_id)
select url, news_id from source.pages as theirs
where not exists (
    select 1 from main.pages as ours
    where ours.url = theirs.url or ours.news_id = theirs.news_id
)
order by id;

create temp table page_map (old integer primary key, new integer not null);
insert into temp.page_map
select theirs.id, coalesce(by_url.id, by_number.id)
from source.pages as theirs
left join main.pages as by_url on by_url.url = theirs.url
left join main.pages as by_number on by_number.news_id = theirs.news_id;

create temp table board_map (
    old integer primary key, new integer not null, is_new integer not null
);
insert into temp.board_map
select
    theirs.id,
    coalesce(ours.id, (select coalesce(max(id), 0) from main.boards)
        + row_number() over (partition by ours.id is null order by theirs.id)),
    ours.id is null
from source.boards as theirs
left join main.boards as ours on ours.digest = theirs.digest;
create index temp.board_map_new on board_map (new);

insert into main.boards (id, digest, first_captured_at, last_captured_at, quotes, advancers,
    decliners, unchanged, is_pre_open, is_one_line)
select board_map.new, digest, first_captured_at, last_captured_at, quotes, advancers,
    decliners, unchanged, is_pre_open, is_one_line
from temp.board_map
join source.boards as theirs on theirs.id = board_map.old
where is_new;

insert into main.quotes (board_id, instrument_id, position, direction, price, change, percent,
    previous_price, sign_ok, percent_ok, percent_error)
select board_map.new, instrument_map.new, position, direction, price, change, percent,
    previous_price, sign_ok, percent_ok, percent_error
from temp.board_map
join source.quotes as theirs on theirs.board_id = board_map.old
join temp.instrument_map on instrument_map.old = theirs.instrument_id
where is_new;

update main.boards set
    first_captured_at = min(
        coalesce(boards.first_captured_at, theirs.first_captured_at), theirs.first_captured_at
    ),
    last_captured_at = max(
        coalesce(boards.last_captured_at, theirs.last_captured_at), theirs.last_captured_at
    )
from temp.board_map
join source.boards as theirs on theirs.id = board_map.old
where boards.id = board_map.new and not is_new and theirs.first_captured_at is not null and (
    boards.first_captured_at is null
    or theirs.first_captured_at < boards.first_captured_at
    or theirs.last_captured_at > boards.last_captured_at
);

create temp table article_map (
    old integer primary key, new integer not null, is_new integer not null,
    is_reshaped integer not null default 0
);
insert into temp.article_map (old, new, is_new)
select
    theirs.id,
    coalesce(ours.id, (select coalesce(max(id), 0) from main.articles)
        + row_number() over (partition by ours.id is null order by theirs.id)),
    ours.id is null
from source.articles as theirs
left join main.articles as ours on ours.digest = theirs.digest;
create index temp.article_map_new on article_map (new);

insert into main.articles (id, digest, page_id, headline, section, byline, agency, dateline,
    published_at, updated_at, print_date, word_count, tags_line, caption, summary, body)
select article_map.new, digest, page_map.new, headline, section, byline, agency, dateline,
    published_at, updated_at, print_date, word_count, tags_line, caption, summary, body
from temp.article_map
join source.articles as theirs on theirs.id = article_map.old
left join temp.page_map on page_map.old = theirs.page_id
where is_new;

insert into main.articles_fts (rowid, headline, body, summary, dateline, byline)
select id, headline, body, summary, dateline, byline
from temp.article_map
join main.articles on articles.id = article_map.new
where is_new
order by id;

-- Of two forms of one text the one that text_shape() of prepare.py puts first.
update temp.article_map set is_reshaped = 1
from source.articles as theirs, main.articles as ours
where theirs.id = article_map.old and ours.id = article_map.new and not is_new
    and (theirs.body, theirs.dateline) is not (ours.body, ours.dateline)
    and (
        theirs.body = '',
        length(replace(theirs.body, char(10, 10), char(10))) - length(theirs.body),
        theirs.dateline is null, theirs.body, coalesce(theirs.dateline, '')
    ) < (
        ours.body = '',
        length(replace(ours.body, char(10, 10), char(10))) - length(ours.body),
        ours.dateline is null, ours.body, coalesce(ours.dateline, '')
    );

update main.articles set
    dateline = theirs.dateline, body = theirs.body, word_count = theirs.word_count
from temp.article_map
join source.articles as theirs on theirs.id = article_map.old
where articles.id = article_map.new and is_reshaped;

delete from main.mentions where article_id in (select new from temp.article_map where is_reshaped);

insert into main.mentions (article_id, instrument_id, count)
select article_map.new, instrument_map.new, count
from temp.article_map
join source.mentions as theirs on theirs.article_id = article_map.old
join temp.instrument_map on instrument_map.old = theirs.instrument_id
where is_new or is_reshaped;

create temp table claim_map (
    old integer primary key, new integer not null, is_new integer not null
);
insert into temp.claim_map
with wanted as (
    select distinct claim_id as id
    from temp.snapshot_map
    join source.snapshots as theirs on theirs.id = snapshot_map.old
    where (is_new or gets_raw) and claim_id is not null
)
select
    theirs.id,
    coalesce(ours.id, (select coalesce(max(id), 0) from main.article_claims)
        + row_number() over (partition by ours.id is null order by theirs.id)),
    ours.id is null
from wanted
join source.article_claims as theirs using (id)
join temp.article_map on article_map.old = theirs.article_id
left join main.article_claims as ours on ours.article_id = article_map.new
    and ours.headline is theirs.headline and ours.section is theirs.section
    and ours.byline is theirs.byline and ours.agency is theirs.agency
    and ours.published_at is theirs.published_at and ours.updated_at is theirs.updated_at
    and ours.print_date is theirs.print_date and ours.tags_line is theirs.tags_line
    and ours.caption is theirs.caption and ours.summary is theirs.summary;

insert into main.article_claims (id, article_id, headline, section, byline, agency,
    published_at, updated_at, print_date, tags_line, caption, summary)
select claim_map.new, article_map.new, headline, section, byline, agency,
    published_at, updated_at, print_date, tags_line, caption, summary
from temp.claim_map
join source.article_claims as theirs on theirs.id = claim_map.old
join temp.article_map on article_map.old = theirs.article_id
where claim_map.is_new;

insert or ignore into main.tags (name) select name from source.tags order by id;

insert or ignore into main.article_tags (article_id, tag_id)
select article_map.new, tags.id
from source.article_tags as theirs
join source.tags as their_tags on their_tags.id = theirs.tag_id
join main.tags on tags.name = their_tags.name
join temp.article_map on article_map.old = theirs.article_id;

-- Smallest place and smallest address, as in articles.py.
insert into main.teasers (article_id, position, headline, page_id)
select article_map.new, position, headline, page_map.new
from source.teasers as theirs
join temp.article_map on article_map.old = theirs.article_id
left join temp.page_map on page_map.old = theirs.page_id
where true
on conflict (article_id, headline) do update set
    position = min(position, excluded.position),
    page_id = (
        select id from main.pages
        where id in (teasers.page_id, excluded.page_id)
        order by url limit 1
    )
where excluded.position < position or excluded.page_id is not page_id;

-- Conflicts of texts that are here already are settled again, those of days inferred again.
create temp table problem_map (old integer primary key);
insert into temp.problem_map
select theirs.id
from source.problems as theirs
left join main.problems as ours on ours.digest = theirs.digest
left join temp.article_map on article_map.old = theirs.article_id
where ours.id is null
    and coalesce(theirs.source_id, theirs.snapshot_id, theirs.article_id) is not null
    and (theirs.article_id is null or theirs.kind <> 'conflict' or article_map.is_new);

create temp table revisit_map (old integer primary key);
insert into temp.revisit_map
select theirs.id
from source.revisits as theirs
left join main.revisits as ours on ours.digest = theirs.digest
where ours.id is null;

create temp table source_map (old integer primary key, new integer not null);
insert into main.sources (location, kind)
select location, kind from source.sources
where id in (
    select source_id
    from temp.snapshot_map
    join source.snapshots as theirs on theirs.id = snapshot_map.old
    where is_new or moves
    union
    select source_id
    from temp.problem_map
    join source.problems as theirs on theirs.id = problem_map.old
    union
    select source_id
    from temp.revisit_map
    join source.revisits as theirs on theirs.id = revisit_map.old
    union
    select theirs.id
    from source.sources as theirs
    join main.sources as ours on ours.location = theirs.location
)
order by id
on conflict (location) do update set kind = excluded.kind
where (excluded.kind = 'unknown', excluded.kind) < (kind = 'unknown', kind);
insert into temp.source_map
select theirs.id, ours.id
from source.sources as theirs
join main.sources as ours on ours.location = theirs.location;

create temp table load_map (old integer primary key, new integer not null, is_new integer not null);
insert into temp.load_map
with wanted as (
    select theirs.load_id as id
    from temp.snapshot_map
    join source.snapshots as theirs on theirs.id = snapshot_map.old
    where is_new
    union
    select theirs.load_id
    from temp.problem_map
    join source.problems as theirs on theirs.id = problem_map.old
    where theirs.load_id is not null
    union
    select theirs.load_id
    from temp.revisit_map
    join source.revisits as theirs on theirs.id = revisit_map.old
    where theirs.load_id is not null
),
found as (
    select wanted.id, (
        select min(ours.id) from main.loads as ours
        where ours.started_at = theirs.started_at and ours.finished_at is theirs.finished_at
            and ours.loader_version = theirs.loader_version and ours.captures = theirs.captures
            and ours.snapshots = theirs.snapshots and ours.duplicates = theirs.duplicates
            and ours.problems = theirs.problems
    ) as ours_id
    from wanted
    join source.loads as theirs using (id)
)
select
    id,
    coalesce(ours_id, (select coalesce(max(id), 0) from main.loads)
        + row_number() over (partition by ours_id is null order by id)),
    ours_id is null
from found;
insert into main.loads (id, started_at, finished_at, loader_version, captures, snapshots,
    duplicates, problems)
select new, started_at, finished_at, loader_version, captures, snapshots, duplicates, problems
from temp.load_map
join source.loads as theirs on theirs.id = load_map.old
where is_new;

insert into main.snapshots (id, digest, page_id, board_id, article_id, claim_id, captured_at,
    captured_basis, masthead_date, corpus_date, layout, url, source_id, source_offset, load_id)
select snapshot_map.new, digest, page_map.new, board_map.new, article_map.new, claim_map.new,
    captured_at, captured_basis, masthead_date, corpus_date, layout, url, source_map.new,
    source_offset, load_map.new
from temp.snapshot_map
join source.snapshots as theirs on theirs.id = snapshot_map.old
join temp.source_map on source_map.old = theirs.source_id
join temp.load_map on load_map.old = theirs.load_id
left join temp.page_map on page_map.old = theirs.page_id
left join temp.board_map on board_map.old = theirs.board_id
left join temp.article_map on article_map.old = theirs.article_id
left join temp.claim_map on claim_map.old = theirs.claim_id
where snapshot_map.is_new
order by snapshot_map.new;

-- A copy shared without texts has no summaries: of a listing that is here already they are added.
insert into main.listings (snapshot_id, position, page_id, headline, summary, listed_at)
select snapshot_map.new, position, page_map.new, headline, summary, listed_at
from temp.snapshot_map
join source.listings as theirs on theirs.snapshot_id = snapshot_map.old
left join temp.page_map on page_map.old = theirs.page_id
where is_new or theirs.summary is not null
on conflict (snapshot_id, position) do update set summary = excluded.summary
where listings.summary is null;

insert into main.covid_counters (snapshot_id, deaths, deaths_24h, cases, cases_24h,
    positivity_percent, provinces)
select snapshot_map.new, deaths, deaths_24h, cases, cases_24h, positivity_percent, provinces
from temp.snapshot_map
join source.covid_counters as theirs on theirs.snapshot_id = snapshot_map.old
where is_new;

insert or ignore into main.raw_dictionaries (digest, data)
select digest, data from source.raw_dictionaries
where id in (
    select dictionary_id
    from temp.snapshot_map
    join source.raw_captures as theirs on theirs.snapshot_id = snapshot_map.old
    where is_new or gets_raw
);

insert into main.raw_captures (snapshot_id, media_type, charset, size, dictionary_id, data)
select snapshot_map.new, media_type, charset, size, ours.id, theirs.data
from temp.snapshot_map
join source.raw_captures as theirs on theirs.snapshot_id = snapshot_map.old
left join source.raw_dictionaries as dictionaries on dictionaries.id = theirs.dictionary_id
left join main.raw_dictionaries as ours on ours.digest = dictionaries.digest
where is_new or gets_raw
order by snapshot_map.new;

-- With its raw capture a snapshot gets all that was left out of its copy.
create temp table left_claims as
select claim_id as id
from temp.snapshot_map
join main.snapshots on snapshots.id = snapshot_map.new
where gets_raw and claim_id is not null;
update main.snapshots set claim_id = claim_map.new
from temp.snapshot_map
join source.snapshots as theirs on theirs.id = snapshot_map.old
join temp.claim_map on claim_map.old = theirs.claim_id
where snapshots.id = snapshot_map.new and gets_raw;
delete from main.article_claims
where id in (select id from temp.left_claims)
    and not exists (select 1 from main.snapshots where claim_id = article_claims.id);

insert into main.problems (digest, kind, detail, excerpt, source_id, source_offset, snapshot_id,
    article_id, load_id)
select digest, kind, detail, excerpt, source_map.new, source_offset, snapshot_map.new,
    article_map.new, load_map.new
from temp.problem_map
join source.problems as theirs on theirs.id = problem_map.old
left join temp.source_map on source_map.old = theirs.source_id
left join temp.snapshot_map on snapshot_map.old = theirs.snapshot_id
left join temp.article_map on article_map.old = theirs.article_id
left join temp.load_map on load_map.old = theirs.load_id
order by theirs.id;

insert into main.revisits (digest, page_id, captured_at, url, target_page_id, refers_to_at,
    refers_to_url, source_id, source_offset, load_id)
select digest, page_map.new, captured_at, url, target_map.new, refers_to_at, refers_to_url,
    source_map.new, source_offset, load_map.new
from temp.revisit_map
join source.revisits as theirs on theirs.id = revisit_map.old
join temp.source_map on source_map.old = theirs.source_id
left join temp.page_map on page_map.old = theirs.page_id
left join temp.page_map as target_map on target_map.old = theirs.target_page_id
left join temp.load_map on load_map.old = theirs.load_id
order by theirs.id;

create temp table left_sources as
select distinct source_id as id
from temp.snapshot_map
join main.snapshots on snapshots.id = snapshot_map.new
where moves;
update main.snapshots set
    source_id = source_map.new, source_offset = theirs.source_offset,
    captured_basis = theirs.captured_basis, url = theirs.url
from temp.snapshot_map
join source.snapshots as theirs on theirs.id = snapshot_map.old
join temp.source_map on source_map.old = theirs.source_id
where snapshots.id = snapshot_map.new and moves;
-- Also those that came with the source's problems, recorded at the source's place.
update main.problems set source_id = snapshots.source_id, source_offset = snapshots.source_offset
from main.snapshots
where snapshots.id = problems.snapshot_id
    and problems.snapshot_id in (select new from temp.snapshot_map)
    and (problems.source_id, problems.source_offset)
        is not (snapshots.source_id, snapshots.source_offset);
delete from main.sources
where (id in (select id from temp.left_sources) or id in (select new from temp.source_map))
    and not exists (select 1 from main.snapshots where source_id = sources.id)
    and not exists (select 1 from main.problems where source_id = sources.id)
    and not exists (select 1 from main.revisits where source_id = sources.id);
