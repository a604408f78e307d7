-- Shares of a sector that are on boards, under their current symbols.
select distinct coalesce(new.symbol, instruments.symbol) as symbol
from instruments
left join instrument_events
    on instrument_events.instrument_id = instruments.id and instrument_events.event = 'rename'
left join instruments as new on new.id = instrument_events.new_instrument_id
where instruments.kind = 'share'
    and coalesce(new.sector, instruments.sector) is :sector
    and exists (select 1 from quotes where quotes.instrument_id = instruments.id)
order by 1
