// Run once by the image, on an empty volume, before anybody else gets in: each process of ours has a user of its own.
const { readFileSync } = require('fs');
const users = ['api', 'intake', 'worker', 'relay', 'projections', 'notifications', 'reactions'];
for (const user of users) {
  db.getSiblingDB('qiyue').createUser({
    user,
    pwd: readFileSync(`/run/secrets/mongodb-${user}`, 'utf8').trim(),
    roles: [
      { role: 'readWrite', db: 'qiyue' },
      { role: 'dbAdmin', db: 'qiyue' },
    ],
  });
}
