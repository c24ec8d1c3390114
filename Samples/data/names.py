"""Writes names.txt: 320 invented names, one a line, the same on every machine.

    python names.py > names.txt
"""
import random
import re

numbers = random.Random(27)
starts = "a al am ar ba be bel bo bri ca ce co da de do dra e el en fa fe fi fo ga ge gal ha he hi i il in ja jo ka ke ki " \
    "kor la le li lo ma me mi mo na ne ni no o ol or pa pe pi ra re ri ro sa se si so ta te ti to tam u ul va ve vi wa we " \
    "wi ya ye yo za ze zi".split()
middles = "la le li lo ra re ri ro na ne ni no ma me mi da de di do sa se si ta te ti va ve vi lla nna nde ssa".split()
ends = "a an ar e el en er i in ia ie io is o on or us eth iel ana ona ena ira ora aya".split()
words = {"seven", "seder", "modem", "sonar", "lemon", "melon", "timer", "never", "river", "radar", "satin", "denim"}

names = set()
while len(names) < 320:
    name = numbers.choice(starts) + "".join(numbers.choice(middles) for _ in range(numbers.choice([0, 1, 1, 2])))
    name = name.rstrip("aeiou") + numbers.choice(ends)
    if 4 <= len(name) <= 8 and name not in words and not re.search("[^aeiou]{3}|^[^aeiou]{2}[^aeiou]|(.)..\\1..\\1", name):
        names.add(name)
print("\n".join(sorted(names)))
