import { createHash, type Hash } from 'node:crypto';
import { canonicalJson, sha256Hex, type RecordBody } from '@qiyue/engine';
import { z } from 'zod';
import { AUDIT } from './facts';

export const FACTS_FORMAT = 'qiyue-facts-1';

/** The first line: of which facts the file is. Times are ISO 8601 with +08:00; null: no bound. */
export interface FactsHeader {
  readonly from: string | null;
  readonly to: string | null;
  readonly exportedAt: string;
}

const header = z.strictObject({ format: z.literal(FACTS_FORMAT), from: z.string().nullable(), to: z.string().nullable(), exportedAt: z.string() });
const row = z.strictObject({ canonical: z.string(), hash: z.string() });
const linked = z.object({ aggregate: z.literal(AUDIT), entity: z.string(), seq: z.int().min(1), prevHash: z.string() });
const footer = z.strictObject({ records: z.int().min(0), sha256: z.string() });

/** Pure: how a record stands to those of its stream before it. A stream may begin anywhere: the file may be of a part of its life. */
export class FactsWalk {
  private readonly ends = new Map<string, { readonly seq: number; readonly hash: string }>();

  /** `again`: met before; `broken`: one is missing before it, or it is not linked to the one before. */
  take({ entity, seq, prevHash }: Pick<RecordBody, 'entity' | 'seq' | 'prevHash'>, hash: string): 'next' | 'again' | 'broken' {
    const end = this.ends.get(entity);
    if (end !== undefined && seq <= end.seq) return seq < end.seq || hash === end.hash ? 'again' : 'broken';
    this.ends.set(entity, { seq, hash });
    return end === undefined || (seq === end.seq + 1 && prevHash === end.hash) ? 'next' : 'broken';
  }
}

/** Lines of a file, with the sum over them in the last. */
export class FactsLines {
  private readonly sum: Hash = createHash('sha256');
  private records = 0;

  first(head: FactsHeader): string {
    return this.counted(JSON.stringify({ format: FACTS_FORMAT, ...head }));
  }

  record(body: RecordBody): string {
    this.records += 1;
    const canonical = canonicalJson(body);
    return this.counted(JSON.stringify({ canonical, hash: sha256Hex(canonical) }));
  }

  last(): string {
    return `${JSON.stringify({ records: this.records, sha256: this.sum.digest('hex') })}\n`;
  }

  private counted(line: string): string {
    this.sum.update(`${line}\n`);
    return `${line}\n`;
  }
}

export interface FactsVerdict {
  readonly ok: boolean;
  readonly records: number;
  readonly streams: number;
  /** What is wrong, and in which line, counted from 1. */
  readonly findings: readonly { readonly line: number; readonly why: string }[];
}

/** Whether a file is whole and nothing in it was changed, without any server. Reads line by line, so that it may be of any size. */
export const verifyFactsFile = async (lines: AsyncIterable<string> | Iterable<string>): Promise<FactsVerdict> => {
  const check = new FactsCheck();
  for await (const line of lines) check.take(line);
  return check.verdict();
};

class FactsCheck {
  private readonly walk = new FactsWalk();
  private readonly sum = createHash('sha256');
  private readonly streams = new Set<string>();
  private readonly findings: { readonly line: number; readonly why: string }[] = [];
  private line = 0;
  private records = 0;
  private isEnded = false;

  take(text: string): void {
    this.line += 1;
    const json = parsed(text);
    if (this.line === 1) {
      if (!header.safeParse(json).success) this.find('not a file of facts');
    } else if (this.isEnded) return this.find('something stands behind the end');
    else if (footer.safeParse(json).success) return this.end(footer.parse(json));
    else this.record(json);
    this.sum.update(`${text}\n`);
  }

  verdict(): FactsVerdict {
    if (!this.isEnded) this.find('the file has no end');
    return { ok: this.findings.length === 0, records: this.records, streams: this.streams.size, findings: this.findings };
  }

  private record(json: unknown): void {
    const known = row.safeParse(json);
    if (!known.success) return this.find('not a record');
    const { canonical, hash } = known.data;
    this.records += 1;
    const body = linked.safeParse(parsed(canonical)).data;
    if (body === undefined) return this.find('not a fact');
    this.streams.add(body.entity);
    const step = this.walk.take(body, hash); // by the hash that was written, so that one change is one finding
    if (sha256Hex(canonical) !== hash) this.find('the bytes do not have the hash');
    else if (step !== 'next') this.find('not linked to the one before it in its stream');
  }

  private end({ records, sha256 }: z.infer<typeof footer>): void {
    this.isEnded = true;
    if (records !== this.records) this.find(`${records} records were written, ${this.records} are there`);
    if (sha256 !== this.sum.digest('hex')) this.find('the lines are not those that were written');
  }

  private find(why: string): void {
    this.findings.push({ line: this.line, why });
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
