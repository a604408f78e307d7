select trading_days.* from trading_days where trading_days.id = :day
