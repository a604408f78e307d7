-- Addresses of pages that are led to and were never captured, most links first.
select url from wanted_pages order by link_count desc, news_id desc, url limit :limit
