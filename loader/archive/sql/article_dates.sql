-- The date of each of the articles :ids (JSON) and its source: the first rank with a date, and the
-- smallest date within that rank. Captures of the text itself come first, then other captures of
-- its page, whose number identifies the story. A month without a day does not count as a date.
with wanted as materialized (
    select articles.id, page_id, published_at, print_date, updated_at
    from articles
    where articles.id in (select value from json_each(:ids))
),
-- Snapshots of each text and of its page.
seen as materialized (
    select wanted.id, snapshots.claim_id, snapshots.layout, corpus_date, reported_url
    from wanted
    join snapshots on snapshots.article_id = wanted.id
    union
    select wanted.id, snapshots.claim_id, snapshots.layout, corpus_date, reported_url
    from wanted
    join snapshots on snapshots.page_id = wanted.page_id
),
said as materialized (
    select seen.id, layout, article_claims.published_at, article_claims.print_date
    from seen
    join article_claims on article_claims.id = seen.claim_id
),
-- Listings and pages are not joined: for a join SQLite may build a Bloom filter of all of them, for
-- which it dated the address of every page of the archive.
found (id, rank, basis, date) as (
    select id, 1, 'published', published_at
    from wanted
    where exists (
        select 1
        from snapshots
        join article_claims on article_claims.id = snapshots.claim_id
        where snapshots.article_id = wanted.id
            and snapshots.layout is not 'feed'
            and article_claims.published_at is not null
    )
    union all
    select id, 2, 'print', print_date from wanted
    union all
    select id, 3, 'published', published_at from said where layout is not 'feed'
    union all
    select id, 4, 'print', print_date from said
    union all
    select id, 5, 'listing', (
        select min(listed_at) from listings where listings.page_id = wanted.page_id
    )
    from wanted
    union all
    select id, 6, 'feed', published_at from wanted
    union all
    select id, 7, 'feed', published_at from said where layout = 'feed'
    union all
    select id, 8, 'corpus', corpus_date from seen where date(corpus_date, '+0 days') = corpus_date
    union all
    select id, 9, 'address', address_date(reported_url) from seen
    union all
    select id, 9, 'address', address_date((
        select url from pages where pages.id = wanted.page_id
    ))
    from wanted
    union all
    select id, 10, 'updated', updated_at from wanted
),
best as (
    select id, basis, date, row_number() over (partition by id order by rank, date) as place
    from found
    where date is not null
)
select wanted.id, best.date, best.basis
from wanted
left join best on best.id = wanted.id and best.place = 1
