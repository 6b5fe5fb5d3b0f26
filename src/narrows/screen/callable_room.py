"""A folder that is also the function of its name, however it was imported."""

from types import ModuleType
from typing import Any

__all__ = ["CallableRoom"]


class CallableRoom(ModuleType):
    """A package that is called as its function: ``screen.parties(...)``.

    Python binds a folder to its name in the folder above once any file of it is loaded, and the
    function would be lost behind it.
    """

    @property
    def __signature__(self) -> object:
        """What the function takes, for help and completion."""
        from inspect import signature

        return signature(self._function())

    def __call__(self, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - passed on
        """Call the function of the same name."""
        return self._function()(*given, **named)

    def _function(self) -> Any:  # noqa: ANN401 - any function
        return vars(self)[self.__name__.rpartition(".")[2]]
