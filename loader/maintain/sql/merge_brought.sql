-- Whether the attached `source` has closes or overrides of its user that `main` lacks.
select
    exists (
        select symbol, date, close_hundredths from source.closes
        except
        select symbol, date, close_hundredths from main.closes
    )
    or exists (
        select date, is_open from source.session_overrides
        except
        select date, is_open from main.session_overrides
    )
