"""What the product exists for: windows, coverage, matching and verdicts.

Pure: standard library only, no clock, network, SQL, files or environment. Every function
gets ``now`` or ``as_of`` as an argument and returns its reasons with its answer.
"""

if __name__ != "servanda.compliance":
    raise ImportError("import servanda.compliance: this folder is a part of the package servanda")
