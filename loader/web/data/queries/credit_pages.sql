-- Pages of an author on the site, by the spellings in links from articles.
select distinct article_authors.url
from credits
cross join article_authors on article_authors.name = credits.name
where credits.slug = :slug and (credits.kind = 'agency') = :is_agency
order by 1
limit 5
