-- Closes imported by `loader date --closes` for the :symbols (JSON) in a range of days.
select closes.symbol, closes.date, closes.close_hundredths, closes.source
from json_each(:symbols)
cross join closes on closes.symbol = json_each.value
    and closes.date between :first and :last
order by closes.date, closes.close_hundredths, closes.symbol
