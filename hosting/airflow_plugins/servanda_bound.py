"""A plugin of Airflow: too many runs that wait are refused at the door."""

from __future__ import annotations

from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin

from servanda.hosting.request_bound import BoundedTriggers


class ServandaBound(AirflowPlugin):  # type: ignore[misc]  # Airflow's classes are not typed
    name = "servanda_bound"
    fastapi_root_middlewares: ClassVar[list[dict[str, Any]]] = [
        {"middleware": BoundedTriggers, "name": "servanda_bound"}
    ]
