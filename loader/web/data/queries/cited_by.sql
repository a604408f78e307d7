-- Articles and listings that link to a page, the latest first.
select kind, headline, article_id, citing_headline, cited_at, snapshot_id
from cited_by
where page_id = :page_id
order by cited_at desc, article_id, snapshot_id
limit :limit
