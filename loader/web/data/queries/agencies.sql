-- For the search form, from the newest articles of the file alone: all million would be counted.
select agency as value, count(*) as articles
from (select agency from articles indexed by articles_filters order by id desc limit 20000)
where agency is not null
group by agency
order by 2 desc, 1
limit 60
