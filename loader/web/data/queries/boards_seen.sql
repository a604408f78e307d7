-- When each of the boards :ids (JSON) was first and last captured.
select boards.id, boards.digest, boards.first_captured_at, boards.last_captured_at
from json_each(:ids)
cross join boards on boards.id = json_each.value
