select
    (select date from trading_days where id < :day order by id desc limit 1) as previous,
    (select date from trading_days where id > :day order by id limit 1) as next
