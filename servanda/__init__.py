"""Servanda, a commitment compliance monitor.

The parts stand at the top of the repository; here they are linked under one name, so that an installation
claims no other: an Airflow that others use may have a ``models`` of its own. See decision 0027.
"""
