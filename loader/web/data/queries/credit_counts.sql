-- Number of articles of a name, by year and section. Only two indexes are read.
with signed as materialized (
    select place, printed from credits where slug = :slug and (kind = 'agency') = :is_agency
),
counted as (
    select substr(article_date, 1, 4) as year, section, count(*) as articles
    from articles
    where byline in (select printed from signed where place = 'byline')
    group by 1, 2
    union all
    select substr(article_date, 1, 4), section, count(*)
    from articles
    where agency in (select printed from signed where place = 'agency')
    group by 1, 2
    union all -- named in both places
    select substr(article_date, 1, 4), section, -count(*)
    from articles
    where byline in (select printed from signed where place = 'byline')
        and agency in (select printed from signed where place = 'agency')
    group by 1, 2
)
select year, section, sum(articles) as articles
from counted
group by year, section
having sum(articles) > 0
