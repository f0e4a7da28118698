"""Why does a repository open, or why does it not? Step by step, with the controller's own code.

`finding` has the values, `examination` does steps in their order, and `beside` compares what was
found with what a Pack's status says (all three pure). `way`, `answer` and `contents` do the steps,
`steps` puts them in order, and `diagnose` is the whole of it.
"""

from controller.doctor.beside import Told
from controller.doctor.case import Case, Keys
from controller.doctor.diagnose import diagnose
from controller.doctor.finding import Finding, Result, Step

__all__ = ["Case", "Finding", "Keys", "Result", "Step", "Told", "diagnose"]
