-- Authors, desks and agencies of the slugs :slugs (JSON), then those that begin with :begin, then
-- authors with a later word that does. A spelling in capitals is shown only if there is no other.
with found as (
    select kind, slug, name, 0 as place
    from credits
    where slug in (select value from json_each(:slugs))
    union all
    select * from (
        select kind, slug, name, 1
        from credits
        where :begin <> '' and slug >= :begin and slug < :begin || char(1114111)
        limit 50
    )
    union all
    select * from (
        select kind, slug, name, 2
        from credits
        where :begin <> '' and kind = 'author' and instr(slug, '-' || :begin) > 0
        limit 50
    )
)
select kind, slug, substr(min((name = upper(name)) || name), 2) as name
from found
group by kind, slug
order by min(place), slug, kind
limit :limit
