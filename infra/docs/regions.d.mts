type Filler = (args: string) => string;

/** The part of a zod schema that a table of settings is made of. */
interface Setting {
  readonly description?: string | undefined;
  safeParse(value: unknown): { readonly success: boolean; readonly data?: unknown };
}

export function fill(markdown: string, fillers: Readonly<Record<string, Filler>>): string;
export function kindsIn(markdown: string): readonly string[];
export function codeOf(readSource: (path: string) => string): Filler;
export function settingsTable(shape: Readonly<Record<string, Setting>>, chinese: Readonly<Record<string, string>>): Filler;

type Rows = Readonly<Record<string, Readonly<Record<string, string>>>>;
export function accessTables(access: {
  readonly permissions: Rows;
  readonly routeRoles: Readonly<Record<string, readonly string[]>>;
  readonly readingRules: Rows;
  readonly attachRules: Readonly<Record<string, readonly string[]>>;
  readonly fieldSight: Readonly<Record<string, string>>;
  readonly roles: readonly string[];
}): Readonly<Record<'commands' | 'routes' | 'reading' | 'attaching' | 'fields', () => string>>;
