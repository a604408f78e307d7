-- For the search form, from the newest articles of the file alone: all million would be counted.
select dateline as value, count(*) as articles
from (select dateline from articles indexed by articles_filters order by id desc limit 20000)
where dateline is not null
group by dateline
order by 2 desc, 1
limit 300
