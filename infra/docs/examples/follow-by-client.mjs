import { QiyueClient } from '@qiyue/client';

const { API, SERVICE, NEED } = process.env;
const qiyue = new QiyueClient({ baseUrl: API, token: SERVICE });

// without a filter it is every event there is; `after` goes on behind a position, across cut connections by itself
for await (const { sequence, type } of qiyue.events({ entity: NEED })) {
  console.log(`client ${sequence} ${type}`);
  if (type === 'qiyue.need.NeedClaimed.v1') break;
}
