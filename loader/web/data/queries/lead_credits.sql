-- Authors, desks and agencies of the slugs :slugs (JSON), then those that begin with :begin, then
-- authors with a word that does. Of two spellings the one that is not all in capitals.
select kind, slug, substr(min((name = upper(name)) || name), 2) as name
from credits
where slug in (select value from json_each(:slugs))
    or :begin <> '' and substr(slug, 1, length(:begin)) = :begin
    or :begin <> '' and kind = 'author' and instr(slug, '-' || :begin) > 0
group by kind, slug
order by
    slug not in (select value from json_each(:slugs)),
    substr(slug, 1, length(:begin)) <> :begin,
    slug, kind
limit :limit
