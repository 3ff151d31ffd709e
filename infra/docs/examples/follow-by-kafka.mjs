import { Kafka, logLevel } from 'kafkajs';

const { BROKERS, NEED } = process.env;
const consumer = new Kafka({ brokers: BROKERS.split(','), logLevel: logLevel.ERROR }).consumer({ groupId: 'my-service' });
await consumer.connect();
await consumer.subscribe({ topic: 'qiyue.need.events', fromBeginning: true });
await new Promise((done, failed) => {
  const eachMessage = async ({ message }) => {
    const { subject, sequence, type } = JSON.parse(message.value);
    if (subject !== NEED) return;
    console.log(`kafka ${sequence} ${type}`);
    if (type === 'qiyue.need.NeedClaimed.v1') done();
  };
  consumer.run({ eachMessage }).catch(failed);
});
await consumer.disconnect();
