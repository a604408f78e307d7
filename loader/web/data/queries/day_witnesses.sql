select
    day_witnesses.kind,
    day_witnesses.date_from,
    day_witnesses.date,
    day_witnesses.captures,
    day_witnesses.weight,
    day_witnesses.detail,
    day_witnesses.board_id,
    day_witnesses.article_id,
    day_witnesses.accepted
from board_groups
join day_witnesses on day_witnesses.group_id = board_groups.id
where board_groups.trading_day_id = :day
order by day_witnesses.accepted desc, day_witnesses.weight desc, day_witnesses.id
limit :limit
