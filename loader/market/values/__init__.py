"""Read values of indices and shares in market reports: closes, changes, per cent, volumes."""

from loader.market.values.reader import may_state_value, stated_values
from loader.market.values.sentence import StatedValue
from loader.market.values.tokens import Named

__all__ = ["Named", "StatedValue", "may_state_value", "stated_values"]
