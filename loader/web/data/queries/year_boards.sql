select date, boards from trading_days
where id between :first_day and :last_day and boards > 0
