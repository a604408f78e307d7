-- The calendar's word on a day; no row without a session.
select sessions.unconfirmed from sessions where sessions.date = :date
