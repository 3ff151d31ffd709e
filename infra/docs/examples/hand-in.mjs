import { isPending, ProblemError, QiyueClient } from '@qiyue/client';

const { API, RESIDENT, DEPARTMENT } = process.env;
const as = (token) => new QiyueClient({ baseUrl: API, token, language: 'en' });

const need = { title: '楼道扶手', kind: 'tangible', items: [{ name: '扶手', quantity: 12, unit: '米' }], community: '幸福社区' };
const made = await as(RESIDENT).submit(need, { key: 'my-first-need' }); // the same key: the same need, also tomorrow
if (isPending(made)) throw new Error(`taken, its outcome not known yet: ask for ${made.commandId}`);

await as(DEPARTMENT).command(made.needId, 'claim', { unit: '住建局', plan: '两周内安装' }, { key: 'my-first-claim' });

// a refusal has a code of a closed list, and a sentence for people
const refused = await as(RESIDENT)
  .command(made.needId, 'accept', {})
  .catch((error) => error);
if (!(refused instanceof ProblemError)) throw refused;
console.error(`${refused.code}: ${refused.problem.detail}`);

console.log(made.needId);
