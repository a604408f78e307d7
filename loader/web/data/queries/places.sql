select dateline as value, count(*) as articles from articles
where dateline is not null group by dateline order by 2 desc limit 300
