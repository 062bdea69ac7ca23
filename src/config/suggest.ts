/** "Did you mean": finds the setting that somebody meant by a name that is none. */
import leven from 'leven';

/** The candidate that a misspelt `name` most likely stands for. For names that are known to be wrong, so it is generous. */
export function closest(name: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: leven(squash(candidate), squash(name)) }))
    .sort((one, other) => one.distance - other.distance);
  return best && best.distance <= Math.max(2, Math.floor(best.candidate.length * 0.4))
    ? best.candidate
    : undefined;
}

/**
 * The variable that `name` is a slip of, or none. An environment holds the variables of other programs as well, and
 * refusing to start because of one would be worse than a missed slip; so this is strict: a typing error in a name of
 * several words, or the right name with another unit or none (`CACHE_TTL`, `CACHE_TTL_MS`).
 */
export function nearMiss(name: string, variables: readonly string[]): string | undefined {
  if (!/^[A-Za-z]+(_[A-Za-z]+)*$/.test(name)) return undefined;
  const upper = name.toUpperCase();
  return variables
    .filter((variable) => variable.includes('_'))
    .find(
      (variable) => upper === variable || isTypingError(upper, variable) || hasOtherUnit(upper, variable),
    );
}

/** One letter wrong, missing, too many, or two swapped; two slips in a longer name. */
function isTypingError(name: string, variable: string): boolean {
  const tolerated = variable.length < 12 ? 1 : 2;
  return (
    leven(name, variable, { maxDistance: tolerated + 1 }) <= tolerated || sorted(name) === sorted(variable)
  );
}

const unit = /_(SECONDS?|SECS?|S|MS|MILLISECONDS?|MINUTES?|HOURS?|BYTES?|KI?B|MI?B|GI?B)$/;

function hasOtherUnit(name: string, variable: string): boolean {
  return unit.test(variable) && name.replace(unit, '') === variable.replace(unit, '');
}

function sorted(text: string): string {
  return [...text].sort().join('');
}

function squash(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}
