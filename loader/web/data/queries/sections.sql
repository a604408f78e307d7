select section as value, count(*) as articles from articles
where section is not null group by section order by 2 desc limit 60
