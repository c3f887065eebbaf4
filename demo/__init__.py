"""Summer 2019 replayed as a reconstructed official site, with a catalogue of its own."""

if __name__ != "servanda.demo":
    raise ImportError("import servanda.demo: this folder is a part of the package servanda")
