/*
 * Shrinks a failing tape while it still fails: first removes its faults, then parts of it, then replaces numbers by
 * zero. The rest shows little more than the bug.
 */
type Numbers = readonly number[];

/** `fails` runs a tape; `faultsOf` returns the positions on it that choose a fault. */
export function shrink(
  numbers: Numbers,
  fails: (numbers: Numbers) => boolean,
  faultsOf: (numbers: Numbers) => readonly number[],
): Numbers {
  let best = numbers;
  for (let length = Number.POSITIVE_INFINITY; best.length < length;) {
    length = best.length;
    best = withoutFaults(best, fails, faultsOf);
    best = withoutParts(best, fails);
  }
  return withZeros(best, fails);
}

function withoutFaults(
  numbers: Numbers,
  fails: (numbers: Numbers) => boolean,
  faultsOf: (numbers: Numbers) => readonly number[],
): Numbers {
  let best = numbers;
  for (const at of faultsOf(best).toReversed()) {
    const calmer = best.with(at, 0);
    if (fails(calmer)) best = calmer;
  }
  return best;
}

/** Delta debugging (Zeller): leaves out halves, then quarters, and so on. */
function withoutParts(numbers: Numbers, fails: (numbers: Numbers) => boolean): Numbers {
  let best = numbers;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = Math.max(0, best.length - size); at >= 0; at -= size) {
      const shorter = best.toSpliced(at, size);
      if (shorter.length < best.length && fails(shorter)) best = shorter;
    }
  }
  return best;
}

function withZeros(numbers: Numbers, fails: (numbers: Numbers) => boolean): Numbers {
  let best = numbers;
  for (const [at, number] of numbers.entries()) {
    if (number === 0) continue;
    const calmer = best.with(at, 0);
    if (fails(calmer)) best = calmer;
  }
  return best;
}
