"""Instruments and sources as data, and the one loader that checks them."""
