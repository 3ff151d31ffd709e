import type { Directory } from '@qiyue/notices';
import { line } from '@qiyue/civic-contracts';
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

/** The directory as a file or a request brings it. One document: it is replaced as a whole, or not at all. */
export const directoryDocument: z.ZodType<Directory> = z.strictObject({
  persons: z.array(person).max(COUNT_MAX).refine(isUnique),
  robots: z.array(robot).max(COUNT_MAX).refine(isUnique),
});
