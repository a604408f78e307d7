select
    day_witnesses.kind,
    day_witnesses.date_from,
    day_witnesses.date_to,
    day_witnesses.capture_count,
    day_witnesses.weight,
    day_witnesses.detail,
    day_witnesses.board_id,
    day_witnesses.article_id,
    day_witnesses.is_accepted
from board_groups
join day_witnesses on day_witnesses.group_id = board_groups.id
where board_groups.trading_day_id = :day
order by day_witnesses.is_accepted desc, day_witnesses.weight desc, day_witnesses.id
limit :limit
