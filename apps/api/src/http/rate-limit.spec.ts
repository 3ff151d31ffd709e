import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import express, { type Response } from 'express';
import { eventually } from '@qiyue/testkit';
import type { AggregateRoutes } from './aggregate-routes';
import { RateLimits } from './rate-limit';

describe('secret calendars', () => {
  const held: { readonly path: string; readonly res: Response }[] = [];
  const app = express();
  app.use(
    '/calendar',
    new RateLimits(0, { aggregates: [] } as unknown as AggregateRoutes).calendars(),
    ({ path }, res) => void held.push({ path, res }),
  );
  const server = app.listen(0, '127.0.0.1');
  afterEach(() => void server.close());

  it('are read two at once of one address; the others of it wait, and another address does not', async () => {
    await (server.listening || once(server, 'listening'));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/calendar`;
    const read = (name: string): Promise<number> => fetch(`${base}/${name}.ics`).then(({ status }) => status);
    const first = [read('one'), read('one'), read('one')];
    await eventually('two of them to be read', async () => held.length === 2);
    const second = read('other');
    await eventually('the other address to be read', async () => held.length === 3);
    expect(held.map(({ path }) => path)).toEqual(['/one.ics', '/one.ics', '/other.ics']);
    held[0]?.res.end();
    await eventually('the third to be read', async () => held.length === 4);
    for (const { res } of held) res.end();
    expect(await Promise.all([...first, second])).toEqual([200, 200, 200, 200]);
  });
});
