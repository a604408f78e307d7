select
    old.symbol as old_symbol,
    new.symbol as new_symbol,
    old.id as old_id,
    new.id as new_id,
    instrument_events.event,
    instrument_events.date_from,
    instrument_events.date_to,
    instrument_events.source
from instrument_events
join instruments as old on old.id = instrument_events.instrument_id
left join instruments as new on new.id = instrument_events.new_instrument_id
where :instrument_id in (instrument_events.instrument_id, instrument_events.new_instrument_id)
order by instrument_events.date_to, instrument_events.id
