select
    boards.*,
    trading_days.date as trading_day,
    index_days.date as index_day,
    case when boards.trading_day_id is null
        then (select reason from undated_boards where undated_boards.board_id = boards.id)
    end as undated_because
from boards
left join trading_days on trading_days.id = boards.trading_day_id
left join trading_days as index_days on index_days.id = boards.index_day_id
where boards.id = :id
