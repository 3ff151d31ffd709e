import { QiyueClient } from '@qiyue/client';
import { mintToken } from '@qiyue/stack';
import { dataDir, type Language } from '../context';
import type { Case } from './cases';

/** Somebody in the story: what they say over HTTP goes through `client`, over Kafka with `token`. */
export interface Person {
  readonly token: string;
  readonly client: QiyueClient;
}

export interface Cast {
  readonly author: Person;
  readonly resident: Person;
  readonly community: Person;
  readonly department: Person;
  readonly otherDepartment: Person;
  readonly authority: Person;
}

const OTHER_UNIT = '稷山县文化和旅游局';

export const castOf = async (story: Case, index: number, baseUrl: string, language: Language): Promise<Cast> => {
  const person = async (actor: string, role: string, unit?: string): Promise<Person> => {
    const token = await mintToken({ dataDir: dataDir(), actor: `${actor}-${index}`, role, ...(unit === undefined ? {} : { unit }) });
    return { token, client: new QiyueClient({ baseUrl, token, language }) };
  };
  return {
    author: await person('author', story.submittedBy, story.community),
    resident: await person('resident', 'resident', story.community),
    community: await person('community', 'community', story.community),
    department: await person('department', 'department', story.unit),
    otherDepartment: await person('other', 'department', OTHER_UNIT),
    authority: await person('authority', 'authority'),
  };
};

export const OTHER_DEPARTMENT = OTHER_UNIT;
