"""``python -m servanda.hosting.airflow_preload scheduler …``: a component of Airflow with our jobs imported.

Scheduler and DAG processor fork a process for every task and for every look at a DAG file. What they have
imported, their forks need not import again: about a second of processor time for each of them. The triggerer
forks one, whose event loop would stand still for the import.
"""

from __future__ import annotations

import runpy
import sys

import servanda.jobs.notify
import servanda.jobs.scheduling.deadline_trigger
import servanda.jobs.scheduling.failure_mail
import servanda.jobs.scheduling.runs  # noqa: F401

if __name__ == "__main__":
    sys.argv[0] = "airflow"
    runpy.run_module("airflow", run_name="__main__", alter_sys=True)
