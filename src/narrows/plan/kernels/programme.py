"""A linear or integer programme held by HiGHS, changed and solved again from where it stands."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from narrows.terms import CouldNotFinish

__all__ = ["Infeasible", "Programme", "Solved", "Unbounded"]

Array = NDArray[np.float64]
_ENDED = ("kTimeLimit", "kInterrupt", "kSolutionLimit", "kIterationLimit")


class Infeasible(CouldNotFinish):
    """No solution meets all rows and bounds."""


class Unbounded(CouldNotFinish):
    """The objective falls without end."""


@dataclass(frozen=True)
class Solved:
    """A solution.

    Attributes
    ----------
    objective, bound
        Value of the solution, and a proved lower bound of the best one (the same for a linear
        programme).
    values
        One a column.
    row_price, column_price
        Change of the objective for one unit more of the bound that binds, one a row and a column;
        zeros for an integer programme.
    """

    objective: float
    bound: float
    values: Array
    row_price: Array
    column_price: Array


class Programme:
    """``min cost x`` so that ``row_low <= matrix x <= row_high`` and ``low <= x <= high``.

    Parameters
    ----------
    cost, low, high
        One a column.
    matrix
        Shape (rows, columns).
    row_low, row_high
        One a row.

    Examples
    --------
    >>> one = Programme(
    ...     np.array([1.0]), sparse.csc_array([[2.0]]), np.array([3.0]), np.array([np.inf])
    ... )
    >>> one.solve().objective
    1.5
    """

    def __init__(
        self,
        cost: Array,
        matrix: sparse.csc_array,
        row_low: Array,
        row_high: Array,
        low: Array | None = None,
        high: Array | None = None,
    ) -> None:
        import highspy

        self.size = len(cost)
        self._columns = np.arange(self.size, dtype=np.int32)
        self._rows = np.arange(len(row_low), dtype=np.int32)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.size, len(row_low)
        model.col_cost_ = cost
        model.col_lower_ = np.zeros(self.size) if low is None else low
        model.col_upper_ = np.full(self.size, np.inf) if high is None else high
        model.row_lower_, model.row_upper_ = row_low, row_high
        columns = sparse.csc_array(matrix)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = columns.indptr.astype(np.int32)
        model.a_matrix_.index_ = columns.indices.astype(np.int32)
        model.a_matrix_.value_ = columns.data
        bare: Any = highspy.Highs.__mro__[1]  # the class on top prints a banner when it is made
        self._highs = bare()
        self._integer = False
        self.option("output_flag", False)
        self.option("threads", 1)
        self._highs.passModel(model)

    def option(self, name: str, value: object) -> None:
        """Set an option of HiGHS."""
        self._highs.setOptionValue(name, value)

    def set_columns(self, low: Array, high: Array) -> None:
        """Change the bounds of all columns."""
        self._highs.changeColsBounds(self.size, self._columns, low, high)

    def set_column(self, column: int, low: float, high: float) -> None:
        """Change the bounds of one column."""
        self._highs.changeColBounds(column, low, high)

    def set_rows(self, low: Array, high: Array) -> None:
        """Change the bounds of the first rows, all those the programme was made with."""
        self._highs.changeRowsBounds(len(self._rows), self._rows, low, high)

    def set_cost(self, cost: Array) -> None:
        """Change the cost of all columns."""
        self._highs.changeColsCost(self.size, self._columns, cost)

    def set_integer(self, columns: NDArray[np.int64], *, wanted: bool) -> None:
        """Say whether columns take whole numbers only."""
        import highspy

        kind = highspy.HighsVarType.kInteger if wanted else highspy.HighsVarType.kContinuous
        kinds = np.full(len(columns), int(kind), dtype=np.uint8)
        self._highs.changeColsIntegrality(len(columns), columns.astype(np.int32), kinds)
        self._integer = wanted

    def add_rows(self, matrix: sparse.csr_array, low: Array, high: Array) -> None:
        """Add rows."""
        rows = sparse.csr_array(matrix)
        starts, numbers = rows.indptr[:-1].astype(np.int32), rows.indices.astype(np.int32)
        self._highs.addRows(len(low), low, high, rows.nnz, starts, numbers, rows.data)

    @property
    def basis(self) -> Any:  # noqa: ANN401 - a basis of HiGHS, to be given back
        """Where the last solution stands."""
        return self._highs.getBasis()

    @basis.setter
    def basis(self, basis: Any) -> None:  # noqa: ANN401 - as above
        self._highs.setBasis(basis)

    def solve(self) -> Solved:
        """Solve from where the last solution left off.

        Raises
        ------
        Infeasible, Unbounded
            When there is no solution, or no end.
        CouldNotFinish
            When HiGHS ends in another way.
        """
        highs = self._highs
        highs.run()
        status = str(highs.getModelStatus()).rpartition(".")[2]
        if status in ("kInfeasible", "kUnboundedOrInfeasible"):
            message = "no solution meets all conditions"
            raise Infeasible(message)
        if status == "kUnbounded":
            message = "the objective falls without end"
            raise Unbounded(message)
        if status != "kOptimal" and not (self._integer and status in _ENDED):
            message = f"the solver stopped: {highs.modelStatusToString(highs.getModelStatus())}"
            raise CouldNotFinish(message)
        found, info = highs.getSolution(), highs.getInfo()
        objective = float(info.objective_function_value)
        values = np.asarray(found.col_value)
        if self._integer:
            none = np.zeros(0)
            return Solved(objective, float(info.mip_dual_bound), values, none, none)
        prices = np.asarray(found.row_dual), np.asarray(found.col_dual)
        return Solved(objective, objective, values, *prices)
