-- One row per text, in the form of a corpus: the text, each of its dates, and the most reliable
-- date with its basis. The board above a text is no evidence for its date.
with captured as (
    select article_id, min(captured_at) as first_captured_at, count(*) as capture_count
    from snapshots
    where article_id is not null
    group by article_id
),
dated as (
    select
        articles.*,
        captured.first_captured_at,
        captured.capture_count,
        coalesce(article_date, captured.first_captured_at) as date,
        coalesce(
            article_date_basis, iif(captured.first_captured_at is not null, 'captured', null)
        ) as date_basis
    from articles
    left join captured on captured.article_id = articles.id
)
select
    substr(date, 1, 4) as year,
    digest,
    pages.url,
    pages.news_id,
    headline,
    section,
    byline,
    agency,
    article_kind,
    dateline,
    article_date,
    article_date_basis,
    published_at,
    updated_at,
    print_date,
    first_captured_at,
    (
        select captured_basis from snapshots
        where snapshots.article_id = dated.id and captured_at = first_captured_at
        order by captured_basis limit 1
    ) as captured_basis,
    capture_count,
    date,
    date_basis,
    (
        select group_concat(name, ', ') from (
            select name from article_tags join tags on tags.id = tag_id
            where article_id = dated.id order by name
        )
    ) as tags,
    (
        select json_group_array(json_object('url', url, 'caption', caption)) from (
            select url, caption from article_images where article_id = dated.id order by url
        )
        having count(*) > 0
    ) as images,
    (
        select json_group_array(json_object('name', name, 'url', url)) from (
            select name, url from article_authors where article_id = dated.id order by name
        )
        having count(*) > 0
    ) as authors,
    word_count,
    summary,
    body as text
from dated
left join pages on pages.id = dated.page_id
order by year, date, digest
