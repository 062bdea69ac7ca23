/** From what a client sent to what can be stored: shape, text hygiene, slugs, names. */
import { isSlug, slugify } from '../../content/slug.ts';
import { findBadText } from '../../content/text.ts';
import type { InputProblem } from '../../errors.ts';
import { createValidator, inputError } from '../../validation/validator.ts';
import type { NamedRef } from './post.ts';
import { isReservedSlug } from './reserved-slugs.ts';
import { type PostCreate, PostCreateSchema, type PostPatch, PostPatchSchema } from './schemas.ts';

const createValidatorOf = createValidator(PostCreateSchema, 'validation_failed');
const patchValidatorOf = createValidator(PostPatchSchema, 'validation_failed');

/** @throws BroadsheetError `validation_failed` */
export function parseCreate(input: unknown): PostCreate {
  const post = createValidatorOf.parse(input);
  refuse(problemsOf(post));
  return post;
}

/** @throws BroadsheetError `validation_failed` */
export function parsePatch(input: unknown): PostPatch {
  const patch = patchValidatorOf.parse(input);
  refuse(problemsOf(patch));
  return patch;
}

/** Tags and authors are given by name, by slug, or as they are shown: `Fast Food`, `fast-food`, `{slug, name}`. */
export function toNamedRef(value: string | NamedRef): NamedRef {
  if (typeof value !== 'string') return value;
  const name = value.trim().replaceAll(/\s+/g, ' ');
  return { slug: slugify(name), name };
}

/** Each tag once, in the order given. */
export function toTagRefs(tags: readonly (string | NamedRef)[]): NamedRef[] {
  const refs = tags.map(toNamedRef);
  return refs.filter((ref, index) => refs.findIndex((other) => other.slug === ref.slug) === index);
}

function refuse(problems: InputProblem[]): void {
  if (problems.length > 0) throw inputError('validation_failed', problems);
}

function problemsOf(post: PostPatch): InputProblem[] {
  return [...badTexts(post, ''), ...blankTitle(post), ...badSlug(post), ...badNames(post)];
}

function badTexts(value: unknown, path: string): InputProblem[] {
  if (typeof value === 'string') {
    const message = findBadText(value);
    return message === null ? [] : [{ path, message }];
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, child]) => badTexts(child, `${path}/${name}`));
}

function blankTitle({ title }: PostPatch): InputProblem[] {
  return title !== undefined && title.trim() === '' ? [{ path: '/title', message: 'must not be blank' }] : [];
}

function badSlug({ slug }: PostPatch): InputProblem[] {
  if (slug === undefined) return [];
  if (isReservedSlug(slug))
    return [
      { path: '/slug', message: `is an address of the site itself; choose another, such as ${slug}-post` },
    ];
  if (isSlug(slug)) return [];
  const proposal = slugify(slug);
  const hint = proposal === '' || isReservedSlug(proposal) ? '' : `; ${proposal} would do`;
  return [{ path: '/slug', message: `must be letters and digits joined by hyphens, without slashes${hint}` }];
}

function badNames({ tags = [], author }: PostPatch): InputProblem[] {
  const named: [string, string | NamedRef][] = tags.map((tag, index) => [`/tags/${index}`, tag]);
  if (author !== undefined) named.push(['/author', author]);
  return named
    .filter(([, value]) => !isSlug(toNamedRef(value).slug))
    .map(([path]) => ({ path, message: 'needs at least one letter or digit, of which its address is made' }));
}
