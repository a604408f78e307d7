-- The newest :limit captures of a page, one for each text and day in Karachi. Crawlers' notes that
-- the page was unchanged have no snapshot. A date without a time is not converted.
with captures as (
    select id, article_id, captured_at, 0 as is_revisit
    from snapshots
    where captured_at is not null /* filters */
    union all
    select id, null, captured_at, 1
    from revisits
    where captured_at is not null and page_id = :page_id
)
select
    case when captured_at glob '*T*' then date(captured_at, '+5 hours') else captured_at end
        as day,
    article_id,
    is_revisit,
    count(*) as capture_count,
    id,
    min(captured_at) as first_captured_at
from captures
group by day, article_id, is_revisit
order by day desc, first_captured_at desc
limit :limit
