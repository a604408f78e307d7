select date, board_count as boards from trading_days
where id between :first_day and :last_day and board_count > 0
