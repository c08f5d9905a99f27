"""Solves the instances of `assign_peers export DIR` with OR-tools' min-cost flow and writes DIR/ortools.json.

python3 -m venv v && v/bin/pip install ortools && v/bin/python bench/peers/assign.py DIR [GOLDEN]

With GOLDEN, the first three instances and their values are written there: the golden file of the planner's tests.
"""

import json
import pathlib
import sys
import time

import numpy
import ortools
from ortools.graph.python import min_cost_flow

FORBIDDEN = 2**32 - 1


def solve(costs, places):
    facilities = len(places)
    people = len(costs) // facilities
    costs = numpy.array(costs, dtype=numpy.int64).reshape(people, facilities)
    allowed = costs != FORBIDDEN
    # Being without a place weighs more than all costs together.
    weight = (int(costs[allowed].max(initial=0)) + 1) * (people + 1)
    sink = people + facilities
    p, f = numpy.nonzero(allowed)
    tails = numpy.concatenate([p, numpy.arange(people), people + numpy.arange(facilities)])
    heads = numpy.concatenate([people + f, numpy.full(people, sink), numpy.full(facilities, sink)])
    caps = numpy.concatenate([numpy.ones(len(p) + people, dtype=numpy.int64), numpy.array(places, dtype=numpy.int64)])
    unit = numpy.concatenate([costs[p, f], numpy.full(people, weight), numpy.zeros(facilities, dtype=numpy.int64)])
    began = time.process_time()
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, caps, unit)
    flow.set_nodes_supplies(numpy.arange(sink + 1), numpy.concatenate([numpy.ones(people), numpy.zeros(facilities), [-people]]).astype(numpy.int64))
    assert flow.solve() == flow.OPTIMAL
    seconds = time.process_time() - began
    flows = flow.flows(arcs)
    unplaced = int(flows[len(p) : len(p) + people].sum())
    return {"unplaced": unplaced, "cost": int(flow.optimal_cost()) - unplaced * weight, "seconds": round(seconds, 4)}


def main():
    folder = pathlib.Path(sys.argv[1])
    told, golden = [], []
    for path in sorted(folder.glob("[0-9][0-9].json")):
        instance = json.loads(path.read_text())
        told.append(solve(instance["costs"], instance["places"]))
        if len(golden) < 3:
            golden.append(instance | {k: told[-1][k] for k in ("unplaced", "cost")})
    maker = f"OR-tools {ortools.__version__}, SimpleMinCostFlow, bench/peers/assign.py"
    (folder / "ortools.json").write_text(json.dumps({"maker": maker, "instances": told}))
    if len(sys.argv) > 2:
        pathlib.Path(sys.argv[2]).write_text(json.dumps({"maker": maker, "instances": golden}) + "\n")


main()
