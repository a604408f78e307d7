-- The session of a day by the calendar; no row without a session.
select sessions.unconfirmed from sessions where sessions.date = :date
