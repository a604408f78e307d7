-- For the search form, from the newest articles of the file alone: all million would be counted.
select section as value, count(*) as articles
from (select section from articles indexed by articles_filters order by id desc limit 20000)
where section is not null
group by section
order by 2 desc, 1
limit 60
