-- The first session in which the market could react to each article, and the reason.
select article_id, timing, session
from article_sessions
where article_id in (select value from json_each(:ids))
