#!/bin/sh
# Attacks the built program: run.sh PROGRAM SECONDS, which are those of each attack. By the environment: ATTACK for one
# of them, SEED, ROUNDS.
set -u
program=$1
seconds=$2
status=0
if [ "${ATTACK:-}" != threads ]; then
  # shellcheck disable=SC2086 # names of attacks are single words
  python3 Tests/Attack/run.py ${ATTACK:-} --gradviz "$program" --seconds "$seconds" \
    ${SEED:+--seed "$SEED"} ${ROUNDS:+--rounds "$ROUNDS"} || status=1
fi
if [ -z "${ATTACK:-}" ] || [ "$ATTACK" = threads ]; then
  GRADVIZ_ATTACK_SECONDS=$seconds GRADVIZ_ATTACK_SEED=${SEED:-} ${SWIFT:-swift} test --filter ThreadAttackTests || status=1
fi
exit $status
