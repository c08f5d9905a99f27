"""Builds Levee's data packs from packs/raw. Python 3.11, standard library only. Entry point: packs/build.py."""
