import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { messageOf } from '../base/stack-error';
import { runInFront } from './run-in-front';

const request = z.object({
  dataDir: z.string(),
  cacheDir: z.string(),
  processes: z.array(z.object({ name: z.string(), script: z.string(), env: z.record(z.string(), z.string()).optional() })),
});

const main = async (): Promise<void> => {
  await runInFront(request.parse(JSON.parse(await text(process.stdin))));
};

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(messageOf(error));
    process.exit(1);
  },
);
