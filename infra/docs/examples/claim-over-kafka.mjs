import { randomUUID } from 'node:crypto';
import { Kafka } from 'kafkajs';

const { BROKERS, NEED, TOKEN } = process.env;
const id = randomUUID(); // the command's id: sent again, it is the same command
const command = {
  specversion: '1.0',
  id,
  source: '/my-service',
  type: 'qiyue.need.claim.v1',
  subject: NEED,
  data: { unit: '住建局', plan: '两周内安装' }, // the HTTP body
};
const producer = new Kafka({ brokers: BROKERS.split(',') }).producer();
await producer.connect();
await producer.send({
  topic: 'qiyue.need.commands',
  messages: [{ key: NEED, value: JSON.stringify(command), headers: { authorization: `Bearer ${TOKEN}` } }],
});
await producer.disconnect();
console.log(id); // GET /v1/commands/<id> tells what became of it
