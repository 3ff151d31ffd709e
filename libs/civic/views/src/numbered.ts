import { spokenNumberOf } from '@qiyue/civic-domain';

/** What is shown of an entity whose kind is numbered. */
export interface Numbered {
  /** What people call it by: see `spokenNumberOf`. */
  readonly number: string;
}

export const numbered = (id: string, createdAt: string): Numbered => ({ number: spokenNumberOf(id, createdAt) });
