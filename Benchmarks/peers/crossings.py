#!/usr/bin/env python3
"""How often the arrows of an SVG file cross: of gradviz' or of dot's. usage: crossings.py FILE.svg

Curves are taken as eight straight pieces; lines that meet in a common end do not cross.
"""
import re, sys


def arrows(text):
    for group in re.findall(r'<g id="[^"]*" class="(?:edge|forward)"[^>]*>(.*?)</g>', text, re.S):
        found = re.search(r'<path[^>]*? d="([^"]*)"', group)
        if found:
            yield points(found.group(1))


def points(d):
    place, result = (0.0, 0.0), []
    for command, rest in re.findall(r"([MLHVC])([^MLHVCz]*)", d):
        n = [float(x) for x in re.findall(r"-?\d*\.?\d+(?:e-?\d+)?", rest)]
        if command == "H":
            steps = [(x, place[1]) for x in n]
        elif command == "V":
            steps = [(place[0], y) for y in n]
        elif command == "C":
            steps = []
            for i in range(0, len(n), 6):
                a, b, c, e = place if i == 0 else steps[-1], n[i:i + 2], n[i + 2:i + 4], n[i + 4:i + 6]
                for k in range(1, 9):
                    t, u = k / 8, 1 - k / 8
                    steps.append(tuple(u ** 3 * a[j] + 3 * u * u * t * b[j] + 3 * u * t * t * c[j] + t ** 3 * e[j]
                                       for j in (0, 1)))
        else:
            steps = list(zip(n[::2], n[1::2]))
        result += steps
        place = result[-1]
    return result


def crosses(p, q, r, s):
    def side(a, b, c):
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return side(p, q, r) * side(p, q, s) < -1e-9 and side(r, s, p) * side(r, s, q) < -1e-9


pieces = [(a, p, q) for a, way in enumerate(arrows(open(sys.argv[1]).read())) for p, q in zip(way, way[1:])]
size = 40.0
cells = {}
count = 0
for number, (arrow, p, q) in enumerate(pieces):
    seen = set()
    for i in range(int(min(p[0], q[0]) // size), int(max(p[0], q[0]) // size) + 1):
        for j in range(int(min(p[1], q[1]) // size), int(max(p[1], q[1]) // size) + 1):
            cell = cells.setdefault((i, j), [])
            for other in cell:
                if other in seen or pieces[other][0] == arrow:
                    continue
                seen.add(other)
                count += crosses(p, q, pieces[other][1], pieces[other][2])
            cell.append(number)
print("crossings", count, "")
