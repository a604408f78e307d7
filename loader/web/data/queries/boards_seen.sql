-- First and last capture of each of the boards :ids (JSON).
select boards.id, boards.digest, boards.first_captured_at, boards.last_captured_at
from json_each(:ids)
cross join boards on boards.id = json_each.value
