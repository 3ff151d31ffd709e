import { bundleOf, serversFromEnv } from '@qiyue/testkit';
import { CommandBench } from './commands.bench';
void (async () => {
  const bench = await CommandBench.create(serversFromEnv(), await bundleOf(require.resolve('./subjects/workflows')));
  for (const [entities, each] of [[1, 100], [10, 30], [50, 10]] as const) console.log(JSON.stringify(await bench.acknowledged({ entities, each }, 2)));
  for (const [entities, each] of [[1, 60], [10, 20], [50, 10]] as const) console.log(JSON.stringify(await bench.drained({ entities, each }, 1)));
  await bench.close();
})();
