-- The newest :limit versions of a page, oldest first.
select *
from (
    select
        version,
        article_id as id,
        headline,
        changed,
        dates_changed,
        words_added,
        words_removed,
        is_silent,
        first_seen_at as first_captured_at,
        last_seen_at as last_captured_at,
        published_at,
        updated_at
    from article_versions
    where page_id = :page_id
    order by version desc
    limit :limit
)
order by version
