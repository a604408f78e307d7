select section as value, sum(article_count) as articles from article_counts
where section is not null group by section order by 2 desc limit 60
