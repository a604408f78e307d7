-- Pages of an author on the site, by the spellings under which articles link to them.
select distinct article_authors.url
from credits
cross join article_authors on article_authors.name = credits.name
where credits.slug = :slug and (credits.kind = 'agency') = :is_agency
order by 1
limit 5
