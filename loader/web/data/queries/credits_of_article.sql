-- Whom the byline and the mark of an agency name, in the order of printing.
select place, kind, slug, name
from credits
where place = 'byline' and printed = :byline or place = 'agency' and printed = :agency
order by place desc, position
