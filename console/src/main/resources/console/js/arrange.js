/**
 * Reorders children with as few moves as possible: the longest run that is already in order stays. So a row that goes
 * from the top to the bottom is one move and not a thousand.
 */
export function arrange(parent, wanted) {
  const place = new Map([...parent.children].map((child, index) => [child, index]));
  const staying = longestRun(wanted.map(child => place.get(child) ?? -1));
  let next = null;
  for (let i = wanted.length - 1; i >= 0; i--) {
    if (!staying.has(i)) parent.insertBefore(wanted[i], next);
    next = wanted[i];
  }
}

/** Indexes of the longest increasing subsequence; negative numbers are ignored. */
export function longestRun(numbers) {
  const ends = [];
  const before = new Array(numbers.length);
  numbers.forEach((number, index) => {
    if (number < 0) return;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[ends[middle]] < number) low = middle + 1;
      else high = middle;
    }
    before[index] = low > 0 ? ends[low - 1] : undefined;
    ends[low] = index;
  });
  const run = new Set();
  for (let index = ends.at(-1); index !== undefined; index = before[index]) run.add(index);
  return run;
}
