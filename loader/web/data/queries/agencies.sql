select agency as value, count(*) as articles from articles
where agency is not null group by agency order by 2 desc limit 60
