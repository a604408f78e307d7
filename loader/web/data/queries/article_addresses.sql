-- Other URLs at which the same text was captured.
select url, first_captured_at
from article_addresses
where article_id = :id and not is_main
order by first_captured_at is null, first_captured_at, url
limit :limit
