"""Tables: networks for data frames with categories and missing values."""

__all__: list[str] = []
