-- Names in the byline and in the mark of an agency, in printed order.
select place, kind, slug, name
from credits
where place = 'byline' and printed = :byline or place = 'agency' and printed = :agency
order by place desc, position
