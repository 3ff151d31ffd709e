import { DirectoryStore, type CommunityEntry, type WholeDirectory } from '@qiyue/edge';
import { connectMongo, securityIn } from '@qiyue/platform';
import type { StackStatus } from '@qiyue/stack';
import { CASES } from './cases';
import { COMMUNITIES, UNITS } from './county/plan';

/** Of documents, examples and tests, beside those of the demo's cases and of the county's year. */
const OTHERS = ['幸福社区', '渠南社区', '和平社区', '滨湖社区', '长廊社区', '别处社区', 'Lakeside', 'Hillside', 'Qunan'];

const COMMUNITY = /社区$/u;
const communityOf = (name: string): CommunityEntry => ({
  name,
  shortNames: COMMUNITY.test(name) ? [name.replace(COMMUNITY, '')] : [],
  compounds: distinct(CASES.flatMap(({ community, compound }) => (community === name && compound !== null ? [compound] : []))).map((compound) => ({
    name: compound,
    shortNames: [],
  })),
});
const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)];

/** What the local stack's directory lists from its beginning: the communities and units of the demo, of the examples and of the tests. */
export const LOCAL_DIRECTORY: WholeDirectory = {
  persons: [],
  robots: [],
  communities: distinct([...CASES.map(({ community }) => community), ...COMMUNITIES, ...OTHERS]).map(communityOf),
  units: distinct([...CASES.flatMap(({ unit, helpers }) => [unit, ...helpers]), ...UNITS]).map((name) => ({ name, shortNames: [] })),
};

/** For a stack whose database is its own. A directory that somebody imported stays. */
export const bringLocalDirectory = async ({ mongodb }: StackStatus, env: NodeJS.ProcessEnv = process.env): Promise<void> => {
  if (mongodb === null || env['QIYUE_MONGODB_URI'] !== undefined) return;
  const mongo = await connectMongo({
    ...securityIn(env),
    QIYUE_MONGODB_URI: mongodb,
    QIYUE_MONGODB_DATABASE: env['QIYUE_MONGODB_DATABASE'] ?? 'qiyue',
  });
  try {
    await new DirectoryStore(mongo.db).begin(LOCAL_DIRECTORY);
  } finally {
    await mongo.client.close();
  }
};
