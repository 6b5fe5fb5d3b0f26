"""Plan: what to build, stock, qualify or share under a budget, against an uncertain future."""

__all__: list[str] = []
