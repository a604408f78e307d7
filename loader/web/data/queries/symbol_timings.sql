-- When texts could first be answered by the market: of each article its session and why.
select article_id, timing, session
from article_sessions
where article_id in (select value from json_each(:ids))
