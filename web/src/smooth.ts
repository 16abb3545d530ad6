// The exponentially weighted average, corrected for its start at 0:
//
//     v ← βᵏ v + (1 − βᵏ) m        over a block of k values with the mean m; one value: k = 1
//     shown: v / (1 − βᵗ)           after t values
import type { N } from "./data";

/** A missing value leaves the average as it is; before the first there is none. */
export function smooth(values: readonly N[], beta: number, block = 1): N[] {
  const keep = Math.pow(beta, block);
  let average = 0;
  let left = 1; // βᵗ
  return values.map((value) => {
    if (value !== null && Number.isFinite(value)) {
      average = keep * average + (1 - keep) * value;
      left *= keep;
    }
    return left < 1 ? average / (1 - left) : null;
  });
}

// The slider goes by how many values are averaged over, 1/(1 − β): 1 to 1000 in equal steps.
export const betaOf = (place: number): number => Number((1 - Math.pow(10, -place)).toFixed(4));
export const placeOf = (beta: number): number => -Math.log10(1 - beta);
