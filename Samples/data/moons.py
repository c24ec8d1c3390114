"""Writes moons.csv: two interleaved half-circles of 50 points each, with some noise, the same on every machine.

    python moons.py > moons.csv
"""
import math
import random

numbers = random.Random(1)
print("x1,x2,side")
for i in range(50):
    angle = math.pi * i / 49
    for side, x, y in ((-1, math.cos(angle), math.sin(angle)), (1, 1 - math.cos(angle), 0.5 - math.sin(angle))):
        print(f"{x + numbers.gauss(0, 0.1):.4f},{y + numbers.gauss(0, 0.1):.4f},{side}")
