"""Values that market reports state of indices and shares: closes, changes, per cent, volumes."""

from loader.market.values.reader import Named, StatedValue, may_state_value, stated_values

__all__ = ["Named", "StatedValue", "may_state_value", "stated_values"]
