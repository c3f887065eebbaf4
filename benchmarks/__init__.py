"""What a reading costs, beside plainer ways to do it, as ratios from one run: ``python -m benchmarks``.

Every contender runs in a process of its own against one local publisher, which is a process too, so that its
CPU time is nobody's. The contenders take turns (A B C, A B C …) and the median round of each counts.
"""
