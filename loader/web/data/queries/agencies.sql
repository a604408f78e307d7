select agency as value, sum(article_count) as articles from article_counts
where agency is not null group by agency order by 2 desc limit 60
