/** What pieces of a pattern cost at most, and what they cost together. */
import { MOST_RARE } from "./rare-texts.js";

/** How a piece of pattern behaves on a subject of so many bytes. */
export interface Cost {
  /** In how many ways it can match at one place. */
  readonly ways: (length: number) => number;
  /** Steps to try all of them. */
  readonly work: (length: number) => number;
  /** The work is some steps for every byte that it takes, and no more where it fails. */
  readonly linear: boolean;
}

/** One way, or one step, however long the subject. */
export const ONE = (): number => 1;

/** Of one byte, or of what takes none. */
export const ONE_STEP: Cost = { ways: ONE, work: ONE, linear: true };

/** Steps for a byte in a loop of linear pieces. */
const LINEAR = 4;
/** Length of a subject at which it is asked whether there are several ways. */
const LOOKED_AT = 1000;

export function hasOneWay({ ways }: Cost): boolean {
  return ways(LOOKED_AT) === 1;
}

/**
 * Of branches of which one is to match.
 * @param choices of each branch those, itself among them, that can match at the same place
 * @param exclusive that is none but itself
 */
export function costOfBranches(
  branches: readonly Cost[],
  choices: readonly (readonly Cost[])[],
  exclusive: boolean,
): Cost {
  const steady = exclusive && branches.every(({ ways }) => ways === ONE);
  return {
    ways: steady
      ? ONE
      : remembered((length) => Math.max(...choices.map((costs) => sum(costs.map(({ ways }) => ways(length)))))),
    work: remembered((length) => sum(branches.map(({ work }) => work(length) + 1))),
    linear: exclusive && branches.every(({ linear }) => linear),
  };
}

/** Of one part behind the other. */
export function costOfSequence(parts: readonly Cost[]): Cost {
  const several = parts.filter(({ ways }) => ways !== ONE);
  return {
    ways:
      several.length === 0
        ? ONE
        : remembered((length) => several.reduce((product, { ways }) => product * ways(length), 1)),
    work: remembered((length) => {
      let before = 1;
      let all = 0;
      for (const { ways, work } of parts) {
        all += before * work(length);
        before *= ways(length);
      }
      return all;
    }),
    linear: parts.every((part) => part.linear && hasOneWay(part)),
  };
}

/** Of what is not gone into again. */
export function withOneWay({ work, linear }: Cost): Cost {
  return { ways: ONE, work, linear };
}

/** Of what a look ahead finds first, and then takes. */
export function costOfAtomic({ work, linear }: Cost): Cost {
  return { ways: ONE, work: (length) => 2 * work(length) + length, linear };
}

/** How often something is repeated, and how it ends. */
export interface Rounds {
  readonly min: number;
  readonly max: number;
  /** It ends where no round can begin, or where that does not matter. */
  readonly stops: boolean;
  /**
   * Bytes of the texts of which one must stand behind it, where they are rare; else null. Of all its ways only those are
   * gone into behind which one stands. The others cost what it takes to see that none does.
   */
  readonly rareBehind: number | null;
}

/** Of one byte that is repeated. */
export function costOfBytes({ min, max, stops, rareBehind }: Rounds): Cost {
  const most = (length: number) => Math.min(max, length) + 1;
  const all = (length: number) => Math.max(1, most(length) - min);
  return {
    ways: stops ? ONE : (length) => rareOf(all(length), rareBehind),
    work: rareBehind === null ? most : (length) => most(length) + all(length) * rareBehind,
    linear: true,
  };
}

/**
 * Of a group that is repeated.
 * @param least the least number of bytes that a round takes
 */
export function costOfRounds(round: Cost, least: number, { min, max, stops, rareBehind }: Rounds): Cost {
  const rounds = (length: number) => Math.min(max, Math.floor(length / Math.max(least, 1)) + 1);
  // Every way ends at another place, if a round has one way only.
  const all = (length: number) => Math.max(1, rounds(length) - min + 1);
  const ways = remembered((length) => {
    const each = round.ways(length);
    if (max === 1) return (2 - min) * each;
    if (each > 1) return each ** rounds(length);
    return stops ? 1 : rareOf(all(length), rareBehind);
  });
  const work = remembered((length) => {
    if (max === 1) return round.work(length) + 1;
    if (round.ways(length) > 1) return rounds(length) * round.work(length) * ways(length);
    // No byte is taken twice, and only the last round fails.
    const own = round.linear ? LINEAR * length + round.work(length) : rounds(length) * round.work(length);
    return own + all(length) * (rareBehind ?? 0);
  });
  return { ways: stops && round.ways === ONE && max > 1 ? ONE : ways, work, linear: false };
}

/**
 * Of rounds of which each keeps what it has taken: where one fails the repeat is over.
 * @param branches of a round
 */
export function costOfSteadyRounds({ ways }: Cost, branches: number): Cost {
  return { ways, work: (length) => LINEAR * branches * (length + 1), linear: true };
}

function rareOf(ways: number, rareBehind: number | null): number {
  return rareBehind === null ? ways : Math.min(ways, MOST_RARE);
}

/** One length is asked about many times over. */
function remembered(cost: (length: number) => number): (length: number) => number {
  let asked = -1;
  let answer = 0;
  return (length) => {
    if (length !== asked) {
      answer = cost(length);
      asked = length;
    }
    return answer;
  };
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
