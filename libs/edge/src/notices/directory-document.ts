import { line, name, type Rule } from '@qiyue/civic-contracts';
import { nameWithoutBlanks, type NamedPlace } from '@qiyue/civic-domain';
import { EMPTY_DIRECTORY, type Directory } from '@qiyue/notices';
import { z } from 'zod';
import { ROLES } from '@qiyue/platform';

/** Beside the roles of tokens the county's own office, which the last rung of a ladder tells. */
const role = z.enum([...ROLES, 'county']);
const id = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x21-\x7e]+$/);
const unit = line(200);
/** How a robot's address is written; whether it may be posted to is asked when that is about to happen. */
const webAddress = z
  .string()
  .max(2_000)
  .regex(/^https?:\/\/\S+$/i)
  .refine((value) => URL.canParse(value));
const PHONE = /^\+?\d[\d -]{4,20}$/;

const person = z.strictObject({
  id,
  role,
  unit: unit.nullable().default(null),
  language: z.enum(['zh-CN', 'en']).default('zh-CN'),
  email: z.email().max(254).exactOptional(),
  phone: z.string().regex(PHONE).exactOptional(),
});
const robot = z
  .strictObject({
    id,
    kind: z.enum(['wecom', 'dingtalk']),
    role: role.exactOptional(),
    unit: unit.nullable().exactOptional(),
    url: webAddress,
    secret: z.string().min(1).max(200).exactOptional(),
  })
  .refine((value) => value.role !== undefined || typeof value.unit === 'string', { path: ['role'] });

const COUNT_MAX = 5_000;
const isUnique = (entries: readonly { readonly id: string }[]): boolean => new Set(entries.map((entry) => entry.id)).size === entries.length;

/** A community (社区), with its residential compounds (小区). */
export interface CommunityEntry extends NamedPlace {
  readonly compounds: readonly NamedPlace[];
}

/** What places and offices are called. Names of no persons. */
export interface Places {
  readonly communities: readonly CommunityEntry[];
  readonly units: readonly NamedPlace[];
}

export type WholeDirectory = Directory & Places;

export const EMPTY_WHOLE_DIRECTORY: WholeDirectory = { ...EMPTY_DIRECTORY, communities: [], units: [] };

const SHORT_NAMES_MAX = 20;
const named = { name: name(100), shortNames: z.array(name(100)).max(SHORT_NAMES_MAX).default([]) };
const placed = z.strictObject(named);
/** Two that are read alike could not be told apart: full names, and a short name that is another’s full one. */
const areDistinct = z.superRefine<readonly NamedPlace[]>((entries, { addIssue }) => {
  const owners = new Map<string, number>();
  entries.forEach(({ name: full }, i) => {
    const read = nameWithoutBlanks(full);
    if (owners.has(read)) addIssue(isDouble(full, [i, 'name']));
    else owners.set(read, i);
  });
  entries.forEach(({ shortNames }, i) =>
    shortNames.forEach((short, j) => {
      if ((owners.get(nameWithoutBlanks(short)) ?? i) !== i) addIssue(isDouble(short, [i, 'shortNames', j]));
    }),
  );
});
/** Names of places may be quoted: they are nobody’s. */
const isDouble = (double: string, path: (string | number)[]) => ({
  code: 'custom' as const,
  path,
  message: 'double-name' satisfies Rule,
  params: { name: double },
});
const community = z.strictObject({ ...named, compounds: z.array(placed).max(COUNT_MAX).check(areDistinct).default([]) });

/**
 * The directory as a file or a request brings it. One document: it is replaced as a whole, or not at all. Of before there were places, it has persons and robots
 * alone, and lists no community.
 */
export const directoryDocument = z.strictObject({
  persons: z.array(person).max(COUNT_MAX).refine(isUnique),
  robots: z.array(robot).max(COUNT_MAX).refine(isUnique),
  communities: z.array(community).max(COUNT_MAX).check(areDistinct).default([]),
  units: z.array(placed).max(COUNT_MAX).check(areDistinct).default([]),
}) satisfies z.ZodType<WholeDirectory>;
