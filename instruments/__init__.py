"""Instruments and sources as data, and the one loader that checks them."""

if __name__ != "servanda.instruments":
    raise ImportError("import servanda.instruments: this folder is a part of the package servanda")
