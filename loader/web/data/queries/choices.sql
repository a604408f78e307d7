-- The most frequent values of each field of the search form, most frequent first. Of the newest
-- articles of the file alone: all million would be counted.
with newest as materialized (
    select section, agency, dateline from articles indexed by articles_filters
    order by id desc limit 20000
)
select * from (
    select 'sections' as field, section as value, count(*) as articles from newest
    where section is not null group by section order by 3 desc, 2 limit 60
)
union all
select * from (
    select 'agencies', agency, count(*) from newest
    where agency is not null group by agency order by 3 desc, 2 limit 60
)
union all
select * from (
    select 'places', dateline, count(*) from newest
    where dateline is not null group by dateline order by 3 desc, 2 limit 300
)
