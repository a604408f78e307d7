-- Whether the user of the attached `source` brought anything that the one of `main` did not.
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
