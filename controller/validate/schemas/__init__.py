"""JSON Schemas that a pack's authors write: `parameters`, `output`, `conf_schema`. Pure.

`check_schemas` and `check_config` are the door.
"""

from controller.validate.schemas.check import check_config, check_schemas

__all__ = ["check_config", "check_schemas"]
