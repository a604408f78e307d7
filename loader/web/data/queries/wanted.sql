-- URLs of pages that are linked to but were never captured, most links first.
select url from wanted_pages order by link_count desc, news_id desc, url limit :limit
