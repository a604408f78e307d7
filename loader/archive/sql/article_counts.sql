-- The counts of all articles from scratch; between two of these, triggers keep them.
delete from article_counts;

insert into article_counts (byline, agency, year, section, article_count)
select byline, agency, substr(article_date, 1, 4), section, count(*)
from articles
group by 1, 2, 3, 4
order by 1, 2, 3, 4;
